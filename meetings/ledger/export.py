"""The log as static files in the layout of C2SP tlog-tiles: tiles of hashes, tiles of entries, the checkpoint last."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from meetings.kernel.errors import Conflict
from meetings.ledger import log_store as store
from meetings.ledger.offline import TILE, tile_path, tiles

_MOST_LEAF = 0xFFFF  # bytes: the layout counts in two


class LeafTooLong(Conflict):
    """An entry that the layout of the files cannot hold."""

    code = "leaf-too-long"
    message = "Có mục trong sổ ghi dài quá mức của tệp xuất."


async def write_export(session: AsyncSession, folder: Path, size: int, note: str) -> None:
    """Write the log of `size` entries below the folder, which only its owner may read. Raises LeafTooLong.

    What is there already is written again; the checkpoint is replaced in one step, after everything it covers.
    """
    _make(folder)
    for number, width in tiles(size):
        start = number * TILE
        found = await store.leaves(session, start, start + width)
        _write(folder / tile_path("entries", number, width), _entries([leaf for _, leaf in found]))
        _write(folder / tile_path("0", number, width), b"".join(one for one, _ in found))
    level, count = 1, size // TILE
    while count:
        for number, width in tiles(count):
            start = number * TILE
            row = await store.row_of_nodes(session, 8 * level, start, start + width)
            _write(folder / tile_path(str(level), number, width), b"".join(row))
        level, count = level + 1, count // TILE
    _write(folder / "checkpoint", note.encode())


def _make(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _entries(leaves: Sequence[str]) -> bytes:
    found = [leaf.encode() for leaf in leaves]
    if any(len(one) > _MOST_LEAF for one in found):
        raise LeafTooLong
    return b"".join(len(one).to_bytes(2, "big") + one for one in found)


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.new")
    with draft.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
