"""Months and quarters through the acts: stories 3, 5, 10 and 12 of rules.md 7 on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from meetings.committees.powers import NoPower
from meetings.convening import service as convening
from meetings.convening.afterwards import NothingToRestate
from meetings.convening.fulfilment import (
    AdditionalNeverFulfils,
    AlreadyFulfilled,
    BelowMinimum,
    NeverFulfils,
    NotClosedYet,
    OtherCellNeverFulfils,
    OtherMonthNeverFulfils,
    PracticeNeverFulfils,
    SupplementNeverFulfils,
    may_fulfil,
)
from meetings.convening.obligations import MonthState, ThemeState, tally
from meetings.convening.paper import BadTimes, InFuture, NotOnPaper
from meetings.convening.rules import AnySitting, Kind, Meeting, Mode, State
from meetings.convening.service import Correction, MonthStatus, NoSuchMeeting, OnPaper, Paper
from meetings.convening.service.months import DecisionTaken
from meetings.kernel.months import Month
from meetings.kernel.scans import NotAScan, ScanTooLarge
from meetings.ledger import files
from meetings.notices.rules import Channel
from tests.committees.house import AUDITOR, COMMUNE_SECRETARY, FOREIGN, MEMBER, SECRETARY
from tests.convening.holding import Hall
from tests.scans import picture, sha256_of

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
AFTER_THE_DEADLINE = datetime(2026, 12, 20, tzinfo=UTC)
LETTER = Paper(
    number="Công văn số 45-CV/ĐU",
    issued_on=date(2026, 11, 20),
    issuer="Đảng ủy xã Thí Dụ",
    reason="bão",
    scan=picture(),
)


async def status(hall: Hall, month: Month = NOVEMBER) -> MonthStatus:
    return (await hall.service.month_of(hall.house.asks(AUDITOR), hall.house.cell, month))[0]


async def attempt(
    hall: Hall, sitting: AnySitting, month: Month = NOVEMBER, who: str = SECRETARY
) -> MonthStatus:
    return await hall.service.fulfil(hall.house.asks(who), hall.house.cell, month, sitting.id)


async def test_story_3_nothing_but_the_regular_meeting_holds_november(hall: Hall) -> None:
    others: list[tuple[AnySitting, type[NeverFulfils]]] = [
        (await hall.held(Kind.THEMATIC), AdditionalNeverFulfils),
        (await hall.held(Kind.EXTRAORDINARY), AdditionalNeverFulfils),
        (await hall.held(Kind.COMMITTEE), AdditionalNeverFulfils),
        (await hall.held(Kind.PRACTICE), PracticeNeverFulfils),
        (await hall.held(Kind.ONLINE_SESSION, Mode.ONLINE), SupplementNeverFulfils),
        (await hall.held(Kind.THEMATIC, Mode.ONLINE), SupplementNeverFulfils),
        (await hall.opened(), NotClosedYet),
        (await hall.held(present=9), BelowMinimum),
    ]
    for sitting, refusal in others[:-1]:
        with pytest.raises(refusal):
            await attempt(hall, sitting)
    with pytest.raises(BelowMinimum, match=r"\(9\) thấp hơn mức tối thiểu \(11\)"):
        await attempt(hall, others[-1][0])
    assert (await status(hall)).state is MonthState.HELD_BELOW_MINIMUM


async def test_story_3_without_a_regular_one_november_is_not_held(hall: Hall) -> None:
    for kind, mode in (
        (Kind.THEMATIC, Mode.IN_PERSON),
        (Kind.PRACTICE, Mode.IN_PERSON),
        (Kind.ONLINE_SESSION, Mode.ONLINE),
    ):
        await hall.held(kind, mode)
    assert (await status(hall)).state is MonthState.NO_DATA_YET
    hall.clock.set(AFTER_THE_DEADLINE)
    found = await status(hall)
    assert (found.state, found.standing_for) == (MonthState.NOT_HELD, None)
    assert {one.kind for one in found.sittings} == {Kind.THEMATIC, Kind.ONLINE_SESSION}


async def test_the_refusal_carries_the_rule_in_words(hall: Hall) -> None:
    online = await hall.held(Kind.ONLINE_SESSION, Mode.ONLINE)
    with pytest.raises(SupplementNeverFulfils) as refused:
        await attempt(hall, online)
    assert refused.value.code == "supplement-never-fulfils"
    assert "không được tính là buổi sinh hoạt thường kỳ tháng 11/2026" in str(refused.value)


async def test_closing_a_regular_meeting_holds_its_month_once(hall: Hall) -> None:
    first = await hall.held(mode=Mode.HYBRID)
    found = await status(hall)
    assert (found.state, found.standing_for) == (MonthState.HELD, first)
    assert (await attempt(hall, first)).standing_for == first
    second = await hall.held()
    with pytest.raises(AlreadyFulfilled):
        await attempt(hall, second)
    assert (await status(hall)).standing_for == first
    with pytest.raises(OtherMonthNeverFulfils):
        await attempt(hall, second, DECEMBER)


async def test_another_cells_meeting_is_unknown_or_refused(hall: Hall) -> None:
    foreign = await hall.held(who=FOREIGN)
    with pytest.raises(NoSuchMeeting):
        await attempt(hall, foreign)
    with pytest.raises(NoPower):
        await attempt(hall, foreign, who=FOREIGN)
    with pytest.raises(OtherCellNeverFulfils):
        may_fulfil(foreign, hall.house.cell, NOVEMBER)  # as who may see both cells would hear


async def test_two_parts_in_one_sitting_serve_month_and_quarter(hall: Hall) -> None:
    both = await hall.held(Kind.REGULAR_WITH_THEMATIC)
    found, theme, _ = await hall.service.month_of(hall.house.asks(MEMBER), hall.house.cell, NOVEMBER)
    assert (found.state, theme.state, theme.fulfilled_by) == (MonthState.HELD, ThemeState.HELD, both.id)


async def test_a_thematic_sitting_serves_the_quarter_only(hall: Hall) -> None:
    thematic = await hall.held(Kind.THEMATIC)
    found, theme, _ = await hall.service.month_of(hall.house.asks(SECRETARY), hall.house.cell, DECEMBER)
    assert (found.state, theme.state) == (MonthState.NO_DATA_YET, ThemeState.HELD)
    assert theme.fulfilled_by == thematic.id


async def test_story_10_below_the_minimum_is_a_state_with_its_sentence(hall: Hall) -> None:
    await hall.held(present=9)
    asker = hall.house.asks(SECRETARY)
    found, _, text = await hall.service.month_of(asker, hall.house.cell, NOVEMBER)
    assert found.state is MonthState.HELD_BELOW_MINIMUM
    assert text is not None
    assert "Đã họp trực tiếp ngày 24/11/2026" in text
    assert text.endswith("Mức này là mặc định của phần mềm. Đồng chí có thể triệu tập lại trong tháng.")


async def test_story_10_a_superiors_paper_counts_nothing(hall: Hall) -> None:
    asker = hall.house.asks(COMMUNE_SECRETARY)
    await hall.service.decide_month(asker, hall.house.cell, NOVEMBER, LETTER)
    found, _, text = await hall.service.month_of(hall.house.asks(MEMBER), hall.house.cell, NOVEMBER)
    assert (found.state, found.standing_for) == (MonthState.BY_SUPERIOR_DECISION, None)
    assert text == (
        "Tháng 11/2026: không tổ chức sinh hoạt thường kỳ, theo Công văn số 45-CV/ĐU ngày 20/11/2026 của "
        "Đảng ủy xã Thí Dụ. Không tính là đã họp."
    )
    with pytest.raises(DecisionTaken):
        await hall.service.decide_month(asker, hall.house.cell, NOVEMBER, LETTER)
    await hall.held()
    assert (await status(hall)).state is MonthState.HELD


async def test_a_permission_to_pilot_stands_beside_and_lifts_nothing(hall: Hall) -> None:
    permit = Paper(
        number="Thông báo số 7-TB/ĐU",
        issued_on=date(2026, 11, 2),
        issuer="Đảng ủy xã Thí Dụ",
        reason="thí điểm theo Hướng dẫn số 03-HD/TW ngày 27/12/2022",
        lifts_month=False,
    )
    await hall.service.decide_month(hall.house.asks(COMMUNE_SECRETARY), hall.house.cell, NOVEMBER, permit)
    await hall.held(Kind.ONLINE_SESSION, Mode.ONLINE)
    hall.clock.set(AFTER_THE_DEADLINE)
    found = await status(hall)
    assert (found.state, len(found.decisions)) == (MonthState.NOT_HELD, 1)


@pytest.mark.parametrize("who", [SECRETARY, AUDITOR, MEMBER, FOREIGN])
async def test_only_the_committee_above_decides(hall: Hall, who: str) -> None:
    with pytest.raises(NoPower):
        await hall.service.decide_month(hall.house.asks(who), hall.house.cell, NOVEMBER, LETTER)


async def test_story_10_the_five_states_sum_to_the_cells(hall: Hall) -> None:
    await hall.held()
    cells = [hall.house.cell, hall.house.other]
    async with hall.units.read() as uow:
        found = await convening.month_states(uow, cells, [NOVEMBER, DECEMBER], hall.clock.now().date())
    counted = tally(found[cell, NOVEMBER].state for cell in cells)
    assert sum(counted.values()) == len(cells)
    assert (counted[MonthState.HELD], counted[MonthState.NO_DATA_YET]) == (1, 1)
    assert set(found) == {(cell, month) for cell in cells for month in (NOVEMBER, DECEMBER)}


async def test_story_12_a_sitting_belongs_to_the_month_in_which_it_opened(hall: Hall) -> None:
    hall.clock.set(datetime(2026, 11, 30, 16, 30, tzinfo=UTC))  # 23:30 in Việt Nam
    late = await hall.held()
    assert hall.clock.now() == datetime(2026, 11, 30, 18, 5, tzinfo=UTC)  # 01:05 on 1 December there
    assert late.month == NOVEMBER
    assert (await status(hall)).state is MonthState.HELD
    assert (await status(hall, DECEMBER)).state is MonthState.NO_DATA_YET


async def test_story_12_a_meeting_planned_for_november_that_opens_in_december(hall: Hall) -> None:
    made = await hall.called()
    ready = await hall.service.convene(hall.house.asks(SECRETARY), made.id, Channel.ZALO_TEXT, {})
    hall.clock.set(datetime(2026, 12, 1, 12, 30, tzinfo=UTC))
    async with hall.units.begin() as uow:
        begun = await convening.open_sitting(uow, ready, uow.now)
    held = await hall.ended(begun)
    assert (held.month, (await status(hall, DECEMBER)).state) == (DECEMBER, MonthState.HELD)
    assert (await status(hall)).state is MonthState.NO_DATA_YET


def on_paper(hall: Hall) -> OnPaper:
    began = hall.clock.now() - timedelta(days=4)
    return OnPaper(
        kind=Kind.REGULAR,
        place="Nhà văn hóa thôn Mẫu",
        opened_at=began,
        closed_at=began + timedelta(minutes=92),
        photo=picture(),
    )


async def test_story_5_a_meeting_on_paper_fulfils_and_is_marked_for_ever(hall: Hall) -> None:
    hall.clock.set(datetime(2026, 12, 2, 3, 0, tzinfo=UTC))
    said = on_paper(hall)
    entered = await hall.service.enter_paper(hall.house.asks(SECRETARY), hall.house.cell, said)
    assert (entered.state, entered.month) == (State.OPEN, NOVEMBER)
    assert entered.entered_late_on == date(2026, 12, 2)
    async with hall.units.begin() as uow:
        paper = await convening.paper_of(uow, entered.id)
        assert paper is not None
        assert paper.photo_sha256 == sha256_of(said.photo)
        assert await files.read(uow, paper.photo_sha256) == said.photo
        called = await convening.convoked(uow, entered.id)
        assert {one.how for one in called} == {Channel.BY_WORD}
        ended, closing = await convening.close_sitting(
            uow,
            entered,
            roster=await convening.roster_of(uow, entered),
            hall_present=14,
            hall_required=11,
            at=paper.closed_at,
        )
        assert closing.fulfils
        await convening.mark_minuted(uow, ended.id)
        signed = await convening.mark_signed(uow, ended.id)
    assert isinstance(signed, Meeting)
    assert (signed.entered_late_on, signed.closed_at) == (date(2026, 12, 2), said.closed_at)
    assert (await status(hall)).standing_for == signed


async def test_paper_with_impossible_facts_is_refused_whole(hall: Hall) -> None:
    asker, good = hall.house.asks(SECRETARY), on_paper(hall)
    changed: list[tuple[dict[str, object], type[Exception]]] = [
        ({"closed_at": good.opened_at}, BadTimes),
        ({"closed_at": hall.clock.now() + timedelta(hours=1), "opened_at": hall.clock.now()}, InFuture),
        ({"kind": Kind.PRACTICE}, NotOnPaper),
        ({"photo": b""}, ScanTooLarge),
        ({"photo": "ảnh".encode()}, NotAScan),
    ]
    for facts, refusal in changed:
        wrong = OnPaper(**({name: getattr(good, name) for name in OnPaper.__slots__} | facts))
        with pytest.raises(refusal):
            await hall.service.enter_paper(asker, hall.house.cell, wrong)
    assert await hall.service.meetings_of(asker, hall.house.cell, NOVEMBER, NOVEMBER) == []
    with pytest.raises(NoPower):
        await hall.service.enter_paper(hall.house.asks(MEMBER), hall.house.cell, good)


async def test_a_restatement_is_appended_and_changes_no_count(hall: Hall) -> None:
    asker, said = (
        hall.house.asks(SECRETARY),
        Correction(what="hall_present", before="9", after="11", reason="ghi thiếu hai đồng chí đến muộn"),
    )
    open_one = await hall.opened(Kind.THEMATIC)
    with pytest.raises(NothingToRestate):
        await hall.service.restate(asker, open_one.id, said)
    short = await hall.held(present=9)
    made = await hall.service.restate(asker, short.id, said)
    assert await hall.service.restatements(hall.house.asks(AUDITOR), short.id) == [made]
    assert await hall.service.look_at(asker, short.id) == short
    assert (await status(hall)).state is MonthState.HELD_BELOW_MINIMUM
    with pytest.raises(NoPower):
        await hall.service.restate(hall.house.asks(AUDITOR), short.id, said)


async def test_a_forgotten_sitting_is_asked_for_and_never_closes_itself(hall: Hall) -> None:
    begun = await hall.opened()
    hall.clock.move(timedelta(hours=2, minutes=59))
    assert await hall.service.ask_forgotten() == 0
    hall.clock.move(timedelta(hours=8))
    assert (await hall.service.ask_forgotten(), await hall.service.ask_forgotten()) == (1, 1)
    assert begun.opened_at is not None
    ended = await hall.ended(begun, at=begun.opened_at + timedelta(minutes=95))
    assert ended.closed_at == begun.opened_at + timedelta(minutes=95)
    assert ended.device_closed_at == hall.clock.now()
    assert await hall.service.ask_forgotten() == 0
