"""Codes and nonces at the edges of their lives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from meetings.attendance.hall_code import (
    EARLIER_STEPS,
    NONCE_LIFE,
    STEP,
    HallCodeGone,
    NonceGone,
    Scanned,
    changes_at,
    check_code,
    code_at,
    meeting_key,
    read_nonce,
    sign_nonce,
)
from meetings.attendance.rules import SCANS, Source
from meetings.kernel.ids import new_id

SHOWN = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)  # a step begins here
KEY = meeting_key(b"a secret", new_id())
SESSION = new_id()
SCANNED = Scanned(at=datetime(2026, 11, 24, 19, 7, 0, 123456, tzinfo=UTC), shown=Source.KIOSK)


@pytest.mark.parametrize("seconds", [0, 19, 79])
def test_a_code_is_good_for_eighty_seconds(seconds: int) -> None:
    check_code(KEY, code_at(KEY, SHOWN), SHOWN + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-1, 80, 81, 3600])
def test_a_code_is_gone_before_and_after(seconds: int) -> None:
    with pytest.raises(HallCodeGone):
        check_code(KEY, code_at(KEY, SHOWN), SHOWN + timedelta(seconds=seconds))


def test_a_code_belongs_to_one_meeting() -> None:
    with pytest.raises(HallCodeGone):
        check_code(meeting_key(b"a secret", new_id()), code_at(KEY, SHOWN), SHOWN)


@pytest.mark.parametrize("code", ["", "x", "é" * 16, "A" * 16])
def test_anything_else_is_no_code(code: str) -> None:
    with pytest.raises(HallCodeGone):
        check_code(KEY, code, SHOWN)


def test_a_code_tells_who_showed_it() -> None:
    codes = {shown: code_at(KEY, SHOWN, shown) for shown in SCANS}
    assert len(set(codes.values())) == len(SCANS) == 2
    assert {check_code(KEY, code, SHOWN): code for code in codes.values()} == codes


def test_codes_change_with_every_step() -> None:
    codes = {code_at(KEY, SHOWN + number * STEP) for number in range(EARLIER_STEPS + 2)}
    assert len(codes) == EARLIER_STEPS + 2
    assert changes_at(SHOWN + timedelta(seconds=7)) == SHOWN + STEP


def test_a_nonce_tells_when_its_holder_scanned() -> None:
    nonce = sign_nonce(KEY, session=SESSION, scanned=SCANNED, now=SHOWN)
    just_before = SHOWN + NONCE_LIFE - timedelta(microseconds=1)
    assert read_nonce(KEY, nonce, session=SESSION, now=just_before) == SCANNED


def test_a_nonce_dies_after_ten_minutes() -> None:
    nonce = sign_nonce(KEY, session=SESSION, scanned=SCANNED, now=SHOWN)
    with pytest.raises(NonceGone):
        read_nonce(KEY, nonce, session=SESSION, now=SHOWN + timedelta(minutes=10))


def test_a_nonce_belongs_to_one_browser_and_one_meeting() -> None:
    nonce = sign_nonce(KEY, session=SESSION, scanned=SCANNED, now=SHOWN)
    with pytest.raises(NonceGone):
        read_nonce(KEY, nonce, session=new_id(), now=SHOWN)
    with pytest.raises(NonceGone):
        read_nonce(meeting_key(b"a secret", new_id()), nonce, session=SESSION, now=SHOWN)


@pytest.mark.parametrize("nonce", ["", ".", "..", "1.2", "9.9.9", "é.é.é"])
def test_anything_else_is_no_nonce(nonce: str) -> None:
    with pytest.raises(NonceGone):
        read_nonce(KEY, nonce, session=SESSION, now=SHOWN)
