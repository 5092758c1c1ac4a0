"""Drafts and motions on both databases: who may, what is kept once, what is stale, what the ledger commits to."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import text

from meetings.agenda.motions import (
    DraftMoved,
    MayNotMove,
    MotionDecided,
    MotionDiffers,
    MotionKind,
    MotionState,
    NoDraft,
    NoSuchMotion,
    NothingChanged,
    OnlyNoted,
)
from meetings.agenda.moving import WantedMotion
from meetings.agenda.rules import ItemInUse, NoSuchItem
from meetings.agenda.service import AgendaService, Wanted
from meetings.committees.powers import NoPower
from meetings.convening.rules import AnySitting, Mode, State
from meetings.convening.service import NoSuchMeeting
from meetings.convening.states import NotOpen
from meetings.convening.verdict import VerdictInSupplement
from meetings.db.refusals import GuardedByDatabase
from meetings.kernel.ids import Id, new_id
from meetings.ledger.service import of_meeting
from tests.attendance.world import AUDITOR, MEMBER, SECRETARY, STRANGER, SUSPENDED, World

DRAFT = "Chi bộ giao đồng chí Mẫu dọn đường trước ngày 30/11/2026."
BETTER = "Chi bộ giao hai đồng chí dọn đường trước ngày 15/12/2026."


async def drafted(world: World, agenda: AgendaService, mode: Mode = Mode.HYBRID) -> tuple[AnySitting, Id]:
    """An open sitting whose one item has a draft."""
    sitting, secretary = await world.meeting(mode=mode), world.asks(SECRETARY)
    plan = [Wanted(title="Thảo luận nghị quyết", planned_minutes=30)]
    [item] = (await agenda.plan(secretary, sitting.id, plan, None)).items
    await agenda.motions.write_draft(secretary, item.id, new_id(), DRAFT, 0)
    return sitting, item.id


def amendment(item: Id, words: str = BETTER, against: int = 1) -> WantedMotion:
    return WantedMotion(id=new_id(), kind=MotionKind.AMENDMENT, text=words, item=item, against=against)


async def test_an_amendment_agreed_to_is_the_drafts_new_wording(world: World, agenda: AgendaService) -> None:
    sitting, item = await drafted(world, agenda)
    wanted = replace(amendment(item), reason="Thời gian quá gấp")
    once = await agenda.motions.move(world.asks(MEMBER), sitting.id, wanted)
    assert await agenda.motions.move(world.asks(MEMBER), sitting.id, wanted) == once
    look = await agenda.motions.look(world.asks("o6"), sitting.id)
    [moved] = look.moved
    assert look.spoken(moved) == (
        "Sửa dự thảo: thêm “hai” sau “Chi bộ giao”; bỏ “Mẫu”; thay “30/11/2026” bằng “15/12/2026”"
    )
    decided = await agenda.motions.decide(world.asks(SECRETARY), once.id, taken_up=True)
    assert decided.state is MotionState.ACCEPTED
    assert decided.steps[-1].by == world.asks(SECRETARY).person
    assert await agenda.motions.decide(world.asks(SECRETARY), once.id, taken_up=True) == decided
    look = await agenda.motions.look(world.asks(MEMBER), sitting.id)
    draft = look.draft(item)
    assert draft is not None
    assert (draft.number, draft.text, draft.motion) == (2, BETTER, once.id)
    with pytest.raises(MotionDecided):
        await agenda.motions.decide(world.asks(SECRETARY), once.id, taken_up=False)
    with pytest.raises(MotionDiffers):
        await agenda.motions.move(world.asks(MEMBER), sitting.id, replace(wanted, text=DRAFT))
    async with world.units.read() as uow:
        leaves = [one.leaf for one in await of_meeting(uow, sitting.cell, sitting.id)]
    told = [one for one in leaves if "agenda.move" in one or "motion" in one or "agenda.draft" in one]
    assert len(told) == 4, "a draft, a motion, its decision, the new draft"
    assert not any("Mẫu" in leaf or "quá gấp" in leaf or world.member(MEMBER) in leaf for leaf in leaves)


async def test_a_stale_amendment_is_never_merged_but_moved_anew(world: World, agenda: AgendaService) -> None:
    sitting, item = await drafted(world, agenda)
    first = await agenda.motions.move(world.asks(MEMBER), sitting.id, amendment(item))
    other = await agenda.motions.move(world.asks("o6"), sitting.id, amendment(item, f"{DRAFT} Có kiểm tra."))
    await agenda.motions.decide(world.asks(SECRETARY), other.id, taken_up=True)
    look = await agenda.motions.look(world.asks(MEMBER), sitting.id)
    assert [look.stale(one) for one in look.moved] == [True, False]
    assert look.changes(look.moved[0]), "it is still shown against the wording it was written for"
    with pytest.raises(DraftMoved):
        await agenda.motions.decide(world.asks(SECRETARY), first.id, taken_up=True)
    with pytest.raises(DraftMoved):
        await agenda.motions.move(world.asks("o7"), sitting.id, amendment(item))
    again = replace(amendment(item, f"{BETTER} Có kiểm tra.", against=2), replaces=first.id)
    with pytest.raises(NoSuchMotion):
        await agenda.motions.move(world.asks("o7"), sitting.id, again)
    anew = await agenda.motions.move(world.asks(MEMBER), sitting.id, again)
    look = await agenda.motions.look(world.asks(MEMBER), sitting.id)
    assert [one.state for one in look.moved] == [
        MotionState.REPLACED,
        MotionState.ACCEPTED,
        MotionState.PROPOSED,
    ]
    assert (anew.number, anew.replaces, look.pending) == (3, first.id, 1)
    rejected = await agenda.motions.decide(world.asks(SECRETARY), anew.id, taken_up=False)
    assert rejected.state is MotionState.REJECTED


async def test_the_secretary_writes_drafts_over_what_was_read(world: World, agenda: AgendaService) -> None:
    sitting, item = await drafted(world, agenda)
    secretary, wording = world.asks(SECRETARY), new_id()
    written = await agenda.motions.write_draft(secretary, item, wording, BETTER, 1)
    assert written == await agenda.motions.write_draft(secretary, item, wording, BETTER, 1)
    assert written.number == 2
    for text_of, after, why in ((DRAFT, 1, DraftMoved), (DRAFT, 5, DraftMoved)):
        with pytest.raises(why):
            await agenda.motions.write_draft(secretary, item, new_id(), text_of, after)
    with pytest.raises(MotionDiffers):
        await agenda.motions.write_draft(secretary, item, wording, DRAFT, 1)
    with pytest.raises(NoPower):
        await agenda.motions.write_draft(world.asks(MEMBER), item, new_id(), DRAFT, 2)
    with pytest.raises(NoSuchItem):
        await agenda.motions.write_draft(secretary, new_id(), new_id(), DRAFT, 0)
    await agenda.motions.write_draft(secretary, item, new_id(), "", 2)
    look = await agenda.motions.look(secretary, sitting.id)
    assert (look.draft(item), look.last(item)) == (None, 3)
    with pytest.raises(NoDraft):
        await agenda.motions.move(world.asks(MEMBER), sitting.id, amendment(item, against=3))


async def test_who_may_move_and_for_whom(world: World, agenda: AgendaService) -> None:
    sitting, item = await drafted(world, agenda)
    for label, member, why in (
        (AUDITOR, None, MayNotMove),
        (SECRETARY, SUSPENDED, MayNotMove),
        (SECRETARY, "f1", MayNotMove),
        (MEMBER, "o6", NoPower),
        (STRANGER, None, NoSuchMeeting),
    ):
        wanted = replace(amendment(item), member=world.member(member) if member else None)
        with pytest.raises(why):
            await agenda.motions.move(world.asks(label), sitting.id, wanted)
    spoken = replace(amendment(item), member=world.member("p1"))
    kept = await agenda.motions.move(world.asks(SECRETARY), sitting.id, spoken)
    assert (kept.member, kept.by) == (world.member("p1"), world.asks(SECRETARY).person)
    with pytest.raises(NoPower):
        await agenda.motions.withdraw(world.asks(MEMBER), kept.id)
    with pytest.raises(NoSuchMotion):
        await agenda.motions.withdraw(world.asks(MEMBER), new_id())
    for taken_up in (True, False):
        with pytest.raises(NoPower):
            await agenda.motions.decide(world.asks(MEMBER), kept.id, taken_up=taken_up)
    assert (await agenda.motions.withdraw(world.asks(SECRETARY), kept.id)).state is MotionState.WITHDRAWN
    own = await agenda.motions.move(world.asks(MEMBER), sitting.id, amendment(item))
    gone = await agenda.motions.withdraw(world.asks(MEMBER), own.id)
    assert await agenda.motions.withdraw(world.asks(MEMBER), own.id) == gone
    with pytest.raises(NoSuchMeeting):
        await agenda.motions.look(world.asks(STRANGER), sitting.id)


async def test_a_motion_in_words_needs_no_draft_and_no_item(world: World, agenda: AgendaService) -> None:
    sitting = await world.meeting()
    wanted = WantedMotion(id=new_id(), kind=MotionKind.WORDS, text="Đề nghị nghỉ giải lao 5 phút")
    moved = await agenda.motions.move(world.asks(MEMBER), sitting.id, wanted)
    assert (moved.item, moved.against) == (None, None)
    done = await agenda.motions.decide(world.asks(SECRETARY), moved.id, taken_up=True)
    assert done.state is MotionState.ACCEPTED
    with pytest.raises(NothingChanged):
        await agenda.motions.move(world.asks(MEMBER), sitting.id, replace(wanted, id=new_id(), text=""))
    with pytest.raises(NoSuchItem):
        await agenda.motions.move(world.asks(MEMBER), sitting.id, replace(wanted, id=new_id(), item=new_id()))
    elsewhere = await world.meeting()
    with pytest.raises(MotionDiffers):
        await agenda.motions.move(world.asks(MEMBER), elsewhere.id, wanted)


async def test_a_supplement_notes_what_is_moved_and_decides_nothing(
    world: World, agenda: AgendaService
) -> None:
    sitting, item = await drafted(world, agenda, mode=Mode.ONLINE)
    moved = await agenda.motions.move(world.asks(MEMBER), sitting.id, amendment(item))
    for taken_up in (True, False):
        with pytest.raises(OnlyNoted):
            await agenda.motions.decide(world.asks(SECRETARY), moved.id, taken_up=taken_up)
    with pytest.raises(VerdictInSupplement):
        await agenda.motions.move(world.asks(MEMBER), sitting.id, amendment(item, "Đã thông qua."))
    with pytest.raises(VerdictInSupplement):
        await agenda.motions.write_draft(world.asks(SECRETARY), item, new_id(), "Thông qua", 1)


@pytest.mark.parametrize("state", [State.CONVENED, State.CLOSED])
async def test_things_are_moved_while_the_sitting_is_open(
    world: World, agenda: AgendaService, state: State
) -> None:
    sitting = await world.meeting(state=state)
    wanted = WantedMotion(id=new_id(), kind=MotionKind.WORDS, text="Nghỉ 5 phút")
    with pytest.raises(NotOpen):
        await agenda.motions.move(world.asks(MEMBER), sitting.id, wanted)


async def test_an_item_with_a_draft_is_not_planned_away(world: World, agenda: AgendaService) -> None:
    sitting, item = await drafted(world, agenda)
    secretary = world.asks(SECRETARY)
    other = [Wanted(title="Khác", planned_minutes=9)]
    with pytest.raises(ItemInUse):
        await agenda.plan(secretary, sitting.id, other, None)
    await agenda.motions.write_draft(secretary, item, new_id(), "", 1)
    assert len((await agenda.plan(secretary, sitting.id, other, None)).items) == 1


async def test_many_at_once_are_numbered_once_each(world: World, agenda: AgendaService) -> None:
    sitting, item = await drafted(world, agenda)
    labels = [f"o{number}" for number in range(1, 9)]
    wanted = {label: amendment(item, f"{DRAFT} {label}") for label in labels}
    told = [agenda.motions.move(world.asks(one), sitting.id, wanted[one]) for one in labels * 2]
    found = await asyncio.gather(*told)
    assert sorted({one.number for one in found}) == list(range(1, 9))
    done = await asyncio.gather(
        *(agenda.motions.decide(world.asks(SECRETARY), one.id, taken_up=True) for one in found[:8]),
        return_exceptions=True,
    )
    assert sum(isinstance(one, DraftMoved) for one in done) == 7, "one wording follows another, never a merge"
    look = await agenda.motions.look(world.asks(MEMBER), sitting.id)
    assert look.last(item) == 2


@pytest.mark.parametrize("table", ["draft_wording", "motion", "motion_step"])
async def test_what_was_moved_stands_in_the_database_for_good(
    world: World, agenda: AgendaService, table: str
) -> None:
    sitting, item = await drafted(world, agenda)
    moved = await agenda.motions.move(world.asks(MEMBER), sitting.id, amendment(item))
    await agenda.motions.decide(world.asks(SECRETARY), moved.id, taken_up=False)
    for attack in (f"UPDATE {table} SET by_id = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(GuardedByDatabase):
            async with world.units.begin() as uow:
                await uow.session.execute(text(attack))
