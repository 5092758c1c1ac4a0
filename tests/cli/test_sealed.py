"""The sealed stream: what comes out is what went in, or nothing."""

from __future__ import annotations

import io
from unicodedata import normalize

import pytest

from meetings.cli.sealed import (
    CHUNK,
    MAGIC,
    SALT,
    TAG,
    BackupSpoiled,
    NotABackup,
    SealedReader,
    SealedWriter,
    WrongPassphrase,
)

PASSPHRASE = "mật khẩu sao lưu để thử"
CHEAP = 2**4  # tests do not need slow guessing


def sealed(content: bytes) -> bytes:
    out = io.BytesIO()
    writer = SealedWriter(out, PASSPHRASE, cost=CHEAP)
    for start in range(0, len(content), 10_000):
        writer.write(content[start : start + 10_000])
    writer.finish()
    return out.getvalue()


def opened(stream: bytes, passphrase: str = PASSPHRASE) -> bytes:
    reader, found = SealedReader(io.BytesIO(stream), passphrase, cost=CHEAP), b""
    while block := reader.read(100_000):
        found += block
    return found


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7])
def test_every_length_comes_back(size: int) -> None:
    content = bytes(number % 251 for number in range(size))
    stream = sealed(content)
    assert opened(stream) == content
    assert len(stream) == len(MAGIC) + SALT + size + TAG * (1 + max(1, -(-size // CHUNK)))


def test_the_same_content_never_looks_the_same() -> None:
    assert sealed(b"x" * 100)[len(MAGIC) :] != sealed(b"x" * 100)[len(MAGIC) :]


def test_composed_and_decomposed_passphrases_are_one() -> None:
    assert opened(sealed(b"content"), normalize("NFD", PASSPHRASE)) == b"content"
    with pytest.raises(WrongPassphrase):
        opened(sealed(b"content"), PASSPHRASE + " ")


def test_what_is_no_backup_is_told_apart() -> None:
    with pytest.raises(NotABackup):
        opened(b"%PDF-1.7")
    with pytest.raises(WrongPassphrase):
        opened(MAGIC)


def test_nothing_altered_cut_moved_or_added_opens() -> None:
    stream, head, whole = sealed(bytes(3 * CHUNK)), len(MAGIC) + SALT + TAG, CHUNK + TAG
    chunks = [stream[head + number * whole :][:whole] for number in range(3)]
    start = stream[:head]
    spoiled = [
        start + chunks[0] + chunks[1],  # cut between two chunks
        stream[:-1],
        stream[:-TAG],
        stream + b"\0",
        stream + chunks[2],
        start + chunks[0] + chunks[2] + chunks[1],
        start + chunks[0] + chunks[2],
        start,
        start + chunks[0],
        start + chunks[1] + chunks[2],
        stream[: head + whole] + bytes([stream[head + whole] ^ 1]) + stream[head + whole + 1 :],
    ]
    for one in spoiled:
        with pytest.raises(BackupSpoiled):
            opened(one)
    with pytest.raises(WrongPassphrase):
        opened(start[:-1])
