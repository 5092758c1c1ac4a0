"""One process writes to an embedded database: whoever serves, or a command in its absence."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from meetings.kernel.errors import Conflict

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class InUse(Conflict):
    """Another process holds the data folder."""

    code = "data-in-use"
    message = "Phần mềm đang chạy trên dữ liệu này. Xin dừng phần mềm rồi chạy lại lệnh."


class DataLock:
    """Held while the process writes to the SQLite database of that folder; ends with the process, however
    it ends. Raises InUse."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "serving.lock"
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
        try:
            _lock(file)
        except OSError:
            file.close()
            raise InUse from None
        self._file = file
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
