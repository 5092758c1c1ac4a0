from __future__ import annotations

import asyncio
import time

from media_server.inbox import DEAD_S, SOUND, STALE_S, TURN_S, Inbox
from media_server.traffic import Traffic
from tests.media_server.people import until

PICTURE = b"\x80" * (SOUND + 1)
SPEECH = b"\x80" * SOUND


def test_media_comes_in_order() -> None:
    inbox, got = Inbox(Traffic()), list[bytes]()
    for number in range(5):
        inbox.put(got.append, bytes([number]), time.monotonic())
    inbox.work()
    assert got == [bytes([number]) for number in range(5)]


def test_what_waited_too_long_is_dropped_pictures_first() -> None:
    traffic, got = Traffic(), list[bytes]()
    inbox, now = Inbox(traffic), time.monotonic()
    for age in (DEAD_S + 1, STALE_S + 0.1, 0.0):
        for datagram in (PICTURE, SPEECH):
            inbox.put(got.append, datagram, now - age)
    inbox.work()
    assert got == [SPEECH, PICTURE, SPEECH]
    assert traffic.late == 3


async def test_a_long_queue_lets_others_have_their_turn() -> None:
    inbox, got = Inbox(Traffic()), list[bytes]()

    def slow(datagram: bytes) -> None:
        time.sleep(TURN_S)
        got.append(datagram)

    for _ in range(4):
        inbox.put(slow, SPEECH, time.monotonic())
    turns = 0
    inbox.work()
    while len(got) < 4:
        before = len(got)
        await asyncio.sleep(0)
        turns += 1
        assert len(got) <= before + 1
    assert turns >= 3


async def test_sixty_thousand_packets_to_a_stalled_process_do_not_stay() -> None:
    traffic = Traffic()
    inbox, past = Inbox(traffic), time.monotonic() - DEAD_S - 1
    for _ in range(60_000):
        inbox.put(lambda _: None, SPEECH, past)
    inbox.work()
    await until(lambda: traffic.late == 60_000)
