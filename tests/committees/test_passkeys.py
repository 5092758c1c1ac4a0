"""Where passkeys work, and which answers fit which question."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from meetings.committees.ceremony import site_of
from meetings.committees.passkeys import (
    CHALLENGE_LIFE,
    NoPasskeysHere,
    Passkey,
    PasskeyRefused,
    Site,
    asked_at,
    challenge,
    check_use,
)
from meetings.kernel.ids import new_id

NOW = datetime(2026, 11, 24, 12, 30, 0, 250_000, tzinfo=UTC)
KEY, CHANCE = b"k" * 32, b"c" * 16
SITE = Site(host="hop.example.vn", origin="https://hop.example.vn:8443")


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://hop.example.vn:8443", "hop.example.vn"),
        ("http://localhost:8080", "localhost"),
        ("http://xa.localhost", "xa.localhost"),
    ],
)
def test_a_secure_name_has_passkeys(origin: str, host: str) -> None:
    assert site_of(origin) == Site(host=host, origin=origin)


@pytest.mark.parametrize(
    "origin",
    [
        "http://hop.example.vn",
        "https://192.168.1.5",
        "http://127.0.0.1:8080",
        "https://[::1]:8443",
        "https://",
        "",
    ],
)
def test_digits_and_open_lines_have_none(origin: str) -> None:
    with pytest.raises(NoPasskeysHere):
        site_of(origin)


def test_a_question_is_good_for_five_minutes_in_the_browser_that_was_asked() -> None:
    asked = challenge(KEY, "enter chrome", NOW, CHANCE)
    assert asked_at(KEY, "enter chrome", asked, NOW + CHALLENGE_LIFE - timedelta(seconds=1)) == NOW
    for key, who, given, at in (
        (KEY, "enter chrome", asked, NOW + CHALLENGE_LIFE),
        (KEY, "enter chrome", asked, NOW - timedelta(minutes=1)),
        (KEY, "enter firefox", asked, NOW),
        (KEY, "make chrome", asked, NOW),
        (b"l" * 32, "enter chrome", asked, NOW),
        (KEY, "enter chrome", b"d" + asked[1:], NOW),
        (KEY, "enter chrome", asked[:24], NOW),
        (KEY, "enter chrome", b"", NOW),
    ):
        with pytest.raises(PasskeyRefused):
            asked_at(key, who, given, at)
    with pytest.raises(ValueError, match="128 bits"):
        challenge(KEY, "enter chrome", NOW, b"short")


def test_an_answer_never_counts_twice_nor_elsewhere() -> None:
    facts = {"id": new_id(), "person": new_id(), "credential": "A", "public_key": "B", "sign_count": 0}
    fresh = Passkey(**facts, host=SITE.host, label="Máy", made_at=NOW)  # type: ignore[arg-type]  # a plain mapping
    assert check_use(fresh, SITE, NOW) is fresh
    used = Passkey(**facts, host=SITE.host, label="Máy", made_at=NOW, used_at=NOW)  # type: ignore[arg-type]  # as above
    later = NOW + timedelta(milliseconds=1)
    assert check_use(used, SITE, later) is used
    gone = Passkey(**facts, host=SITE.host, label="Máy", made_at=NOW, revoked_at=NOW)  # type: ignore[arg-type]  # as above
    other = Site(host="khac.example.vn", origin="https://khac.example.vn")
    for found, site, at in (
        (used, SITE, NOW),
        (gone, SITE, later),
        (fresh, other, later),
        (None, SITE, later),
    ):
        with pytest.raises(PasskeyRefused):
            check_use(found, site, at)
