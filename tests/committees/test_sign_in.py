"""Personal links, bound browsers, patience."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.committees import sign_in
from meetings.committees.sign_in import BrowserSession, Handed, Invitation, Rate

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def invitation(handed: Handed = Handed.PAPER) -> Invitation:
    token = sign_in.token_text(bytes(range(16)))
    return Invitation(
        id="i", person="p", token_hash=sign_in.token_hash(token), handed=handed, made_by="s", made_at=NOW
    )


def use(one: Invitation, now: datetime = NOW, browser: str = "b1", answer: int | None = None) -> Invitation:
    return sign_in.consumed(one, now, browser=browser, birth_year=1968, answer=answer)


def session(name: str, seen_at: datetime) -> BrowserSession:
    return BrowserSession(id=name, person="p", token_hash=name, label="Chrome", bound_at=NOW, seen_at=seen_at)


def test_a_token_is_128_bits_safe_in_a_url() -> None:
    token = sign_in.token_text(b"\xff" * 16)
    assert len(token) == 22
    assert token.replace("-", "").replace("_", "").isalnum()
    with pytest.raises(ValueError, match="128 bits"):
        sign_in.token_text(b"short")


def test_looking_consumes_nothing() -> None:
    one = invitation()
    for _ in range(5):
        sign_in.may_show(one, NOW + 13 * DAY)
    assert use(one, NOW + 13 * DAY).used_at == NOW + 13 * DAY


def test_a_used_link_is_gone_for_everybody_else() -> None:
    used = use(invitation())
    with pytest.raises(sign_in.LinkGone):
        sign_in.may_show(used, NOW)
    with pytest.raises(sign_in.LinkGone):
        use(used, browser="b2")


def test_the_same_browser_may_repeat_a_lost_answer_for_ten_minutes() -> None:
    used = use(invitation())
    assert use(used, NOW + timedelta(minutes=10)) == used
    with pytest.raises(sign_in.LinkGone):
        use(used, NOW + timedelta(minutes=10, seconds=1))
    with pytest.raises(sign_in.LinkGone):
        use(replace(used, revoked_at=NOW), NOW)


def test_it_ends_after_fourteen_days() -> None:
    sign_in.may_show(invitation(), NOW + 14 * DAY - timedelta(seconds=1))
    with pytest.raises(sign_in.LinkExpired):
        use(invitation(), NOW + 14 * DAY)


def test_a_revoked_link_is_gone() -> None:
    with pytest.raises(sign_in.LinkGone):
        use(replace(invitation(), revoked_at=NOW))


def test_a_link_sent_by_message_asks_the_year_of_birth_and_survives_a_wrong_one() -> None:
    sent = invitation(Handed.MESSAGE)
    assert sign_in.asks_birth_year(sent)
    for answer in (None, 1969):
        with pytest.raises(sign_in.WrongBirthYear):
            use(sent, answer=answer)
    assert use(sent, answer=1968).browser == "b1"
    assert not sign_in.asks_birth_year(invitation())


def test_a_session_lives_400_days_from_the_last_visit() -> None:
    one = session("a", NOW)
    later = sign_in.seen(one, NOW + 399 * DAY)
    assert sign_in.is_alive(later, NOW + 798 * DAY)
    with pytest.raises(sign_in.SessionEnded):
        sign_in.seen(one, NOW + 400 * DAY)
    with pytest.raises(sign_in.SessionEnded):
        sign_in.seen(replace(one, revoked_at=NOW), NOW)
    assert sign_in.seen(later, NOW).seen_at == later.seen_at  # a late request turns no clock back


def test_a_fourth_browser_drives_out_the_one_unused_longest() -> None:
    three = [session("a", NOW + 2 * DAY), session("b", NOW + DAY), session("c", NOW + 3 * DAY)]
    now = NOW + 4 * DAY
    assert sign_in.crowded_out(three[:2], now) == ()
    assert [one.id for one in sign_in.crowded_out(three, now)] == ["b"]
    revoked = [replace(three[0], revoked_at=NOW), *three[1:]]
    assert sign_in.crowded_out(revoked, now) == ()


RATE = Rate(burst=5, refill=timedelta(seconds=10))


def test_five_tries_at_once_then_one_each_ten_seconds() -> None:
    bucket = None
    for _ in range(5):
        bucket = sign_in.take(bucket, RATE, NOW)
    with pytest.raises(sign_in.TriedTooOften) as caught:
        sign_in.take(bucket, RATE, NOW)
    assert caught.value.retry_after == 10
    bucket = sign_in.take(bucket, RATE, NOW + timedelta(seconds=10))
    with pytest.raises(sign_in.TriedTooOften) as caught:
        sign_in.take(bucket, RATE, NOW + timedelta(seconds=15, milliseconds=500))
    assert caught.value.retry_after == 5  # rounded up


@settings(max_examples=60, deadline=None, derandomize=True)
@given(pauses=st.lists(st.integers(0, 30), max_size=60))
def test_no_rhythm_gets_more_than_the_rate_allows(pauses: list[int]) -> None:
    bucket, now, granted = None, NOW, 0
    for pause in pauses:
        now += timedelta(seconds=pause)
        try:
            bucket = sign_in.take(bucket, RATE, now)
        except sign_in.TriedTooOften:
            continue
        granted += 1
    assert granted <= RATE.burst + (now - NOW) // RATE.refill
