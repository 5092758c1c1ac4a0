"""Motions moved where there is no network: noted, voted on by hands, and never over another draft unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from meetings.agenda.deciding import MotionsLook, motions_of
from meetings.agenda.motions import MotionKind, MotionState
from meetings.agenda.service import AgendaService
from meetings.convening import service as convening
from meetings.convening.rules import AnySitting
from meetings.kernel.ids import Id, new_id
from meetings.offline.rules import BadOrder, Kept, KeptMotion, KeptVote
from meetings.offline.service import Kit
from meetings.offline.service.moved import OTHER_WORDING
from meetings.voting import service as voting
from meetings.voting.rules import DecisionKind
from tests.offline.keeping import LATER, Device

DRAFT = "Giao đồng chí Mẫu quét dọn. Hạn là 30/11."
AMENDED = "Giao đồng chí Mẫu quét dọn. Hạn là 15/12."


async def _taken(device: Device) -> tuple[AnySitting, Kit]:
    made = await device.called()
    async with device.cell.world.units.read() as uow:
        item = (await motions_of(uow, made)).items[0].id
    await _drafts(device, item, DRAFT, after=0)
    return made, await device.takes(made.id)


async def _drafts(device: Device, item: Id, text: str, *, after: int) -> None:
    agenda = AgendaService(device.cell.world.units)
    await agenda.motions.write_draft(device.asks(), item, new_id(), text, after)


async def _look(device: Device, meeting: Id) -> MotionsLook:
    async with device.cell.world.units.read() as uow:
        return await motions_of(uow, await convening.sitting(uow, meeting))


def _amendment(device: Device, kit: Kit, kept: Kept) -> KeptMotion:
    return KeptMotion(
        id=new_id(),
        kind=MotionKind.AMENDMENT,
        member=device.cell.world.member("o5"),
        text=AMENDED,
        at=kept.opened_at + timedelta(minutes=20),
        item=kit.items[0].id,
        reason="Cho kịp việc đồng áng",
        against=kit.drafts[0].number,
    )


def _voted(kept: Kept, motion: KeptMotion) -> KeptVote:
    return replace(
        kept.votes[0],
        question="Đề nghị 1",
        kind=DecisionKind.MOTION,
        motion=motion.id,
        opened_at=kept.opened_at + timedelta(minutes=22),
        closed_at=kept.opened_at + timedelta(minutes=24),
    )


def _with(device: Device, kit: Kit, kept: Kept) -> Kept:
    """An amendment adopted by hands, words that were not taken up, words that nobody decided."""
    amendment = _amendment(device, kit, kept)
    refused = KeptMotion(
        id=new_id(),
        kind=MotionKind.WORDS,
        member=device.cell.world.member("p1"),
        text="Nghỉ họp tháng 12",
        at=kept.opened_at + timedelta(minutes=26),
        taken_up=False,
        decided_at=kept.opened_at + timedelta(minutes=27),
    )
    noted = replace(refused, id=new_id(), text="Mua thêm ghế", taken_up=None, decided_at=None)
    return replace(kept, motions=(amendment, refused, noted), votes=(_voted(kept, amendment), kept.votes[0]))


async def test_what_was_moved_and_voted_on_in_the_hall_comes_in(device: Device) -> None:
    made, kit = await _taken(device)
    assert [(one.number, one.text) for one in kit.drafts] == [(1, DRAFT)]
    kept = _with(device, kit, device.holds(kit))
    device.cell.world.clock.set(LATER)
    done = await device.brings(made.id, kept, kit)
    assert (done.brought is not None, done.differences) == (True, ())
    look = await _look(device, made.id)
    states = [MotionState.ADOPTED, MotionState.REJECTED, MotionState.PROPOSED]
    assert [one.state for one in look.moved] == states
    assert [one.motion.at for one in look.moved] == [one.at for one in kept.motions]
    assert [one.motion.reason for one in look.moved] == ["Cho kịp việc đồng áng", "", ""]
    draft = look.draft(kit.items[0].id)
    assert draft is not None and (draft.text, draft.number, draft.motion) == (AMENDED, 2, kept.motions[0].id)
    async with device.cell.world.units.read() as uow:
        first = (await voting.votes(uow, made.id))[0]
    assert first.vote.question.startswith("Đề nghị số 1: Sửa dự thảo")
    assert first.result is not None and first.result["passed"] is True
    again = await device.brings(made.id, kept, kit)
    assert again.brought == done.brought
    assert len((await _look(device, made.id)).moved) == 3


async def test_a_draft_that_was_rewritten_meanwhile_is_looked_at_and_stays(device: Device) -> None:
    made, kit = await _taken(device)
    kept = _with(device, kit, device.holds(kit))
    second = replace(_amendment(device, kit, kept), id=new_id(), text="Bản thứ ba", against=2,
                     at=kept.opened_at + timedelta(minutes=25))  # fmt: skip
    kept = replace(kept, motions=(*kept.motions, second))
    await _drafts(device, kit.items[0].id, "Bản khác hẳn", after=1)
    device.cell.world.clock.set(LATER)
    first = await device.brings(made.id, kept, kit)
    assert first.brought is None
    done = await device.brings(made.id, kept, kit, *(one.key for one in first.differences))
    assert done.brought is not None
    look = await _look(device, made.id)
    moved = {one.motion.id: one for one in look.moved}
    for one in (kept.motions[0], second):
        assert moved[one.id].motion.kind is MotionKind.WORDS
        assert moved[one.id].motion.text == f"{OTHER_WORDING}{one.text}"
    assert moved[kept.motions[0].id].state is MotionState.ADOPTED
    draft = look.draft(kit.items[0].id)
    assert draft is not None and draft.text == "Bản khác hẳn"


@pytest.mark.parametrize("wrong", ["voted before it was moved", "of another record", "voted twice", "both"])
async def test_what_cannot_have_happened_is_refused(device: Device, wrong: str) -> None:
    made, kit = await _taken(device)
    kept = _with(device, kit, device.holds(kit))
    motion, vote = kept.motions[0], kept.votes[0]
    late = kept.opened_at + timedelta(minutes=40)
    changed = {
        "voted before it was moved": replace(kept, motions=(replace(motion, at=late), *kept.motions[1:])),
        "of another record": replace(kept, votes=(replace(vote, motion=new_id()),)),
        "voted twice": replace(
            kept, votes=(vote, replace(vote, opened_at=late, closed_at=late + timedelta(1)))
        ),
        "both": replace(
            kept, motions=(replace(motion, taken_up=True, decided_at=vote.opened_at), *kept.motions[1:])
        ),
    }
    device.cell.world.clock.set(LATER)
    with pytest.raises(BadOrder):
        await device.brings(made.id, changed[wrong], kit)
    assert (await _look(device, made.id)).moved == ()
