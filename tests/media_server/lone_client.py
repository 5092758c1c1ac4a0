"""One SDK client in a process of its own, to be killed: `lone_client.py URL TOKEN [single|dual]`."""

from __future__ import annotations

import asyncio
import sys

from livekit import rtc


async def main() -> None:
    """Connect and stay."""
    room = rtc.Room()
    modes = {"single": True, "dual": False}
    single = modes[sys.argv[3]] if len(sys.argv) > 3 else None
    await room.connect(sys.argv[1], sys.argv[2], rtc.RoomOptions(single_peer_connection=single))
    await asyncio.sleep(60)


asyncio.run(main())
