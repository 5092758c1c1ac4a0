"""The scan of a paper signed by hand, as a form sends it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.web_request import FileField

from meetings.http.language import source
from meetings.kernel.ids import Id
from meetings.kernel.scans import NotAScan
from meetings.minutes.ink import InkRecord
from meetings.pages.filled import Filled

NO_FILE = source("Xin chọn ảnh chụp hoặc bản quét của văn bản đã ký.")
Keep = Callable[[bytes, Id | None], Awaitable[InkRecord]]


async def keep_scan(request: web.Request, filled: Filled, keep: Keep) -> None:
    """Hand the file and who compared it with the paper to `keep`; what does not fit is said next to its field.

    Raises Unfit and what `keep` raises.
    """
    scan = (await request.post()).get("scan")
    if not isinstance(scan, FileField) or not scan.filename:
        filled.wrong("scan", NO_FILE)
    filled.check()
    held = scan.file.read() if isinstance(scan, FileField) else b""
    try:
        await keep(held, filled.get("witness") or None)
    except NotAScan:
        filled.wrong("scan", NotAScan.message)
        raise
