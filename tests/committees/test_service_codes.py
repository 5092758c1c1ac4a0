"""Six digits that are read out, on both databases; and the way into another browser."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from meetings.committees.powers import NoPower
from meetings.committees.service import CommitteesService
from meetings.committees.service.codes import MOST_WRONG_YEARS, CodeAttempt
from meetings.committees.service.links import NoBirthDate
from meetings.committees.service.patience import CODES_PER_ADDRESS, WRONG_CODES
from meetings.committees.sign_in import Handed, HandOffGone, LinkGone, TriedTooOften, WrongCode
from meetings.committees.store import people
from meetings.committees.store.access import InvitationRow
from meetings.db.unit import Units
from meetings.kernel.asker import Asker
from meetings.kernel.clock import FixedClock
from meetings.kernel.errors import NotSignedIn
from meetings.kernel.ids import new_id
from tests.committees.house import MEMBER, SECRETARY, House
from tests.committees.test_service_sign_in import attempt as by_link
from tests.committees.test_service_sign_in import entered

YEAR = 1952


def attempt(digits: str, browser: str = "chrome", **facts: object) -> CodeAttempt:
    made = CodeAttempt(
        digits=digits, birth_year=YEAR, browser=browser, client="203.0.113.7", label="Chrome · Android"
    )
    return replace(made, **facts)  # type: ignore[arg-type]  # the caller names fields of CodeAttempt


async def read_out(service: CommitteesService, house: House, name: str = MEMBER) -> str:
    made = await service.codes.read_out(house.asks(SECRETARY), house.members[name])
    assert len(made.digits) == 6
    return made.digits


async def test_a_code_lets_its_person_in_once(service: CommitteesService, house: House, units: Units) -> None:
    digits = await read_out(service, house)
    found = await service.codes.enter(attempt(digits))
    assert found.asker.person == house.persons[MEMBER]
    assert await service.authenticate(found.token) == found.asker
    with pytest.raises(WrongCode):
        await service.codes.enter(attempt(digits, browser="another"))
    again = await service.codes.enter(attempt(digits))
    assert await service.authenticate(found.token) is None, "the answer that got lost binds no second browser"
    assert await service.authenticate(again.token) == again.asker
    async with units.read() as uow:
        kept = (await uow.session.execute(select(col(InvitationRow.code)))).scalars().all()
    assert digits not in kept


async def test_a_code_ends_after_five_minutes_and_with_the_next_one(
    service: CommitteesService, house: House, clock: FixedClock
) -> None:
    first = await read_out(service, house)
    second = await read_out(service, house)
    with pytest.raises(WrongCode):
        await service.codes.enter(attempt(first))
    clock.move(timedelta(minutes=5))
    with pytest.raises(WrongCode):
        await service.codes.enter(attempt(second))


async def test_the_year_is_asked_and_a_few_wrong_ones_end_the_code(
    service: CommitteesService, house: House
) -> None:
    digits = await read_out(service, house)
    for year in (None, *range(1900, 1900 + MOST_WRONG_YEARS - 1)):
        with pytest.raises(WrongCode):
            await service.codes.enter(attempt(digits, birth_year=year))
    with pytest.raises(WrongCode):
        await service.codes.enter(attempt(digits))


async def test_digits_are_not_to_be_guessed_from_one_address_nor_from_many(
    service: CommitteesService, house: House
) -> None:
    for _ in range(CODES_PER_ADDRESS.burst):
        with pytest.raises(WrongCode):
            await service.codes.enter(attempt("", client="one"))
    with pytest.raises(TriedTooOften):
        await service.codes.enter(attempt("", client="one"))
    for number in range(WRONG_CODES.burst - CODES_PER_ADDRESS.burst):
        with pytest.raises(WrongCode):
            await service.codes.enter(attempt("", client=f"another {number}"))
    digits = await read_out(service, house)
    with pytest.raises(TriedTooOften):
        await service.codes.enter(attempt(digits, client="honest"))


async def test_who_may_not_invite_reads_out_nothing(service: CommitteesService, house: House) -> None:
    with pytest.raises(NoPower):
        await service.codes.read_out(house.asks(MEMBER), house.members[MEMBER])
    with pytest.raises(NoPower):
        await service.codes.read_out(Asker(person=new_id(), session=new_id()), house.members[MEMBER])


async def test_without_a_date_of_birth_there_is_no_code(
    service: CommitteesService, house: House, units: Units
) -> None:
    async with units.begin() as uow:
        found = await people.person(uow.session, house.persons[MEMBER])
        assert found is not None
        await people.save_person(uow.session, replace(found, birth_date=None))
    with pytest.raises(NoBirthDate):
        await service.codes.read_out(house.asks(SECRETARY), house.members[MEMBER])


async def test_another_browser_of_the_same_person_comes_in_within_two_minutes(
    service: CommitteesService, house: House, clock: FixedClock
) -> None:
    inside = await entered(service, house)
    link = await service.codes.hand_off(inside.asker)
    outside = await service.sign_in.enter(by_link(link.token, browser="safari"))
    assert outside.asker.person == inside.asker.person
    assert await service.authenticate(inside.token) == inside.asker, "the first browser stays signed in"
    with pytest.raises(LinkGone):
        await service.sign_in.enter(by_link(link.token, browser="somebody else"))
    late = await service.codes.hand_off(outside.asker)
    clock.move(timedelta(minutes=2))
    with pytest.raises(HandOffGone):
        await service.sign_in.greet(late.token, "203.0.113.7")
    with pytest.raises(NotSignedIn):
        await service.codes.hand_off(Asker(person=new_id(), session=new_id()))


def test_lives() -> None:
    assert [one.life for one in (Handed.CODE, Handed.BROWSER)] == [timedelta(minutes=5), timedelta(minutes=2)]
    assert Handed.PAPER.life == Handed.MESSAGE.life == timedelta(days=14)
