"""Who spoke, what was reserved, what work was given and how the sitting scored reach the minutes."""

from __future__ import annotations

from datetime import timedelta

from meetings.agenda.motions import MotionKind
from meetings.agenda.moving import WantedMotion
from meetings.agenda.service import AgendaService, Wanted
from meetings.agenda.tasking import WantedTask
from meetings.kernel.ids import new_id
from meetings.minutes.service import MinutesService
from meetings.voting.motions import Putting
from meetings.voting.paper import PaperLine, Protocol
from meetings.voting.reserving import Reserving
from meetings.voting.rules import Concerned, DecisionKind, Form
from meetings.voting.service import Question
from tests.attendance.world import MEMBER, SECRETARY
from tests.minutes.test_service import facts_of
from tests.sitting.holding import Cell
from tests.sitting.test_scoring import by_people


async def test_the_floor_and_the_work_stand_in_the_minutes(cell: Cell, minutes: MinutesService) -> None:
    world, sitting = cell.world, await cell.opened()
    await cell.roll(sitting)
    secretary, floor = world.asks(SECRETARY), AgendaService(world.units)
    for label in ("o5", "o3"):
        hand = await floor.speakers.put_up(world.asks(label), sitting.id, new_id(), None)
        await floor.speakers.call(secretary, hand.id)
    vote = await cell.ask(sitting)
    reserving = Reserving(id=new_id(), words="Chưa nhất trí\nmức đóng góp", vote=vote.vote.id)
    await cell.voting.reserving.reserve(world.asks(MEMBER), sitting.id, reserving)
    await cell.count(vote, (11, 1, 1))
    due = (world.clock.now() + timedelta(days=9)).date()
    wanted = WantedTask(title="Rà soát hộ nghèo", member=world.member(MEMBER), due=due)
    await floor.tasks.give(secretary, sitting.id, wanted)
    await cell.phone_in(sitting)
    await cell.decide(sitting)
    world.clock.move(timedelta(minutes=95))
    await cell.close(sitting)
    await cell.sittings.scoring.score(secretary, sitting.id, by_people())
    facts = await facts_of(minutes, world, sitting.id)
    [loose] = facts.items
    assert loose.speakers == ("Người Thử O5", "Người Thử O3")
    assert loose.votes[0].reserved == ("Người Thử O5: “Chưa nhất trí mức đóng góp”",)
    assert [(one.title, one.assignee, one.due) for one in facts.tasks] == [
        ("Rà soát hộ nghèo", "Người Thử O5", f"{due:%d/%m/%Y}")
    ]
    assert facts.score is not None
    assert (facts.score.total, facts.score.rank, facts.score.lines[0].measured) == (92, "Tốt", "95/90 phút")
    await minutes.approve(secretary, sitting.id)


async def test_drafts_and_what_became_of_motions_stand_in_the_minutes(
    cell: Cell, minutes: MinutesService
) -> None:
    world, sitting = cell.world, await cell.opened()
    await cell.roll(sitting)
    secretary, floor = world.asks(SECRETARY), AgendaService(world.units)
    plan = [Wanted(title="Nghị quyết", planned_minutes=9)]
    item = (await floor.plan(secretary, sitting.id, plan, None)).items[-1].id
    await floor.motions.write_draft(secretary, item, new_id(), "Họp trước ngày 30.", 0)
    amendment = WantedMotion(
        id=new_id(),
        kind=MotionKind.AMENDMENT,
        text="Họp trước ngày 15.",
        item=item,
        against=1,
        reason="Còn kịp chuẩn bị",
    )
    moved = await floor.motions.move(world.asks(MEMBER), sitting.id, amendment)
    vote = await cell.voting.motions.put(secretary, moved.id, Putting())
    await cell.count(vote, (11, 1, 1))
    words = WantedMotion(id=new_id(), kind=MotionKind.WORDS, text="Nghỉ giải lao 5 phút")
    await floor.motions.move(world.asks("o6"), sitting.id, words)
    await cell.phone_in(sitting)
    await cell.decide(sitting)
    world.clock.move(timedelta(minutes=95))
    await cell.close(sitting)
    facts = await facts_of(minutes, world, sitting.id)
    *_, planned, loose = facts.items
    assert planned.draft == "Họp trước ngày 15."
    [told] = planned.motions
    assert (told.number, told.member) == (1, "Người Thử O5")
    assert (told.words, told.reason) == ("Sửa dự thảo: thay “30” bằng “15”", "Còn kịp chuẩn bị")
    assert told.outcome.startswith("Biểu quyết: được thông qua (lúc ")
    assert [(one.words, one.outcome) for one in loose.motions] == [
        ("Nghỉ giải lao 5 phút", "Đã ghi nhận, buổi họp chưa quyết định")
    ]
    await minutes.approve(secretary, sitting.id)


async def test_a_secret_vote_on_paper_has_no_answers_from_devices(
    cell: Cell, minutes: MinutesService
) -> None:
    sitting, world = await cell.opened(), cell.world
    await cell.roll(sitting)
    await cell.decide(sitting)
    secretary = world.asks(SECRETARY)
    question = Question(
        question="Kết nạp?",
        kind=DecisionKind.ADMISSION,
        form=Form.PAPER,
        item=None,
        minutes=5,
        person=Concerned(name="Quần Chúng Mẫu"),
    )
    vote = (await cell.voting.open_vote(secretary, sitting.id, question)).vote.id
    numbers = {"issued": 13, "returned": 13, "valid": 13, "invalid": 0, "blank": 0}
    lines = (PaperLine(member=None, in_favour=12, against=1),)
    protocol = Protocol(**numbers, lines=lines, board=(world.member("o8"),))
    await cell.voting.counting.count_paper(secretary, vote, protocol)
    await cell.voting.close_vote(secretary, vote)
    world.clock.move(timedelta(minutes=95))
    await cell.close(sitting)
    [item] = (await facts_of(minutes, world, sitting.id)).items
    [stated] = item.votes
    assert stated.counted is not None
    assert (stated.counted.favour, stated.devices, stated.opinions) == (12, None, None)
