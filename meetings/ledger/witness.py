"""The witness of a superior committee: remembers the last checkpoint, refuses another past, cosigns the rest.

Its memory is a folder on a machine that is not the operator's; a laptop suffices. What it accepted is on the disk
before its signature leaves.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from meetings.kernel.errors import Conflict, Invalid
from meetings.ledger.merkle import Place, Span, check_consistency, consistency, hash_of, inclusion, needed
from meetings.ledger.offline import (
    NOTE,
    TILE,
    Checkpoint,
    Export,
    Key,
    Unsound,
    fold,
    node_hash,
    open_checkpoint,
    read_key,
)
from meetings.ledger.signers import Signer, witness_signer


class NotThisLog(Invalid):
    """The checkpoint is not signed by the log that this witness follows."""

    code = "not-this-log"
    message = "Mốc này không do đúng sổ ghi đang theo dõi ký. Không làm chứng."


class LogShrank(Conflict):
    """The log is shorter than what was seen: rolled back, or restored from an older backup."""

    code = "log-shrank"
    message = (
        "Sổ ghi NGẮN HƠN lần trước: {old} mục, nay còn {new}. Sổ đã bị lùi lại, hoặc máy chủ vừa khôi phục bản sao"
        " lưu cũ. Không làm chứng. Xin giữ nguyên thư mục này và hỏi nơi vận hành."
    )


class LogRewritten(Conflict):
    """What was seen is not the beginning of what is shown now."""

    code = "log-rewritten"
    message = (
        "Quá khứ của sổ ghi ĐÃ BỊ VIẾT LẠI: {old} mục đã làm chứng không còn là phần đầu của {new} mục nay."
        " Không làm chứng. Mốc bị từ chối được giữ trong thư mục này làm bằng chứng."
    )


class NotFollowing(Invalid):
    """The witness's folder holds no log and no name yet."""

    code = "not-following"
    message = "Lần đầu cần --name (tên nơi làm chứng) và --log (khóa của sổ ghi, lấy từ nơi vận hành)."


class BadWitnessName(Invalid):
    """A name with spaces or plus signs cannot stand in a signature."""

    code = "bad-witness-name"
    message = "Tên nơi làm chứng không được có dấu cách hoặc dấu cộng, ví dụ: dang-uy-xa.example"


class Source(Protocol):
    """Where a log shows itself: an address or a folder."""

    def note(self) -> Awaitable[str]:
        """Its newest checkpoint."""
        ...

    def proof(self, old: int, new: int) -> Awaitable[Sequence[bytes]]:
        """The hashes that prove the log of `old` entries to begin that of `new`."""
        ...


@dataclass(frozen=True, slots=True)
class FolderSource:
    """An export; the proof is made from its tiles. Raises Unsound for a file that is missing."""

    export: Export

    async def note(self) -> str:
        """See Source."""
        return self.export.note()

    async def proof(self, old: int, new: int) -> Sequence[bytes]:
        """See Source."""
        return self._hashes(consistency(old, new), new)

    def inclusion(self, position: int, size: int) -> Sequence[bytes]:
        """The hashes that prove the entry at `position`. Raises Unsound."""
        return self._hashes(inclusion(position, size), size)

    def _hashes(self, spans: Sequence[Span], size: int) -> Sequence[bytes]:
        known = {place: self._node(place, size) for place in needed(spans)}
        return [hash_of(span, known) for span in spans]

    def _node(self, place: Place, size: int) -> bytes:
        level, number = place
        tile, inside = divmod(level, 8)
        count, start = size >> (8 * tile), number << inside
        width = min(TILE, count - start // TILE * TILE)
        data = self.export.hashes(tile, start // TILE, width)
        row = [data[at : at + 32] for at in range(0, len(data), 32)][start % TILE :][: 1 << inside]
        while len(row) > 1:
            row = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
        return fold(row)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cosigned:
    """What the witness now stands for. `before`: the length it had seen, None at the first visit."""

    before: int | None
    checkpoint: Checkpoint
    line: str


class Witness:
    """`folder` is its memory; `secret` makes its key. The folder belongs to one log for ever."""

    def __init__(self, folder: Path, secret: str) -> None:
        self._folder, self._secret = folder, secret

    def follow(self, name: str | None, log: str | None) -> None:
        """Begin with a log, or check that it is still the same. Raises NotFollowing, NotThisLog, BadWitnessName."""
        _check(name, log)
        given = {"name": name, "log": log}
        for file, told in given.items():
            known = self._read(file)
            if known is None and told is None:
                raise NotFollowing
            if known is not None and told not in {None, known}:
                raise NotThisLog
        for file, told in given.items():
            if told is not None and self._read(file) is None:
                self._keep(file, told)

    @property
    def signer(self) -> Signer:
        """Its key. Raises NotFollowing."""
        return witness_signer(self._secret, self._known("name"))

    @property
    def log(self) -> Key:
        """The key of the log that it follows. Raises NotFollowing."""
        return read_key(self._known("log"), NOTE)

    async def visit(self, source: Source, at: int) -> Cosigned:
        """Look at the log and cosign what it shows; `at` in POSIX seconds.

        Raises NotThisLog, LogShrank, LogRewritten; what was refused is kept as evidence.
        """
        note = await source.note()
        told, seen = self._open(note), self._seen()
        try:
            await _check_follows(source, seen, told)
        except (LogShrank, LogRewritten):
            self._keep(f"refused-{at}.note", note)
            raise
        if seen is None or told.size > seen.size:
            self._keep("seen.note", note)
        before = None if seen is None else seen.size
        return Cosigned(before=before, checkpoint=told, line=self.signer.cosign(told, at))

    async def compare(self, source: Source, other: str) -> None:
        """That another witness saw the same log: its checkpoint must be a beginning of what is shown here, or of
        what it showed when it was longer. Raises NotThisLog, LogRewritten, LogShrank."""
        theirs, told = self._open(other), self._open(await source.note())
        await _check_follows(source, theirs, told)

    def _open(self, note: str) -> Checkpoint:
        try:
            return open_checkpoint(note, self.log)
        except Unsound:
            raise NotThisLog from None

    def _seen(self) -> Checkpoint | None:
        note = self._read("seen.note")
        return None if note is None else self._open(note)

    def _known(self, name: str) -> str:
        if (found := self._read(name)) is None:
            raise NotFollowing
        return found

    def _read(self, name: str) -> str | None:
        file = self._folder / name
        return file.read_text("utf-8") if file.exists() else None

    def _keep(self, name: str, text: str) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._folder / f".{name}.new"
        with draft.open("w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(self._folder / name)


def _check(name: str | None, log: str | None) -> None:
    if name is not None and (not name or "+" in name or any(one.isspace() for one in name)):
        raise BadWitnessName
    if log is not None:
        try:
            read_key(log, NOTE)
        except Unsound:
            raise NotThisLog from None


async def _check_follows(source: Source, seen: Checkpoint | None, told: Checkpoint) -> None:
    if seen is None:
        return
    if told.size < seen.size:
        raise LogShrank(old=seen.size, new=told.size)
    proof = await source.proof(seen.size, told.size)
    try:
        check_consistency(seen.size, seen.root, told.size, told.root, proof)
    except Unsound:
        raise LogRewritten(old=seen.size, new=told.size) from None
