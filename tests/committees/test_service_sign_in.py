"""Personal links and bound browsers on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from meetings.committees.powers import NoPower
from meetings.committees.rules import Category, Role
from meetings.committees.service import CommitteesService, NoSuchMember
from meetings.committees.service.links import InvitedElsewhere, NoBirthDate, NoSuchDevice
from meetings.committees.service.sign_in import Attempt, Entered
from meetings.committees.sign_in import Handed, LinkExpired, LinkGone, TriedTooOften, WrongBirthYear
from meetings.committees.store import people
from meetings.committees.store.access import InvitationRow, SessionRow
from meetings.db.unit import Units
from meetings.kernel.asker import Asker
from meetings.kernel.clock import FixedClock
from meetings.kernel.ids import new_id
from meetings.ledger import service as ledger
from meetings.ledger.store import LedgerEntryRow
from tests.committees.house import (
    ADMIN,
    FOREIGN,
    FOREIGN_MEMBER,
    MEMBER,
    SECRETARY,
    SUSPENDED,
    House,
    give,
    join,
)


def attempt(token: str, browser: str = "chrome", **facts: object) -> Attempt:
    made = Attempt(token=token, browser=browser, client="203.0.113.7", label="Chrome · Android")
    return replace(made, **facts)  # type: ignore[arg-type]  # the caller names fields of Attempt


async def invited(service: CommitteesService, house: House, name: str = MEMBER) -> str:
    link = await service.links.invite(house.asks(SECRETARY), house.cell, house.members[name], Handed.PAPER)
    return link.token


async def entered(service: CommitteesService, house: House, name: str = MEMBER) -> Entered:
    return await service.sign_in.enter(attempt(await invited(service, house, name)))


async def test_asking_the_name_consumes_nothing_and_entering_consumes_once(
    service: CommitteesService, house: House
) -> None:
    token = await invited(service, house)
    for _ in range(2):
        greeting = await service.sign_in.greet(token, "203.0.113.7")
        assert (greeting.full_name, greeting.asks_birth_year) == (MEMBER, False)
    first = await service.sign_in.enter(attempt(token))
    assert first.asker.person == house.persons[MEMBER]
    assert await service.authenticate(first.token) == first.asker
    with pytest.raises(LinkGone):
        await service.sign_in.enter(attempt(token, browser="another"))
    with pytest.raises(LinkGone):
        await service.sign_in.greet(token, "203.0.113.7")


async def test_a_lost_answer_is_repeated_to_the_same_browser_and_leaves_one_session(
    service: CommitteesService, house: House, clock: FixedClock
) -> None:
    token = await invited(service, house)
    lost = await service.sign_in.enter(attempt(token))
    clock.move(timedelta(minutes=9))
    again = await service.sign_in.enter(attempt(token))
    assert await service.authenticate(lost.token) is None
    assert await service.authenticate(again.token) == again.asker
    clock.move(timedelta(minutes=2))
    with pytest.raises(LinkGone):
        await service.sign_in.enter(attempt(token))


async def test_two_browsers_at_once_one_enters(service: CommitteesService, house: House) -> None:
    token = await invited(service, house)
    tries = [service.sign_in.enter(attempt(token, browser=f"browser {n}")) for n in range(5)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, Entered) for one in answers) == 1
    assert sum(isinstance(one, LinkGone) for one in answers) == 4


async def test_only_hashes_are_stored(service: CommitteesService, units: Units, house: House) -> None:
    token = await invited(service, house)
    bound = await service.sign_in.enter(attempt(token))
    async with units.read() as uow:
        links = (await uow.session.execute(select(InvitationRow))).scalars().all()
        sessions = (await uow.session.execute(select(SessionRow))).scalars().all()
    kept = repr([row.model_dump() for row in (*links, *sessions)])
    assert len(links) == len(sessions) == 1
    assert token not in kept
    assert bound.token not in kept
    assert "chrome" not in kept


async def test_a_link_ends_after_fourteen_days(
    service: CommitteesService, house: House, clock: FixedClock
) -> None:
    token = await invited(service, house)
    clock.move(timedelta(days=14))
    with pytest.raises(LinkExpired):
        await service.sign_in.greet(token, "203.0.113.7")
    with pytest.raises(LinkExpired):
        await service.sign_in.enter(attempt(token))


async def test_unknown_and_replaced_links_are_gone(service: CommitteesService, house: House) -> None:
    old = await invited(service, house)
    await invited(service, house)
    for token in (old, "no such token"):
        with pytest.raises(LinkGone):
            await service.sign_in.enter(attempt(token))


async def test_a_link_by_message_asks_the_year_and_dies_of_ten_wrong_ones(
    service: CommitteesService, house: House
) -> None:
    asker = house.asks(SECRETARY)
    link = await service.links.invite(asker, house.cell, house.members[MEMBER], Handed.MESSAGE)
    assert (await service.sign_in.greet(link.token, "203.0.113.7")).asks_birth_year
    for year in (None, *range(1901, 1909)):
        with pytest.raises(WrongBirthYear):
            await service.sign_in.enter(attempt(link.token, birth_year=year))
    assert (await service.sign_in.greet(link.token, "203.0.113.7")).asks_birth_year
    with pytest.raises(WrongBirthYear):
        await service.sign_in.enter(attempt(link.token, birth_year=1909))
    with pytest.raises(LinkGone):
        await service.sign_in.enter(attempt(link.token, birth_year=1952))


async def test_the_right_year_enters(service: CommitteesService, house: House) -> None:
    asker = house.asks(SECRETARY)
    link = await service.links.invite(asker, house.cell, house.members[MEMBER], Handed.MESSAGE)
    bound = await service.sign_in.enter(attempt(link.token, birth_year=1952))
    assert bound.asker.person == house.persons[MEMBER]


async def test_tries_are_limited_for_a_link_and_refill(
    service: CommitteesService, house: House, clock: FixedClock
) -> None:
    token = await invited(service, house)
    for _ in range(20):
        await service.sign_in.greet(token, "203.0.113.7")
    with pytest.raises(TriedTooOften):
        await service.sign_in.greet(token, "198.51.100.1")
    clock.move(timedelta(minutes=3))
    await service.sign_in.greet(token, "203.0.113.7")


async def test_tries_are_limited_for_an_address(service: CommitteesService, house: House) -> None:
    for number in range(200):
        with pytest.raises(LinkGone):
            await service.sign_in.greet(f"guess {number}", "203.0.113.7")
    token = await invited(service, house)
    with pytest.raises(TriedTooOften):
        await service.sign_in.greet(token, "203.0.113.7")
    await service.sign_in.greet(token, "198.51.100.1")


async def test_the_fourth_browser_lets_go_the_one_unused_longest(
    service: CommitteesService, house: House, clock: FixedClock
) -> None:
    bound = []
    for _ in range(4):
        bound.append(await entered(service, house))
        clock.move(timedelta(hours=1))
    assert await service.authenticate(bound[0].token) is None
    devices = await service.links.devices(house.asks(SECRETARY), house.members[MEMBER])
    assert [one.id for one in devices] == [one.asker.session for one in bound[1:]]


async def test_a_session_rolls_for_400_days_and_ends_unused(
    service: CommitteesService, house: House, clock: FixedClock
) -> None:
    bound = await entered(service, house)
    clock.move(timedelta(days=399))
    assert await service.authenticate(bound.token) == bound.asker
    clock.move(timedelta(days=399))
    assert await service.authenticate(bound.token) == bound.asker
    clock.move(timedelta(days=400))
    assert await service.authenticate(bound.token) is None


async def test_a_revoked_browser_and_one_signed_out_are_nobody(
    service: CommitteesService, house: House
) -> None:
    first, second = await entered(service, house), await entered(service, house)
    await service.links.revoke(house.asks(SECRETARY), house.members[MEMBER], first.asker.session)
    assert await service.authenticate(first.token) is None
    await service.sign_in.sign_out(second.asker)
    assert await service.authenticate(second.token) is None
    assert await service.authenticate("made up") is None


async def test_signing_out_is_told_in_the_ledger_once_and_names_no_browser(
    service: CommitteesService, house: House, units: Units
) -> None:
    bound = await entered(service, house)
    for _ in range(2):
        await service.sign_in.sign_out(bound.asker)
    ended = select(LedgerEntryRow).where(col(LedgerEntryRow.act) == "committees.sign_out")
    async with units.read() as uow:
        (told,) = (await uow.session.execute(ended)).scalars().all()
    assert (told.cell_id, told.actor_id) == (house.cell, bound.asker.person)
    assert bound.asker.session not in told.leaf


async def test_devices_are_seen_and_revoked_by_their_owner_and_by_whoever_invites(
    service: CommitteesService, house: House
) -> None:
    bound = await entered(service, house)
    device = bound.asker.session
    assert len(await service.links.devices(bound.asker, house.members[MEMBER])) == 1
    for stranger in (FOREIGN, SUSPENDED):
        with pytest.raises(NoPower):
            await service.links.devices(house.asks(stranger), house.members[MEMBER])
        with pytest.raises(NoPower):
            await service.links.revoke(house.asks(stranger), house.members[MEMBER], device)
    with pytest.raises(NoSuchDevice):
        await service.links.revoke(house.asks(FOREIGN), house.members[FOREIGN], device)
    assert await service.authenticate(bound.token) == bound.asker
    await service.links.revoke(bound.asker, house.members[MEMBER], device)
    assert await service.authenticate(bound.token) is None


async def test_nobody_invites_members_of_another_cell(service: CommitteesService, house: House) -> None:
    with pytest.raises(NoPower):
        await service.links.invite(
            house.asks(SECRETARY), house.other, house.members[FOREIGN_MEMBER], Handed.PAPER
        )
    with pytest.raises(NoSuchMember):
        await service.links.invite(
            house.asks(SECRETARY), house.cell, house.members[FOREIGN_MEMBER], Handed.PAPER
        )
    with pytest.raises(NoPower):
        await service.links.invite(house.asks(MEMBER), house.cell, house.members[MEMBER], Handed.PAPER)


async def test_a_second_cell_gives_no_way_into_an_account(
    service: CommitteesService, units: Units, house: House
) -> None:
    async with units.begin() as uow:
        guest = await join(uow, house.persons[FOREIGN_MEMBER], house.cell, Category.TEMPORARY_ARRIVED)
    with pytest.raises(InvitedElsewhere):
        await service.links.invite(house.asks(SECRETARY), house.cell, guest, Handed.PAPER)
    await service.links.invite(house.asks(ADMIN), house.cell, guest, Handed.PAPER)


async def test_who_holds_a_mandate_above_is_invited_from_above(
    service: CommitteesService, units: Units, house: House
) -> None:
    async with units.begin() as uow:
        await give(uow, house.persons[MEMBER], Role.AUDITOR, house.commune)
    with pytest.raises(InvitedElsewhere):
        await invited(service, house)
    await service.links.invite(house.asks(ADMIN), house.cell, house.members[MEMBER], Handed.PAPER)


async def test_a_message_needs_a_birth_date(service: CommitteesService, units: Units, house: House) -> None:
    async with units.begin() as uow:
        found = await people.person(uow.session, house.persons[MEMBER])
        assert found is not None
        await people.save_person(uow.session, replace(found, birth_date=None))
    with pytest.raises(NoBirthDate):
        await service.links.invite(house.asks(SECRETARY), house.cell, house.members[MEMBER], Handed.MESSAGE)


async def test_links_and_entries_are_recorded(service: CommitteesService, units: Units, house: House) -> None:
    bound = await entered(service, house)
    await service.links.revoke(bound.asker, house.members[MEMBER], bound.asker.session)
    chains = await ledger.LedgerService(units).verify([house.cell])
    assert [(chain.entries, chain.valid) for chain in chains] == [(3, True)]


async def test_the_account_begins_at_the_first_entry(
    service: CommitteesService, units: Units, house: House, clock: FixedClock
) -> None:
    begun = clock.now()
    await entered(service, house)
    clock.move(timedelta(days=1))
    await entered(service, house)
    async with units.read() as uow:
        found = await people.person(uow.session, house.persons[MEMBER])
    assert found is not None
    assert found.account_since == begun


async def test_an_unknown_asker_has_no_power(service: CommitteesService, house: House) -> None:
    nobody = Asker(person=new_id(), session=new_id())
    with pytest.raises(NoPower):
        await service.links.invite(nobody, house.cell, house.members[MEMBER], Handed.PAPER)
