"""A sitting opened on line whose network went: continued on the device, nothing told twice or lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from meetings.agenda.service import AgendaService, items
from meetings.attendance import service as attendance
from meetings.attendance.rules import EvidenceKind, Source
from meetings.convening.rules import AnySitting, Mode, State
from meetings.ledger.service import of_meeting
from meetings.offline.rules import Kept, KeptMark, NotForOffline, OpenedElsewhere, Sending, StillVoting
from meetings.offline.service import BroughtIn, Kit
from meetings.offline.service.telling import OTHER_CONCLUSION, OTHER_WORDS
from meetings.sitting.service import read_out_at
from meetings.voting import service as voting
from tests.offline.keeping import LATER, Device

FIRST, GENERAL = "Viết khi còn mạng.", "Mở đầu buổi họp."


async def _begun(device: Device, *, roll: bool = True) -> tuple[AnySitting, Kit]:
    """Opened half an hour from now; the first item is under discussion when the line goes."""
    made = await device.called()
    cell, clock = device.cell, device.cell.world.clock
    clock.move(timedelta(minutes=30))
    opened = await cell.sittings.open(device.asks(), made.id, None)
    if roll:
        clock.move(timedelta(minutes=2))
        await cell.roll(opened)
        await cell.decide(opened, excused=("o14", "o15"), unexcused=())
        await cell.count(await cell.ask(opened, "e1"))
    first = (await AgendaService(cell.world.units).look(device.asks(), made.id)).items[0]
    clock.move(timedelta(minutes=5))
    await AgendaService(cell.world.units).start(device.asks(), first.id)
    for place, words in ((first.id, FIRST), (made.id, GENERAL)):
        await device.offline._doors.minutes.write(device.asks(), made.id, place, words)
    return opened, await device.takes(made.id)


def _continued(device: Device, kit: Kit) -> Kept:
    """As the device holds it: what was there, what it adds, what it says of names since."""
    kept = replace(device.holds(kit), read_at=None)
    begun = kit.so_far
    assert begun is not None
    opened = begun.opened_at
    first, second = kept.items
    later = KeptMark(
        member=device.cell.world.member("o13"),
        kind=EvidenceKind.LEFT_EARLY,
        at=opened + timedelta(minutes=70),
    )
    vote = device.resolution(opened)
    return replace(
        kept,
        opened_at=opened,
        confirmed_at=begun.confirmed_at or opened + timedelta(minutes=4),
        closed_at=opened + timedelta(minutes=95),
        marks=(later,) if begun.confirmed_at else (*_at(kept.marks, opened + timedelta(minutes=3)), later),
        items=(
            replace(
                first,
                started_at=begun.started[first.id],
                ended_at=opened + timedelta(minutes=40),
                words=f"{FIRST} Viết tiếp.",
            ),
            replace(
                second, started_at=opened + timedelta(minutes=40), ended_at=opened + timedelta(minutes=90)
            ),
        ),
        votes=(vote,),
        words=GENERAL,
    )


def _at(marks: tuple[KeptMark, ...], moment: object) -> tuple[KeptMark, ...]:
    return tuple(replace(one, at=moment) for one in marks)  # type: ignore[arg-type]  # a datetime


async def _brings(device: Device, kept: Kept, kit: Kit, *accepted: str) -> BroughtIn:
    device.cell.world.clock.set(LATER)
    sending = replace(device.sending(kit, *accepted), continues=True, taken=_taken(kit))
    return await device.offline.bring(device.asks(), kit.sitting.id, kept, sending)


def _taken(kit: Kit) -> dict[str, str]:
    return {kit.items[0].id: FIRST, kit.sitting.id: GENERAL}


async def _texts(device: Device, meeting: str) -> dict[str, str]:
    return dict((await device.offline._doors.minutes.look(device.asks(), meeting)).texts)


async def test_an_open_sitting_goes_along_as_it_stands(device: Device) -> None:
    opened, kit = await _begun(device)
    begun = kit.so_far
    assert begun is not None
    assert begun.opened_at == opened.opened_at
    assert {one.kind for one in begun.marks} == {EvidenceKind.PRESENT, EvidenceKind.ABSENT}
    assert sum(one.kind is EvidenceKind.PRESENT for one in begun.marks) == 16
    assert begun.chair == device.cell.world.member("o1")
    assert len(begun.absences) == 2
    assert list(begun.started) == [kit.items[0].id] and not begun.ended
    assert [one.vote.question for one in kit.held] == ["Thông qua nghị quyết tháng 11"]
    assert await device.offline.texts(device.asks(), opened.id) == {
        kit.items[0].id: FIRST,
        opened.id: GENERAL,
    }


@pytest.mark.parametrize("roll", [True, False])
async def test_it_is_continued_and_nothing_is_told_twice(device: Device, roll: bool) -> None:
    opened, kit = await _begun(device, roll=roll)
    kept = _continued(device, kit)
    done = await _brings(device, kept, kit)
    assert done.brought is not None, done.differences
    held = done.sitting
    assert (held.state, held.opened_at, held.closed_at) == (State.CLOSED, opened.opened_at, kept.closed_at)
    async with device.cell.world.units.read() as uow:
        told = await of_meeting(uow, held.cell, held.id)
        evidence = await attendance.evidence_of(uow, held.id)
        first, second = await items(uow, held.id)
        votes = await voting.votes(uow, held.id)
        assert await read_out_at(uow, held.id) is None
    acts = [str(one.leaf) for one in told]
    for act in ("sitting.open", "sitting.close", "offline.bring"):
        assert sum(f'"{act}"' in one for one in acts) == 1, act
    confirmed = [
        one for one in evidence if one.kind is EvidenceKind.CONFIRMED and one.source is Source.ROLL_CALL
    ]
    assert len(confirmed) == 1
    left = [one for one in evidence if one.kind is EvidenceKind.LEFT_EARLY]
    assert [one.at for one in left] == [kept.marks[-1].at]
    assert kit.so_far is not None
    assert first.started_at == kit.so_far.started[first.id]
    assert (first.ended_at, second.started_at) == (kept.items[0].ended_at, kept.items[1].started_at)
    assert len(votes) == (2 if roll else 1)
    assert await _texts(device, held.id) == {first.id: f"{FIRST} Viết tiếp.", held.id: GENERAL}


async def test_sent_again_it_gives_the_first_receipt(device: Device) -> None:
    _, kit = await _begun(device)
    kept = _continued(device, kit)
    first = await _brings(device, kept, kit)
    assert (await _brings(device, kept, kit)).brought == first.brought


async def test_words_and_an_end_from_somebody_else_are_shown_and_both_stay(device: Device) -> None:
    opened, kit = await _begun(device)
    kept = _continued(device, kit)
    first = kit.items[0].id
    minutes, agenda = device.offline._doors.minutes, AgendaService(device.cell.world.units)
    await minutes.write(device.asks(), opened.id, first, "Người khác viết.")
    device.cell.world.clock.move(timedelta(minutes=1))
    await agenda.stop(device.asks(), first, "Kết luận khác")
    shown = await _brings(device, kept, kit)
    assert shown.brought is None and shown.sitting.state is State.OPEN
    assert any("ghi biên bản" in one.text for one in shown.differences)
    done = await _brings(device, kept, kit, *(one.key for one in shown.differences))
    assert done.brought is not None
    async with device.cell.world.units.read() as uow:
        assert (await items(uow, opened.id))[0].conclusion == "Kết luận khác"
    told = (await _texts(device, opened.id))[first]
    assert told.startswith(f"Người khác viết.\n\n{OTHER_WORDS}\n{FIRST} Viết tiếp.")
    assert told.endswith(f"{OTHER_CONCLUSION}Nhất trí")


async def test_while_hands_are_being_counted_it_stays(device: Device) -> None:
    opened = await device.cell.opened(Mode.IN_PERSON)
    await device.cell.roll(opened)
    vote = await device.cell.ask(opened, "e1")
    with pytest.raises(StillVoting):
        await device.takes(opened.id)
    await device.cell.count(vote)
    assert (await device.takes(opened.id)).so_far is not None


async def test_what_was_ended_elsewhere_is_refused_and_an_opening_is_not_told_over_another(
    device: Device,
) -> None:
    opened, kit = await _begun(device)
    kept = _continued(device, kit)
    device.cell.world.clock.set(LATER)
    bare = Sending(based_on=kit.number, sent_at=LATER)
    with pytest.raises(OpenedElsewhere):
        await device.offline.bring(device.asks(), opened.id, kept, bare)
    other = await device.called()
    with pytest.raises(OpenedElsewhere):
        await device.offline.bring(
            device.asks(), other.id, kept, replace(bare, continues=True, based_on=10**6)
        )
    async with device.cell.world.units.begin() as uow:
        await device.cell.world._step(uow, opened, State.CLOSED)
    with pytest.raises(NotForOffline):
        await device.takes(opened.id)
