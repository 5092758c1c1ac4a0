from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from media_server import inbox as inbox_module
from media_server.inbox import DEAD_S, MOST_BYTES_OF_ONE, PACKET, SOUND, STALE_S, TURN_S, Inbox
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
    got = list[bytes]()
    deliver = got.append
    for _ in range(60_000):
        inbox.put(deliver, SPEECH, past)
    inbox.work()
    await until(lambda: traffic.late + traffic.shed == 60_000)
    assert traffic.late <= MOST_BYTES_OF_ONE / len(SPEECH)


def test_who_floods_keeps_only_itself_waiting() -> None:
    inbox, now, got = Inbox(Traffic()), time.monotonic(), list[str]()

    def deliver(name: str) -> Callable[[bytes], None]:
        return lambda _: got.append(name)

    flooder, speaker, other = (deliver(each) for each in ("flooder", "speaker", "other"))
    for _ in range(200):
        inbox.put(flooder, PICTURE, now)
    for _ in range(3):
        inbox.put(speaker, SPEECH, now)
        inbox.put(other, SPEECH, now)
    inbox.work()
    assert got[:9] == ["flooder", "speaker", "other"] * 3


def test_all_together_have_a_bound_and_what_was_delivered_counts_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inbox_module, "MOST_BYTES", 10 * (len(SPEECH) + PACKET))
    traffic, got = Traffic(), list[bytes]()
    inbox, now = Inbox(traffic), time.monotonic()
    for _ in range(2):
        for number in range(12):
            inbox.put(lambda each, _=number: got.append(each), SPEECH, now)  # type: ignore[misc] # twelve senders
        inbox.work()
    assert len(got) == 20 and traffic.shed == 4
