"""The authority's key as a file: certificate in clear, key under a passphrase, readable by its owner only."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

from meetings.kernel.errors import Conflict, Invalid
from meetings.minutes.authority import StoredAuthority

FORMAT = "chibo-authority/1"


class BadKeyFile(Invalid):
    """Missing, or not what `chibo ca offline` writes."""

    code = "bad-authority-file"
    message = "Tệp {name} không phải tệp khóa do chibo ca offline ghi, hoặc không đọc được."


class CannotWriteKeyFile(Conflict):
    """There is a file already, or it cannot be written; nothing was changed."""

    code = "cannot-write-authority-file"
    message = "Không ghi được tệp {name}: đã có tệp đó, hoặc không có quyền ghi. Khóa vẫn ở trên máy này."


def write_key(file: Path, carried: StoredAuthority) -> None:
    """A new file, on the disk before this returns. Raises CannotWriteKeyFile."""
    held = {
        "format": FORMAT,
        "certificate": carried.certificate.decode("ascii"),
        "key": base64.b64encode(carried.wrapped or b"").decode("ascii"),
    }
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as out:
            json.dump(held, out, indent=1)
            out.flush()
            os.fsync(out.fileno())
    except OSError:
        raise CannotWriteKeyFile(name=file.name) from None


def read_key_file(file: Path) -> StoredAuthority:
    """Raises BadKeyFile."""
    try:
        held = json.loads(file.read_text("ascii"))
        if held["format"] != FORMAT:
            raise BadKeyFile(name=file.name)
        return StoredAuthority(
            certificate=held["certificate"].encode("ascii"),
            wrapped=base64.b64decode(held["key"], validate=True),
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        raise BadKeyFile(name=file.name) from None
