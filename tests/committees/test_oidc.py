"""Tickets of a sign-in under way, and what a token must say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.committees.oidc import (
    OutsideRefused,
    Returned,
    check_claims,
    check_issuer,
    new_ticket,
    same_ticket,
)

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
KEY, CHANCE = b"k" * 32, b"c" * 16
TICKET = new_ticket(KEY, "enter", NOW, CHANCE)
MINUTE = timedelta(minutes=1)
_TEXTS = st.binary(max_size=200).map(lambda raw: raw.decode("latin-1"))


@pytest.mark.parametrize("after", [0 * MINUTE, MINUTE, 5 * MINUTE - timedelta(seconds=1)])
def test_a_ticket_comes_back_within_five_minutes(after: timedelta) -> None:
    assert same_ticket(KEY, "enter", TICKET.sealed, TICKET.state, NOW + after) == TICKET


@pytest.mark.parametrize("after", [5 * MINUTE, 60 * MINUTE, -MINUTE])
def test_an_old_ticket_is_none(after: timedelta) -> None:
    with pytest.raises(OutsideRefused):
        same_ticket(KEY, "enter", TICKET.sealed, TICKET.state, NOW + after)


def test_a_ticket_is_for_what_it_was_begun() -> None:
    for key, purpose in ((KEY, "link 1"), (b"x" * 32, "enter")):
        with pytest.raises(OutsideRefused):
            same_ticket(key, purpose, TICKET.sealed, TICKET.state, NOW)


def test_a_ticket_does_not_show_what_is_made_from_it() -> None:
    made = {TICKET.sealed, TICKET.state, TICKET.nonce, TICKET.verifier, TICKET.challenge}
    assert len(made) == 5
    assert len(TICKET.verifier) >= 43  # RFC 7636, section 4.1
    other = new_ticket(KEY, "enter", NOW, b"d" * 16)
    assert not made & {other.sealed, other.state, other.nonce, other.verifier}


@settings(max_examples=100, deadline=None)
@given(_TEXTS, _TEXTS)
def test_whatever_comes_back_is_refused_calmly(sealed: str, state: str) -> None:
    with pytest.raises(OutsideRefused):
        same_ticket(KEY, "enter", sealed, state, NOW)
    with pytest.raises(OutsideRefused):
        same_ticket(KEY, "enter", TICKET.sealed, state, NOW)


GOOD: dict[str, Any] = {"sub": "tinh-1", "aud": "chibo", "nonce": TICKET.nonce}


def test_the_subject_is_all_that_is_taken() -> None:
    assert check_claims(GOOD | {"email": "a@example.vn"}, client="chibo", nonce=TICKET.nonce) == "tinh-1"
    assert (
        check_claims(GOOD | {"aud": ["chibo"], "azp": "chibo"}, client="chibo", nonce=TICKET.nonce)
        == "tinh-1"
    )


_WRONG: tuple[dict[str, Any], ...] = (
    {"nonce": None},
    {"nonce": "ă"},
    {"azp": "other"},
    {"aud": ["chibo", "b"]},
    {"sub": "x" * 256},
    {"sub": None},
)


@pytest.mark.parametrize("wrong", _WRONG)
def test_what_does_not_fit_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(OutsideRefused):
        check_claims(GOOD | wrong, client="chibo", nonce=TICKET.nonce)


def test_an_answer_may_name_its_sender() -> None:
    check_issuer(Returned(state="", code=""), "https://id.example.vn")
    with pytest.raises(OutsideRefused):
        check_issuer(Returned(state="", code="", issuer="https://id.example.vn/"), "https://id.example.vn")
