"""Passkeys by a device in memory, on both databases: made, entered by, taken back, and every wrong answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from meetings.committees.passkeys import (
    CHALLENGE_LIFE,
    MOST_PASSKEYS,
    NoSuchPasskey,
    PasskeyKnown,
    PasskeyRefused,
    Site,
    TooManyPasskeys,
)
from meetings.committees.powers import NoPower
from meetings.committees.rules import Leaving
from meetings.committees.service import CommitteesService
from meetings.committees.service.passkeys import PasskeyAttempt
from meetings.committees.service.sign_in import Entered
from meetings.db.unit import Units
from meetings.kernel.asker import Asker
from meetings.kernel.clock import FixedClock
from meetings.kernel.errors import NotSignedIn
from meetings.kernel.ids import new_id
from meetings.ledger.store import LedgerEntryRow
from tests.committees.authenticator import Authenticator
from tests.committees.house import DEPUTY, FOREIGN, MEMBER, SECRETARY, House
from tests.committees.test_service_sign_in import attempt as by_link
from tests.committees.web import token_for

SITE = Site(host="hop.example.vn", origin="https://hop.example.vn")
BROWSER = "chrome"


async def come(service: CommitteesService, house: House, name: str = SECRETARY) -> Asker:
    """That person, signed in by a link."""
    return (await service.sign_in.enter(by_link(await token_for(service, house, name)))).asker


async def make(service: CommitteesService, asker: Asker, device: Authenticator) -> str:
    """A key of theirs on that device; its id."""
    question = await service.passkeys.begin(asker, SITE)
    made = await service.passkeys.made(asker, SITE, json.dumps(device.create(question)), "Máy của tôi")
    return (await service.passkeys.keep(asker, made)).id


def attempt(said: dict[str, Any], browser: str = BROWSER) -> PasskeyAttempt:
    return PasskeyAttempt(answer=json.dumps(said), browser=browser, client="203.0.113.7", label="Chrome")


async def enter(service: CommitteesService, device: Authenticator) -> Entered:
    """By that device, in the browser that was asked."""
    return await service.passkeys.enter(attempt(device.get(service.passkeys.ask(BROWSER, SITE))), SITE)


@pytest.fixture
def device() -> Authenticator:
    return Authenticator(origin=SITE.origin)


async def test_made_used_and_left_by(
    service: CommitteesService, house: House, device: Authenticator, units: Units, clock: FixedClock
) -> None:
    asker = await come(service, house)
    question = await service.passkeys.begin(asker, SITE)
    assert question["rp"]["id"] == SITE.host
    assert question["authenticatorSelection"]["userVerification"] == "required"
    made = await make(service, asker, device)
    clock.move(timedelta(days=30))
    found = await enter(service, device)
    assert found.asker.person == asker.person
    assert await service.authenticate(found.token) == found.asker
    [key] = await service.passkeys.mine(found.asker)
    assert (key.id, key.used_at, key.label) == (made, clock.now(), "Máy của tôi")
    await service.sign_in.sign_out(found.asker)
    assert await service.authenticate(found.token) is None
    async with units.read() as uow:
        rows = await uow.session.execute(select(col(LedgerEntryRow.act)).order_by(col(LedgerEntryRow.seq)))
        acts = [one for one in rows.scalars() if one != "committees.invite"]
    assert acts == [
        *("committees.sign_in", "committees.make_passkey", "committees.sign_in", "committees.sign_out")
    ]


async def test_who_left_the_cell_enters_no_more(
    service: CommitteesService, house: House, device: Authenticator, clock: FixedClock
) -> None:
    await make(service, await come(service, house, MEMBER), device)
    member, today = house.members[MEMBER], clock.now().date()
    await service.leaving.end_membership(house.asks(SECRETARY), member, today, Leaving.DIED, "Quyết định 9")
    with pytest.raises(PasskeyRefused):
        await enter(service, device)


async def test_an_answer_counts_once(
    service: CommitteesService, house: House, device: Authenticator, clock: FixedClock
) -> None:
    await make(service, await come(service, house), device)
    said = attempt(device.get(service.passkeys.ask(BROWSER, SITE)))
    clock.move(timedelta(seconds=5))
    await service.passkeys.enter(said, SITE)
    with pytest.raises(PasskeyRefused):
        await service.passkeys.enter(said, SITE)


WRONG: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "nothing": lambda _said: {},
    "no response": lambda said: {"id": said["id"], "response": None},
    "another's signature": lambda said: _with(said, signature="MEUCIQ"),
    "an unknown key": lambda said: {**said, "id": "AAAA", "rawId": "AAAA"},
    "not base64": lambda said: _with(said, authenticatorData="ă"),
    "no challenge": lambda said: _with(said, clientDataJSON="e30"),
}


def _with(said: dict[str, Any], **parts: str) -> dict[str, Any]:
    return {**said, "response": {**said["response"], **parts}}


@pytest.mark.parametrize("how", WRONG)
async def test_wrong_answers_let_nobody_in(
    service: CommitteesService, house: House, device: Authenticator, how: str
) -> None:
    await make(service, await come(service, house), device)
    said = WRONG[how](device.get(service.passkeys.ask(BROWSER, SITE)))
    with pytest.raises(PasskeyRefused):
        await service.passkeys.enter(attempt(said), SITE)
    assert (await enter(service, device)).asker.person == house.persons[SECRETARY], "nothing was used up"


async def test_other_browsers_places_and_times_are_refused(
    service: CommitteesService, house: House, device: Authenticator, clock: FixedClock
) -> None:
    await make(service, await come(service, house), device)
    said = device.get(service.passkeys.ask(BROWSER, SITE))
    elsewhere = Site(host="gia.example.vn", origin="https://gia.example.vn")
    false_page = replace(SITE, origin="https://gia.example.vn")
    for browser, site in (("firefox", SITE), (BROWSER, elsewhere), (BROWSER, false_page)):
        with pytest.raises(PasskeyRefused):
            await service.passkeys.enter(attempt(said, browser), site)
    clock.move(CHALLENGE_LIFE)
    with pytest.raises(PasskeyRefused):
        await service.passkeys.enter(attempt(said), SITE)


async def test_the_device_must_have_asked_its_person(
    service: CommitteesService, house: House, device: Authenticator
) -> None:
    asker = await come(service, house)
    device.verified = False
    with pytest.raises(PasskeyRefused):
        await make(service, asker, device)
    device.verified = True
    await make(service, asker, device)
    device.verified = False
    with pytest.raises(PasskeyRefused):
        await enter(service, device)


async def test_a_copy_that_counts_behind_is_refused(
    service: CommitteesService, house: House, device: Authenticator, clock: FixedClock
) -> None:
    device.counts = True
    await make(service, await come(service, house), device)
    await enter(service, device)
    device.signed = 0
    clock.move(timedelta(minutes=1))
    with pytest.raises(PasskeyRefused):
        await enter(service, device)


async def test_a_key_is_kept_once_and_for_one_person(
    service: CommitteesService, house: House, device: Authenticator
) -> None:
    asker, other = await come(service, house), await come(service, house, MEMBER)
    assert await make(service, asker, device) == await make(service, asker, device)
    with pytest.raises(PasskeyKnown):
        await make(service, other, device)
    question = await service.passkeys.begin(asker, SITE)
    forwarded = json.dumps(Authenticator(origin=SITE.origin, name=b"\x02" * 16).create(question))
    with pytest.raises(PasskeyRefused):
        await service.passkeys.made(other, SITE, forwarded, "Máy")


async def test_five_are_enough(service: CommitteesService, house: House) -> None:
    asker = await come(service, house)
    for number in range(MOST_PASSKEYS):
        await make(service, asker, Authenticator(origin=SITE.origin, name=bytes([number]) * 16))
    with pytest.raises(TooManyPasskeys):
        await service.passkeys.begin(asker, SITE)


async def test_taken_back_by_oneself_or_by_who_may_invite(
    service: CommitteesService, house: House, device: Authenticator
) -> None:
    member = await come(service, house, MEMBER)
    first = await make(service, member, device)
    for asks in (house.asks(DEPUTY), house.asks(SECRETARY), member):
        assert [one.id for one in await service.passkeys.of_member(asks, house.members[MEMBER])] == [first]
    with pytest.raises(NoPower):
        await service.passkeys.of_member(house.asks(FOREIGN), house.members[MEMBER])
    with pytest.raises(NoSuchPasskey):
        await service.passkeys.revoke_own(await come(service, house), first)
    with pytest.raises(NotSignedIn):
        await service.passkeys.revoke_own(Asker(person=member.person, session=new_id()), first)
    await service.passkeys.revoke_of(house.asks(SECRETARY), house.members[MEMBER], first)
    with pytest.raises(PasskeyRefused):
        await enter(service, device)
    with pytest.raises(NoSuchPasskey):
        await service.passkeys.revoke_of(house.asks(SECRETARY), house.members[MEMBER], first)
    with pytest.raises(PasskeyKnown):
        await make(service, member, device)
    assert await service.passkeys.mine(member) == []
