"""Motions put to the vote, on both databases: the result of the vote decides them, in the same transaction."""

from __future__ import annotations

import pytest

from meetings.agenda.motions import (
    DraftMoved,
    DraftVoting,
    MotionDecided,
    MotionKind,
    MotionState,
    MotionVoting,
    Moved,
    NoSuchMotion,
    OnlyNoted,
)
from meetings.agenda.moving import WantedMotion
from meetings.agenda.service import AgendaService, Wanted
from meetings.committees.powers import NoPower
from meetings.convening.rules import AnySitting, Mode
from meetings.kernel.ids import Id, new_id
from meetings.voting.motions import MOST_LETTERS, Putting, asked
from meetings.voting.refusals import FormNotAllowed
from meetings.voting.rules import DecisionKind, Form
from meetings.voting.service import VotingService
from tests.attendance.world import HALL, MEMBER, SECRETARY, World

DRAFT = "Làm xong trước ngày 30/11."


@pytest.fixture
def agenda(world: World) -> AgendaService:
    return AgendaService(world.units)


async def moved_in(
    world: World, agenda: AgendaService, *words: str, mode: Mode = Mode.HYBRID
) -> tuple[AnySitting, Id, list[Id]]:
    """A sitting, its item with a draft, and amendments by one member after another."""
    sitting, secretary = await world.meeting(mode=mode), world.asks(SECRETARY)
    if mode is not Mode.ONLINE:
        await world.roll(sitting.id, HALL)
    plan = [Wanted(title="Nghị quyết", planned_minutes=30)]
    [item] = (await agenda.plan(secretary, sitting.id, plan, None)).items
    await agenda.motions.write_draft(secretary, item.id, new_id(), DRAFT, 0)
    made = []
    for number, told in enumerate(words, start=2):
        wanted = WantedMotion(
            id=new_id(), kind=MotionKind.AMENDMENT, text=told, item=item.id, against=1, reason=""
        )
        made.append((await agenda.motions.move(world.asks(f"o{number}"), sitting.id, wanted)).id)
    return sitting, item.id, made


async def one_of(world: World, agenda: AgendaService, meeting: Id, motion: Id) -> Moved:
    look = await agenda.motions.look(world.asks(MEMBER), meeting)
    [found] = [one for one in look.moved if one.motion.id == motion]
    return found


@pytest.mark.parametrize(("hands", "state"), [((12, 1, 1), "adopted"), ((7, 5, 2), "defeated")])
async def test_the_result_decides_the_motion(
    world: World, voting: VotingService, agenda: AgendaService, hands: tuple[int, int, int], state: str
) -> None:
    sitting, item, [motion] = await moved_in(world, agenda, "Làm xong trước ngày 15/12.")
    secretary = world.asks(SECRETARY)
    putting = Putting(taking_part=(world.member("e1"),))
    stored = await voting.motions.put(secretary, motion, putting)
    assert stored == await voting.motions.put(secretary, motion, putting), "asked again, the same vote"
    assert (stored.vote.kind, stored.vote.item) == (DecisionKind.MOTION, item)
    assert stored.vote.question == "Đề nghị số 1: Sửa dự thảo: thay “30/11” bằng “15/12”"
    found = await one_of(world, agenda, sitting.id, motion)
    assert (found.state, found.vote) == (MotionState.VOTING, stored.vote.id)
    with pytest.raises(MotionVoting):
        await agenda.motions.withdraw(secretary, motion)
    with pytest.raises(DraftVoting):
        await agenda.motions.write_draft(secretary, item, new_id(), "Khác", 1)
    await voting.count_hands(secretary, stored.vote.id, hands)
    closed = await voting.close_vote(secretary, stored.vote.id)
    assert closed.result is not None
    assert closed.result["passed"] == (state == "adopted")
    assert "Đề nghị" in closed.result["explanation"]
    found = await one_of(world, agenda, sitting.id, motion)
    assert (found.state.value, found.vote) == (state, stored.vote.id)
    look = await agenda.motions.look(secretary, sitting.id)
    draft = look.draft(item)
    assert draft is not None
    assert draft.text == ("Làm xong trước ngày 15/12." if state == "adopted" else DRAFT)
    with pytest.raises(MotionDecided):
        await voting.motions.put(secretary, motion, putting)


async def test_one_amendment_of_a_draft_is_voted_on_at_a_time_and_no_stale_one(
    world: World, voting: VotingService, agenda: AgendaService
) -> None:
    _, _, [first, other] = await moved_in(world, agenda, "Xong ngày 15/12.", "Xong ngày 20/12.")
    secretary = world.asks(SECRETARY)
    stored = await voting.motions.put(secretary, first, Putting())
    with pytest.raises(DraftVoting):
        await voting.motions.put(secretary, other, Putting())
    with pytest.raises(DraftVoting):
        await agenda.motions.decide(secretary, other, taken_up=True)
    await voting.count_hands(secretary, stored.vote.id, (13, 0, 0))
    await voting.close_vote(secretary, stored.vote.id)
    with pytest.raises(DraftMoved):
        await voting.motions.put(secretary, other, Putting())


async def test_who_may_put_a_motion_to_the_vote_and_how(
    world: World, voting: VotingService, agenda: AgendaService
) -> None:
    sitting, _, [motion] = await moved_in(world, agenda, "Xong ngày 15/12.")
    with pytest.raises(NoPower):
        await voting.motions.put(world.asks(MEMBER), motion, Putting())
    with pytest.raises(NoSuchMotion):
        await voting.motions.put(world.asks(SECRETARY), new_id(), Putting())
    with pytest.raises(FormNotAllowed):
        await voting.motions.put(world.asks(SECRETARY), motion, Putting(form=Form.PAPER))
    assert (await one_of(world, agenda, sitting.id, motion)).state is MotionState.PROPOSED


async def test_a_supplement_puts_no_motion_to_the_vote(
    world: World, voting: VotingService, agenda: AgendaService
) -> None:
    _, _, [motion] = await moved_in(world, agenda, "Xong ngày 15/12.", mode=Mode.ONLINE)
    with pytest.raises(OnlyNoted):
        await voting.motions.put(world.asks(SECRETARY), motion, Putting())


def test_a_long_question_is_cut() -> None:
    assert asked(3, "ngắn") == "Đề nghị số 3: ngắn"
    assert len(asked(3, "dài " * 100)) <= MOST_LETTERS
