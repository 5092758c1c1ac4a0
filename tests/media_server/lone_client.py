"""One SDK client in a process of its own, to be killed: `lone_client.py URL TOKEN`."""

from __future__ import annotations

import asyncio
import sys

from livekit import rtc


async def main() -> None:
    """Connect and stay."""
    room = rtc.Room()
    await room.connect(sys.argv[1], sys.argv[2])
    await asyncio.sleep(60)


asyncio.run(main())
