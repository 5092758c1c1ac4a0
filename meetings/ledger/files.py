"""Files that acts name by their hash: minutes as printed and signed, photographs of papers.

They lie in the database, written in the act's own unit, so that nothing is half there and one backup holds all.
Who may read one is asked where the act is known that names it: a hash opens nothing.
"""

from __future__ import annotations

import hashlib

from meetings.db.unit import UnitOfWork
from meetings.kernel.scans import scan_kind
from meetings.ledger import file_store


async def keep(uow: UnitOfWork, content: bytes) -> str:
    """Keep a file once; returns its SHA-256 in hex."""
    sha256 = hashlib.sha256(content).hexdigest()
    await file_store.add(uow.session, sha256, content, uow.now)
    return sha256


async def keep_scan(uow: UnitOfWork, scan: bytes) -> str:
    """Keep a photograph or scan of a paper; its SHA-256. Raises ScanTooLarge, NotAScan."""
    scan_kind(scan)
    return await keep(uow, scan)


async def read(uow: UnitOfWork, sha256: str) -> bytes:
    """The bytes of a file that some act names."""
    return await file_store.content(uow.session, sha256)
