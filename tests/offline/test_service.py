"""A sitting held without a network comes in once, whole, at its own times, and over nobody's work unseen."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from meetings.agenda.service import AgendaService, Wanted, items
from meetings.attendance import service as attendance
from meetings.attendance.rules import Decision, EvidenceKind, Reason
from meetings.attendance.service import AskedLeave
from meetings.committees.powers import NoPower
from meetings.convening.paper import EnterOnPaper, InFuture
from meetings.convening.rules import Meeting, Mode, State
from meetings.convening.service import NoSuchMeeting
from meetings.db.types import load
from meetings.kernel.ids import new_id
from meetings.kernel.months import Month
from meetings.ledger.service import LedgerService, of_meeting
from meetings.offline.rules import (
    BadOrder,
    BroughtBefore,
    Kept,
    KeptItem,
    KeptMark,
    NotForOffline,
    RecordChanged,
)
from meetings.offline.service import Kit, brought_of
from meetings.sitting.rules import NamesUndecided, NotPresent
from meetings.sitting.service import read_out_at
from meetings.voting import service as voting
from meetings.voting.refusals import TooManyHands
from tests.attendance.world import MEMBER, SECRETARY, STRANGER
from tests.offline.keeping import LATER, Device


async def _taken(device: Device) -> tuple[Meeting, Kit]:
    made = await device.called()
    assert isinstance(made, Meeting)
    return made, await device.takes(made.id)


async def test_story_four_held_in_november_brought_in_on_2_december(device: Device) -> None:
    made, kit = await _taken(device)
    kept = device.holds(kit)
    device.cell.world.clock.set(LATER)
    done = await device.brings(made.id, kept, kit)
    held = done.sitting
    assert isinstance(held, Meeting)
    assert (held.state, held.month, held.fulfils) == (State.CLOSED, Month(year=2026, number=11), True)
    assert (held.opened_at, held.closed_at) == (kept.opened_at, kept.closed_at)
    async with device.cell.world.units.read() as uow:
        assert await read_out_at(uow, held.id) == kept.read_at
    assert (held.device_opened_at, held.device_closed_at) == (kept.opened_at, kept.closed_at)
    assert (held.hall_present, held.hall_required) == (14, 11)
    assert done.brought is not None and done.brought.at == LATER
    async with device.cell.world.units.read() as uow:
        [vote] = await voting.votes(uow, made.id)
        assert vote.result is not None
        assert (vote.result["base"], vote.result["needed"], vote.result["passed"]) == (20, 11, True)
        assert (vote.vote.opened_at, vote.vote.closed_at) == (
            kept.votes[0].opened_at,
            kept.votes[0].closed_at,
        )
        first, second = await items(uow, made.id)
        assert (first.started_at, first.ended_at, first.conclusion) == (
            kept.items[0].started_at,
            kept.items[0].ended_at,
            "Nhất trí",
        )
        assert second.ended_at == kept.items[1].ended_at
        texts = await _texts(device, made.id)
        assert texts == {first.id: kept.items[0].words, made.id: kept.words}
        assert await brought_of(uow, made.id) == done.brought


async def test_who_counted_hands_is_named(device: Device) -> None:
    made, kit = await _taken(device)
    kept = device.holds(kit)
    member = device.cell.world.member
    counted = replace(
        kept.votes[0], tellers=(member("o3"), member("p1"))
    )  # with a vote of their own, and without
    device.cell.world.clock.set(LATER)
    done = await device.brings(made.id, replace(kept, votes=(counted,)), kit)
    assert (done.brought is not None, done.differences) == (True, ())
    async with device.cell.world.units.read() as uow:
        [vote] = await voting.votes(uow, made.id)
    assert vote.result is not None
    assert "Người đếm: Người Thử O3, Người Thử P1." in str(vote.result)


async def _texts(device: Device, meeting: str) -> dict[str, str]:
    return dict((await device.offline._doors.minutes.look(device.asks(), meeting)).texts)


async def test_every_moment_is_marked_as_the_devices_and_entries_stand_in_the_order_of_receipt(
    device: Device,
) -> None:
    made, kit = await _taken(device)
    kept = device.holds(kit)
    device.cell.world.clock.set(LATER)
    await device.brings(made.id, kept, kit)
    async with device.cell.world.units.read() as uow:
        leaves = [load(one.leaf) for one in await of_meeting(uow, made.cell, made.id)]
        evidence = await attendance.evidence_of(uow, made.id)
    told = {one["act"]: one for one in leaves if one["at"] == LATER.isoformat(timespec="microseconds")}
    assert told["sitting.open"]["p"]["device_at"] == kept.opened_at.isoformat(timespec="microseconds")
    assert told["sitting.close"]["p"]["device_at"] == kept.closed_at.isoformat(timespec="microseconds")
    assert told["voting.open"]["p"]["device_at"] == kept.votes[0].opened_at.isoformat(timespec="microseconds")
    assert told["offline.bring"]["p"]["differences"] == 0
    assert "device_at" not in told["offline.bring"]["p"]
    assert {one.received_at for one in evidence} == {LATER}
    assert {one.at for one in evidence} == {kept.confirmed_at, kept.confirmed_at - timedelta(minutes=3)}
    assert all(one.device_at == one.at for one in evidence)
    [chain] = await LedgerService(device.cell.world.units).verify([made.cell])
    assert chain.valid


async def test_sent_again_it_changes_nothing_and_gives_the_first_receipt(device: Device) -> None:
    made, kit = await _taken(device)
    kept = device.holds(kit)
    device.cell.world.clock.set(LATER)
    first = await device.brings(made.id, kept, kit)
    async with device.cell.world.units.read() as uow:
        before = len(await of_meeting(uow, made.cell, made.id))
    device.cell.world.clock.move(timedelta(days=1))
    again = await device.brings(made.id, kept, kit)
    assert again.brought == first.brought
    async with device.cell.world.units.read() as uow:
        assert len(await of_meeting(uow, made.cell, made.id)) == before


async def test_sent_twice_at_once_it_is_written_once(device: Device) -> None:
    made, kit = await _taken(device)
    kept = device.holds(kit)
    device.cell.world.clock.set(LATER)
    done = await asyncio.gather(*(device.brings(made.id, kept, kit) for _ in range(4)))
    assert len({one.brought.at for one in done if one.brought}) == 1
    async with device.cell.world.units.read() as uow:
        assert len(await voting.votes(uow, made.id)) == 1


async def test_the_same_id_with_other_words_and_another_device_are_refused(device: Device) -> None:
    made, kit = await _taken(device)
    kept = device.holds(kit)
    device.cell.world.clock.set(LATER)
    await device.brings(made.id, kept, kit)
    with pytest.raises(RecordChanged):
        await device.brings(made.id, replace(kept, words="Lời khác"), kit)
    with pytest.raises(BroughtBefore):
        await device.brings(made.id, replace(kept, id=new_id()), kit)
    other = await device.called()
    with pytest.raises(RecordChanged):
        await device.brings(other.id, kept, kit)


async def test_what_others_did_meanwhile_is_shown_first_and_nothing_is_written(device: Device) -> None:
    made, kit = await _taken(device)
    kept = device.holds(kit)
    ask = AskedLeave(id=new_id(), reason=Reason.ILL)
    await device.cell.world.service.leave.ask(device.asks(MEMBER), made.id, ask)
    device.cell.world.clock.set(LATER)
    shown = await device.brings(made.id, kept, kit)
    assert shown.brought is None
    assert shown.sitting.state is State.CONVENED
    assert ["báo vắng" in one.text for one in shown.differences] == [True]
    done = await device.brings(made.id, kept, kit, *(one.key for one in shown.differences))
    assert done.brought is not None
    assert done.brought.differences == 1


async def test_another_change_after_looking_asks_again(device: Device) -> None:
    made, kit = await _taken(device)
    kept = device.holds(kit)
    leave = device.cell.world.service.leave
    await leave.ask(device.asks(MEMBER), made.id, AskedLeave(id=new_id(), reason=Reason.ILL))
    device.cell.world.clock.set(LATER)
    first = await device.brings(made.id, kept, kit)
    await leave.decide(device.asks(), made.id, device.cell.world.member(MEMBER), Decision.EXCUSED, Reason.ILL)
    second = await device.brings(made.id, kept, kit, *(one.key for one in first.differences))
    assert second.brought is None
    assert len(second.differences) == 2


async def test_a_sitting_opened_elsewhere_is_told_and_then_refused(device: Device) -> None:
    made, kit = await _taken(device)
    kept = device.holds(kit)
    device.cell.world.clock.move(timedelta(minutes=31))
    await device.cell.sittings.open(device.asks(), made.id, None)
    shown = await device.brings(made.id, kept, kit)
    assert shown.brought is None
    assert "khai mạc trên máy khác" in shown.differences[0].text
    with pytest.raises(NotForOffline):
        await device.brings(made.id, kept, kit, *(one.key for one in shown.differences))


async def test_another_verdict_than_the_device_told_is_looked_at_and_the_servers_stands(
    device: Device,
) -> None:
    made, kit = await _taken(device)
    kept = device.holds(kit)
    kept = replace(kept, votes=(replace(kept.votes[0], base=19, needed=10),))
    device.cell.world.clock.set(LATER)
    shown = await device.brings(made.id, kept, kit)
    assert shown.brought is None
    [one] = shown.differences
    assert (one.facts["device"], one.facts["server"]) == (
        "19 (cần 10): được thông qua",
        "20 (cần 11): được thông qua",
    )
    async with device.cell.world.units.read() as uow:
        assert await voting.votes(uow, made.id) == []
    assert (await device.brings(made.id, kept, kit, one.key)).brought is not None


async def test_a_clock_that_strays_is_told(device: Device) -> None:
    made, kit = await _taken(device)
    kept = device.holds(kit)
    device.cell.world.clock.set(LATER)
    sending = replace(device.sending(kit), sent_at=LATER + timedelta(days=1))
    shown = await device.offline.bring(device.asks(), made.id, kept, sending)
    assert shown.brought is None
    [one] = shown.differences
    assert "nhanh" in one.text
    assert one.facts["minutes"] == 1440
    done = await device.offline.bring(
        device.asks(), made.id, kept, replace(sending, accepted=frozenset({one.key}))
    )
    assert done.brought is not None
    assert done.brought.sent_at == LATER + timedelta(days=1)


async def test_who_left_before_the_vote_is_not_in_it_and_who_came_late_is(device: Device) -> None:
    made, kit = await _taken(device)
    kept = device.holds(kit)
    member, at = device.cell.world.member, kept.opened_at + timedelta(minutes=30)
    moved = (
        KeptMark(member=member("o13"), kind=EvidenceKind.LEFT_EARLY, at=at),
        KeptMark(member=member("w1"), kind=EvidenceKind.LATE, at=at),
    )
    vote = replace(kept.votes[0], in_favour=12, against=1, abstain=1, base=21, needed=11)
    device.cell.world.clock.set(LATER)
    done = await device.brings(made.id, replace(kept, marks=kept.marks + moved, votes=(vote,)), kit)
    assert done.brought is not None
    async with device.cell.world.units.read() as uow:
        [stored] = await voting.votes(uow, made.id)
    assert member("o13") not in stored.base.present
    assert member("w1") in stored.base.present


async def test_an_item_that_came_up_in_the_hall_or_is_gone_stands_at_the_end(device: Device) -> None:
    made, kit = await _taken(device)
    kept = device.holds(kit)
    extra = KeptItem(
        id=new_id(),
        title="Phát sinh: đường thôn",
        planned_minutes=10,
        started_at=kept.opened_at + timedelta(minutes=90),
        ended_at=kept.opened_at + timedelta(minutes=94),
        words="Bàn về đường.",
    )
    vote = replace(kept.votes[0], item=extra.id)
    device.cell.world.clock.set(LATER)
    done = await device.brings(made.id, replace(kept, items=(*kept.items, extra), votes=(vote,)), kit)
    assert done.brought is not None
    async with device.cell.world.units.read() as uow:
        known = await items(uow, made.id)
        [stored] = await voting.votes(uow, made.id)
    assert [one.title for one in known][-1] == extra.title
    assert stored.vote.item == known[-1].id


async def test_an_agenda_changed_meanwhile_is_shown_and_no_word_is_lost(device: Device) -> None:
    made, kit = await _taken(device)
    kept = device.holds(kit)
    wanted = [Wanted(title="Chương trình khác", planned_minutes=20)]
    await AgendaService(device.cell.world.units).plan(device.asks(), made.id, wanted, None)
    device.cell.world.clock.set(LATER)
    shown = await device.brings(made.id, kept, kit)
    assert "Chương trình đã được sửa" in shown.differences[0].text
    await device.brings(made.id, kept, kit, *(one.key for one in shown.differences))
    async with device.cell.world.units.read() as uow:
        titles = [one.title for one in await items(uow, made.id)]
    assert titles == ["Chương trình khác", "Nội dung 1", "Nội dung 2"]


# --- refused, and nothing written ---------------------------------------------------


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"absences": ()}, NamesUndecided),
        ({"chair": "o19"}, NotPresent),
        ({"in_favour": 40}, TooManyHands),
        ({"closed": -1}, BadOrder),
        ({"confirmed": 200}, BadOrder),
        ({"vote": 200}, BadOrder),
        ({"mark": -60 * 13}, BadOrder),
    ],
)
async def test_what_the_sitting_itself_would_refuse_leaves_no_trace(
    device: Device, change: dict[str, object], refusal: type[Exception]
) -> None:
    made, kit = await _taken(device)
    kept = _changed(device, kit, change)
    device.cell.world.clock.set(LATER)
    async with device.cell.world.units.read() as uow:
        before = len(await of_meeting(uow, made.cell, made.id))
    with pytest.raises(refusal):
        await device.brings(made.id, kept, kit)
    async with device.cell.world.units.read() as uow:
        assert await device.cell.world.stored(uow, made.id) == made
        assert len(await of_meeting(uow, made.cell, made.id)) == before
        assert await brought_of(uow, made.id) is None


def _changed(device: Device, kit: Kit, change: dict[str, object]) -> Kept:
    kept = device.holds(kit)
    [(name, value)] = change.items()
    if name == "absences":
        return replace(kept, absences=())
    if name == "chair":
        return replace(kept, chair=device.cell.world.member(str(value)))
    if name == "in_favour":
        return replace(kept, votes=(replace(kept.votes[0], in_favour=40),))
    minutes = timedelta(minutes=int(str(value)))
    at = kept.opened_at + minutes
    if name == "closed":
        return replace(kept, closed_at=at)
    if name == "confirmed":
        return replace(kept, confirmed_at=at)
    if name == "vote":
        return replace(kept, votes=(replace(kept.votes[0], closed_at=at),))
    return replace(kept, marks=(replace(kept.marks[0], at=at), *kept.marks[1:]))


async def test_times_that_cannot_be_of_this_sitting_are_for_paper(device: Device) -> None:
    made, kit = await _taken(device)
    kept = device.holds(kit)
    with pytest.raises(InFuture):
        await device.brings(made.id, kept, kit)
    device.cell.world.clock.set(LATER)
    with pytest.raises(EnterOnPaper):
        await device.brings(made.id, _shifted(kept, timedelta(days=1)), kit)
    with pytest.raises(EnterOnPaper):
        await device.brings(made.id, _shifted(kept, timedelta(hours=-2)), kit)


def _shifted(kept: Kept, by: timedelta) -> Kept:
    return replace(
        kept,
        opened_at=kept.opened_at + by,
        confirmed_at=kept.confirmed_at + by,
        closed_at=kept.closed_at + by,
        read_at=None,
        marks=tuple(replace(one, at=one.at + by) for one in kept.marks),
        items=(),
        votes=(),
    )


@pytest.mark.parametrize("mode", [Mode.ONLINE, Mode.HYBRID])
async def test_only_a_sitting_in_person_goes_along(device: Device, mode: Mode) -> None:
    made = await device.called(mode)
    with pytest.raises(NotForOffline):
        await device.takes(made.id)


async def test_only_who_leads_takes_it_along_and_brings_it_back(device: Device) -> None:
    made, kit = await _taken(device)
    kept = device.holds(kit)
    device.cell.world.clock.set(LATER)
    for who, refusal in ((MEMBER, NoPower), (STRANGER, NoSuchMeeting)):
        with pytest.raises(refusal):
            await device.offline.kit(device.asks(who), made.id)
        with pytest.raises(refusal):
            await device.brings(made.id, kept, kit, who=who)
    assert (await device.brings(made.id, kept, kit, who=SECRETARY)).brought is not None


async def test_a_roll_of_another_cells_members_is_refused(device: Device) -> None:
    made, kit = await _taken(device)
    kept = device.holds(kit)
    foreign = replace(kept.marks[0], member=device.cell.world.member("f2"))
    device.cell.world.clock.set(LATER)
    with pytest.raises(Exception, match="đảng viên"):
        await device.brings(made.id, replace(kept, marks=(*kept.marks, foreign)), kit)
