"""Motions moved before the line went, and drafts written in the hall: decided there, never over what others wrote."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from meetings.agenda.deciding import MotionsLook, motions_of
from meetings.agenda.motions import Motion, MotionKind, MotionState, NoSuchMotion
from meetings.agenda.moving import MotionsService, WantedMotion
from meetings.agenda.service import AgendaService
from meetings.convening import service as convening
from meetings.kernel.ids import Id, new_id
from meetings.offline.rules import Kept, KeptBefore, KeptDraft, KeptMotion
from meetings.offline.service import BroughtIn, Kit
from meetings.offline.service.moved import OTHER_OUTCOME
from meetings.offline.service.telling import OTHER_DRAFT
from meetings.voting import service as voting
from meetings.voting.rules import DecisionKind
from tests.offline.keeping import LATER, Device

DRAFT, AMENDED, WORDS = "Hạn là 30/11.", "Hạn là 15/12.", "Mua thêm ghế"


@dataclass(frozen=True, slots=True)
class Begun:
    """An open sitting with a draft, an amendment to it, and something moved in words."""

    device: Device
    kit: Kit
    amendment: Motion
    words: Motion

    @property
    def motions(self) -> MotionsService:
        return AgendaService(self.device.cell.world.units).motions

    @property
    def meeting(self) -> Id:
        return self.kit.sitting.id

    @property
    def item(self) -> Id:
        return self.kit.items[0].id

    def holds(self) -> Kept:
        """From the confirmed roll that stands on the server; the amendment voted on, the words taken up."""
        kept, begun = self.device.holds(self.kit), self.kit.so_far
        assert begun is not None and begun.confirmed_at is not None
        opened = begun.opened_at
        vote = replace(
            self.device.resolution(opened), kind=DecisionKind.MOTION, motion=self.amendment.id, base=20
        )
        return replace(
            kept,
            opened_at=opened,
            confirmed_at=begun.confirmed_at,
            closed_at=opened + timedelta(minutes=95),
            read_at=None,
            marks=(),
            items=(),
            votes=(vote,),
            words="",
            before=(
                KeptBefore(id=self.amendment.id),
                KeptBefore(id=self.words.id, taken_up=True, decided_at=opened + timedelta(minutes=65)),
            ),
        )

    async def brings(self, kept: Kept, *accepted: str) -> BroughtIn:
        self.device.cell.world.clock.set(LATER)
        sending = replace(self.device.sending(self.kit, *accepted), continues=True)
        return await self.device.offline.bring(self.device.asks(), self.meeting, kept, sending)

    async def looked_at(self, kept: Kept) -> BroughtIn:
        """After a person has seen what differs."""
        shown = await self.brings(kept)
        assert shown.brought is None and shown.differences
        return await self.brings(kept, *(one.key for one in shown.differences))

    async def look(self) -> MotionsLook:
        async with self.device.cell.world.units.read() as uow:
            return await motions_of(uow, await convening.sitting(uow, self.meeting))

    async def texts(self) -> dict[Id, str]:
        return dict((await self.device.offline._doors.minutes.look(self.device.asks(), self.meeting)).texts)


@pytest.fixture
async def begun(device: Device) -> Begun:
    made = await device.called()
    cell, clock = device.cell, device.cell.world.clock
    clock.move(timedelta(minutes=30))
    opened = await cell.sittings.open(device.asks(), made.id, None)
    clock.move(timedelta(minutes=2))
    await cell.roll(opened)
    await cell.decide(opened, excused=("o14", "o15"), unexcused=())
    agenda = AgendaService(cell.world.units)
    item = (await agenda.look(device.asks(), made.id)).items[0].id
    await agenda.motions.write_draft(device.asks(), item, new_id(), DRAFT, 0)
    amendment = WantedMotion(
        id=new_id(),
        kind=MotionKind.AMENDMENT,
        text=AMENDED,
        item=item,
        against=1,
        member=cell.world.member("o5"),
    )
    words = WantedMotion(id=new_id(), kind=MotionKind.WORDS, text=WORDS, member=cell.world.member("o6"))
    moved = [await agenda.motions.move(device.asks(), made.id, one) for one in (amendment, words)]
    return Begun(device, await device.takes(made.id), *moved)


def _states(look: MotionsLook) -> list[MotionState]:
    return [one.state for one in look.moved]


async def test_they_go_along_and_are_decided_in_the_hall_once(begun: Begun) -> None:
    assert [one.motion.id for one in begun.kit.moved] == [begun.amendment.id, begun.words.id]
    kept = begun.holds()
    done = await begun.brings(kept)
    assert (done.brought is not None, done.differences) == (True, ())
    look = await begun.look()
    assert _states(look) == [MotionState.ADOPTED, MotionState.ACCEPTED]
    assert look.moved[1].steps[-1].at == kept.before[1].decided_at
    draft = look.draft(begun.item)
    assert draft is not None and (draft.text, draft.motion) == (AMENDED, begun.amendment.id)
    async with begun.device.cell.world.units.read() as uow:
        [vote] = await voting.votes(uow, begun.meeting)
    assert vote.vote.opened_at == kept.votes[0].opened_at
    assert (await begun.brings(kept)).brought == done.brought
    assert len((await begun.look()).moved) == 2


async def test_what_was_decided_otherwise_on_the_server_stays_and_both_are_written(begun: Begun) -> None:
    for one in (begun.amendment, begun.words):
        await begun.motions.decide(begun.device.asks(), one.id, taken_up=False)
    kept = begun.holds()
    shown = await begun.brings(kept)
    assert shown.brought is None
    assert any("đề nghị được quyết định trên máy chủ" in one.text for one in shown.differences)
    assert _states(await begun.look()) == [MotionState.REJECTED] * 2
    assert (await begun.looked_at(kept)).brought is not None
    look = await begun.look()
    # The vote came first; the words were agreed to after it.
    assert _states(look) == [*[MotionState.REJECTED] * 2, MotionState.ADOPTED, MotionState.ACCEPTED]
    told = [one.motion for one in look.moved[2:]]
    assert [one.text for one in told] == [
        f"{OTHER_OUTCOME.format(number=1)}{AMENDED}",
        f"{OTHER_OUTCOME.format(number=2)}{WORDS}",
    ]
    assert [one.member for one in told] == [begun.amendment.member, begun.words.member]
    draft = look.draft(begun.item)
    assert draft is not None and draft.text == DRAFT


async def test_the_same_decision_is_not_written_twice(begun: Begun) -> None:
    await begun.motions.decide(begun.device.asks(), begun.words.id, taken_up=True)
    assert (await begun.looked_at(begun.holds())).brought is not None
    assert _states(await begun.look()) == [MotionState.ADOPTED, MotionState.ACCEPTED]


@pytest.mark.parametrize("decided", [False, True])
async def test_what_its_member_takes_back_is_withdrawn_unless_it_was_decided(
    begun: Begun, decided: bool
) -> None:
    at = begun.holds().opened_at + timedelta(minutes=20)
    mine = KeptMotion(
        id=new_id(),
        kind=MotionKind.WORDS,
        member=begun.words.member,
        text="Nghỉ họp tháng 12",
        at=at,
        withdrawn_at=at + timedelta(minutes=1),
    )
    before = KeptBefore(id=begun.words.id, withdrawn_at=at)
    kept = replace(begun.holds(), motions=(mine,), before=(before,), votes=())
    if decided:
        await begun.motions.decide(begun.device.asks(), begun.words.id, taken_up=True)
    done = await (begun.looked_at(kept) if decided else begun.brings(kept))
    assert done.brought is not None, done.differences
    look = await begun.look()
    words = MotionState.ACCEPTED if decided else MotionState.WITHDRAWN
    assert _states(look) == [MotionState.PROPOSED, words, MotionState.WITHDRAWN]
    assert look.moved[1].steps[-1].at == at or decided


async def test_a_draft_rewritten_meanwhile_is_not_amended(begun: Begun) -> None:
    await begun.motions.write_draft(begun.device.asks(), begun.item, new_id(), "Bản khác hẳn", 1)
    assert (await begun.looked_at(begun.holds())).brought is not None
    look = await begun.look()
    assert _states(look) == [MotionState.PROPOSED, MotionState.ACCEPTED, MotionState.ADOPTED]
    draft = look.draft(begun.item)
    assert draft is not None and draft.text == "Bản khác hẳn"


def _written(begun: Begun, kept: Kept) -> Kept:
    """The secretary writes the draft anew; an amendment to that is agreed to, then it is written once more."""
    at = kept.opened_at + timedelta(minutes=10)
    first = KeptDraft(id=new_id(), item=begun.item, text="Hạn là 31/12.", after=1, at=at)
    amendment = KeptMotion(
        id=new_id(),
        kind=MotionKind.AMENDMENT,
        member=begun.amendment.member,
        text="Hạn là 10/12.",
        at=at + timedelta(minutes=1),
        item=begun.item,
        against=2,
        taken_up=True,
        decided_at=at + timedelta(minutes=2),
    )
    last = replace(first, id=new_id(), text="Bản cuối.", after=3, at=at + timedelta(minutes=5))
    return replace(kept, drafts=(first, last), motions=(amendment,), before=(), votes=())


async def test_drafts_are_written_in_the_hall_in_their_order(begun: Begun) -> None:
    kept = _written(begun, begun.holds())
    for _ in range(2):
        assert (await begun.brings(kept)).brought is not None
    look = await begun.look()
    assert [(one.number, one.text, one.at) for one in look.wordings] == [
        (1, DRAFT, look.wordings[0].at),
        (2, "Hạn là 31/12.", kept.drafts[0].at),
        (3, "Hạn là 10/12.", kept.motions[0].decided_at),
        (4, "Bản cuối.", kept.drafts[1].at),
    ]


async def test_a_draft_over_anothers_is_shown_and_both_are_kept(begun: Begun) -> None:
    await begun.motions.write_draft(begun.device.asks(), begun.item, new_id(), "Bản khác hẳn", 1)
    kept = _written(begun, begun.holds())
    shown = await begun.brings(kept)
    assert any("Dự thảo nghị quyết đã được ghi lại" in one.text for one in shown.differences)
    assert (await begun.looked_at(kept)).brought is not None
    look = await begun.look()
    assert [one.text for one in look.wordings] == [DRAFT, "Bản khác hẳn"]
    assert (await begun.texts())[begun.item] == f"{OTHER_DRAFT}Hạn là 31/12.\n{OTHER_DRAFT}Bản cuối."


async def test_a_motion_of_another_sitting_is_refused(begun: Begun) -> None:
    kept = replace(begun.holds(), votes=())
    strange = KeptBefore(id=new_id(), taken_up=False, decided_at=kept.before[1].decided_at)
    with pytest.raises(NoSuchMotion):
        await begun.brings(replace(kept, before=(strange,)))
    assert _states(await begun.look()) == [MotionState.PROPOSED] * 2
