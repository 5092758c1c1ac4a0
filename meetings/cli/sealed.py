"""A sealed stream: chunks under ChaCha20-Poly1305, the key from a passphrase by scrypt (decision 70).

`MAGIC`, 16 bytes of salt, an empty chunk by which a wrong passphrase is told from a spoiled file, then chunks of
64 KiB, each chunk followed by its tag of 16 bytes. A chunk's nonce is its
number (11 bytes, big-endian) and one byte that is 1 on the last chunk alone: a stream that was cut, continued or
put in another order does not open. The key serves one file, so no nonce comes twice.
"""

from __future__ import annotations

import os
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from meetings.kernel.errors import Invalid
from meetings.kernel.text import nfc

MAGIC = b"chibo-backup/1\n"
CHUNK, TAG, SALT = 64 * 1024, 16, 16
COST, _BLOCK, _LANES = 2**17, 8, 1  # 128 MiB, about half a second


class NotABackup(Invalid):
    """The file does not begin like a backup."""

    code = "not-a-backup"
    message = "Tệp này không phải bản sao lưu do chibo backup tạo. Chưa thay đổi gì."


class WrongPassphrase(Invalid):
    """Not even the empty chunk at the beginning opens."""

    code = "backup-passphrase"
    message = "Mật khẩu sao lưu không đúng, hoặc tệp đã hỏng ngay từ đầu. Chưa thay đổi gì."


class BackupSpoiled(Invalid):
    """It opens and then breaks: cut short, altered, or continued by somebody."""

    code = "backup-spoiled"
    message = "Tệp sao lưu bị cắt cụt hoặc đã bị sửa. Chưa thay đổi gì; xin dùng bản sao lưu khác."


def _cipher(passphrase: str, salt: bytes, cost: int) -> ChaCha20Poly1305:
    derived = Scrypt(salt=salt, length=32, n=cost, r=_BLOCK, p=_LANES).derive(nfc(passphrase).encode())
    return ChaCha20Poly1305(derived)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class SealedWriter:
    """Seals what is written to it. Only `finish` writes the last chunk; it leaves `target` open.
    `cost` is scrypt's n; every backup has the usual one."""

    def __init__(self, target: IO[bytes], passphrase: str, *, cost: int = COST) -> None:
        salt = os.urandom(SALT)
        self._target, self._cipher = target, _cipher(passphrase, salt, cost)
        self._waiting, self._number = bytearray(), 1
        target.write(MAGIC + salt + self._cipher.encrypt(_nonce(0, last=False), b"", MAGIC))

    def write(self, data: bytes) -> int:
        """Takes everything; a full chunk goes out once more than that is there."""
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._seal(last=False)
        return len(data)

    def finish(self) -> None:
        """The last chunk, full or not. Once only."""
        self._seal(last=True)

    def _seal(self, *, last: bool) -> None:
        chunk = bytes(self._waiting[:CHUNK])
        del self._waiting[:CHUNK]
        self._target.write(self._cipher.encrypt(_nonce(self._number, last=last), chunk, MAGIC))
        self._number += 1


class SealedReader:
    """Opens a sealed stream from its beginning; gives nothing out that was not found genuine.

    Raises NotABackup and WrongPassphrase when made, BackupSpoiled while read.
    """

    def __init__(self, source: IO[bytes], passphrase: str, *, cost: int = COST) -> None:
        if source.read(len(MAGIC)) != MAGIC:
            raise NotABackup
        self._source, self._number = source, 1
        self._cipher = _cipher(passphrase, source.read(SALT).ljust(SALT, b"\0"), cost)
        try:
            self._cipher.decrypt(_nonce(0, last=False), source.read(TAG), MAGIC)
        except InvalidTag:
            raise WrongPassphrase from None
        self._next, self._open = source.read(CHUNK + TAG), b""
        if not self._next:
            raise BackupSpoiled

    def read(self, count: int) -> bytes:
        """At most so many bytes; none only after the last chunk was found genuine. Raises BackupSpoiled."""
        while not self._open and self._next:
            self._advance()
        given, self._open = self._open[:count], self._open[count:]
        return given

    def _advance(self) -> None:
        sealed, self._next = self._next, self._source.read(CHUNK + TAG)
        try:
            self._open = self._cipher.decrypt(_nonce(self._number, last=not self._next), sealed, MAGIC)
        except InvalidTag:
            raise BackupSpoiled from None
        self._number += 1
