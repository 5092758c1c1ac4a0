"""A person's key opens with that person's passphrase only."""

from __future__ import annotations

import unicodedata

import pytest
from cryptography.hazmat.primitives import serialization

from meetings.minutes.keys import (
    Cost,
    PersonKey,
    SpoiledKey,
    WeakPassphrase,
    WrongPassphrase,
    change_passphrase,
    check_passphrase,
    make_person_key,
    open_person_key,
    suggest_passphrase,
)
from tests.minutes.office import CHEAP, PASSPHRASE


@pytest.fixture(scope="module")
def key() -> PersonKey:
    return make_person_key(PASSPHRASE, cost=CHEAP)


def test_it_opens_with_the_passphrase_however_the_keyboard_composes_it(key: PersonKey) -> None:
    opened = open_person_key(key.wrapped, unicodedata.normalize("NFD", f" {PASSPHRASE} "))
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    assert opened.public_key().public_bytes(serialization.Encoding.DER, spki) == key.public
    assert opened.key_size == 2048


@pytest.mark.parametrize("guess", ["", "mật khẩu để thử 2025", PASSPHRASE.upper()])
def test_another_passphrase_does_not(key: PersonKey, guess: str) -> None:
    with pytest.raises(WrongPassphrase):
        open_person_key(key.wrapped, guess)


@pytest.mark.parametrize("at", [-1, 30, 60])
def test_an_altered_blob_does_not_open(key: PersonKey, at: int) -> None:
    spoiled = bytearray(key.wrapped)
    spoiled[at] ^= 1
    with pytest.raises(WrongPassphrase):
        open_person_key(bytes(spoiled), PASSPHRASE)


@pytest.mark.parametrize("blob", [b"", b"CHK1", b"CHK9" + bytes(100), b"CHK1\xff" + bytes(100)])
def test_other_data_is_no_key_and_asks_for_no_memory(blob: bytes) -> None:
    with pytest.raises(SpoiledKey):
        open_person_key(blob, PASSPHRASE)


def test_nothing_of_the_key_or_passphrase_shows(key: PersonKey) -> None:
    opened = open_person_key(key.wrapped, PASSPHRASE)
    prime = opened.private_numbers().p.to_bytes(128, "big")
    assert prime not in key.wrapped
    assert PASSPHRASE.encode() not in key.wrapped


def test_the_passphrase_can_be_changed(key: PersonKey) -> None:
    new = "một câu khác hẳn 77"
    wrapped = change_passphrase(key.wrapped, PASSPHRASE, new)
    assert open_person_key(wrapped, new).public_key() == open_person_key(key.wrapped, PASSPHRASE).public_key()
    with pytest.raises(WrongPassphrase):
        open_person_key(wrapped, PASSPHRASE)


@pytest.mark.parametrize(
    "weak", ["", "ngắn quá", "a" * 40, "121212121212", "Hoàng Thị Nụ 01", "hoangthinu0102"]
)
def test_weak_passphrases_are_refused(weak: str) -> None:
    with pytest.raises(WeakPassphrase):
        check_passphrase(weak, ["Hoàng Thị Nụ"])


def test_a_suggested_passphrase_is_strong_and_new_each_time() -> None:
    made = {suggest_passphrase() for _ in range(20)}
    assert len(made) == 20
    for each in made:
        check_passphrase(each)


def test_the_cost_asked_is_the_cost_stored(key: PersonKey) -> None:
    dear = make_person_key(PASSPHRASE, cost=Cost(passes=2, memory=256))
    assert dear.wrapped[4] == 2
    assert int.from_bytes(dear.wrapped[5:9], "big") == 256
    assert key.wrapped[:4] == b"CHK1"
