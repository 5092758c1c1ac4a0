"""Stories 2, 3, 5, 10 and 12 of rules.md 7 as a superior sees them, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from meetings.attendance.rules import EvidenceKind
from meetings.attendance.service import Correction
from meetings.committees.powers import NoPower
from meetings.committees.rules import Leaving
from meetings.committees.service import CommitteesService
from meetings.convening.rules import Kind, Meeting, Mode
from meetings.convening.service import ConveningService, NoSuchMeeting, OnPaper
from meetings.convening.service import Correction as Restating
from meetings.db.types import load
from meetings.db.unit import Units
from meetings.kernel.canonical import digest
from meetings.kernel.ids import new_id
from meetings.ledger.rules import Act
from meetings.ledger.service import LedgerService, record
from meetings.oversight.pages import evidence_text
from meetings.oversight.service import AlreadyFrozen, CommitteesOnly, NotFrozen, QuarterRuns, recount_sitting
from meetings.oversight.sheets import quarter_sheet
from meetings.oversight.views import cell_view, evidence_view
from tests.attendance.world import MEMBER, SECRETARY, STRANGER, entered, more_officials
from tests.oversight.world import (
    CELLS,
    COMMUNE,
    DECEMBER,
    NOVEMBER,
    OCTOBER,
    Q4,
    Above,
    cell,
    evening,
    month_of,
    states,
    supplements_of,
)
from tests.scans import picture, sha256_of

JANUARY = DECEMBER.next()
PHOTO = picture()


async def test_story_2_the_rate_with_both_sets_and_the_phones_beside(above: Above) -> None:
    meeting = await above.november()
    look = await above.look()
    november = month_of(look, "S", NOVEMBER)
    rate = november["sitting"]["rate"]
    assert (november["state"], rate["text"]) == ("held", "15/22 = 68,18 %")
    assert (november["sitting"]["hall_present"], november["sitting"]["hall_required"]) == (14, 11)
    elder, phone = above.below.member("e1"), above.below.member("o14")
    assert elder not in rate["counted"]
    assert phone in rate["counted"]
    assert phone not in rate["present"]
    (beside,) = supplements_of(look, "S")
    assert (beside["joined"], beside["of_hybrid"], beside["supplements"]) == (4, True, meeting.id)


async def test_who_is_entered_afterwards_moves_no_figure_of_a_held_meeting(above: Above) -> None:
    meeting = await above.november()
    await more_officials(above.units, ["o99"])
    seen = await above.service.evidence(above.auditor, meeting.id)
    assert "Người Thử O99" not in {one.member.full_name for one in seen.lines}
    assert [one.full_name for one in seen.roster_notes] == ["Người Thử O99"]
    assert dict(evidence_text(seen).facts)["Tỷ lệ dự họp"] == "15/22 = 68,18 %"
    sitting = month_of(await above.look(), "S", NOVEMBER)["sitting"]
    assert sitting["rate"]["text"] == "15/22 = 68,18 %"


async def test_a_supplement_has_no_rate_of_its_own_and_nobody_absent(above: Above) -> None:
    await above.november()
    starts = evening(NOVEMBER, 27)
    online = await above.hold("S", starts, kind=Kind.ONLINE_SESSION, mode=Mode.ONLINE)
    found = await above.service.evidence(above.auditor, online.id)
    assert evidence_view(found).rate is None
    audited = cell_view(await above.service.cell(above.auditor, cell("S"), NOVEMBER))
    [said] = [one for month in audited.months for one in month.sittings if one.meeting == online.id]
    assert (said.present, said.counted, said.joined, said.fulfils) == (None, None, 0, False)
    seen = evidence_text(found)
    facts = dict(seen.facts)
    assert facts["Tính chất"] == "buổi bổ trợ, không thay sinh hoạt thường kỳ"
    assert facts["Qua điện thoại (bổ trợ, không cộng)"] == "0"
    assert not {"Tỷ lệ dự họp", "Chính thức tại hội trường"} & set(facts)
    assert {line.where for line in seen.lines} == {"không dự"}


async def test_story_3_nothing_but_a_regular_meeting_holds_the_month(above: Above) -> None:
    start = evening(NOVEMBER, 3)
    for number, kind in enumerate((Kind.THEMATIC, Kind.EXTRAORDINARY, Kind.COMMITTEE, Kind.PRACTICE)):
        await above.hold("S", start + timedelta(days=number), kind=kind)
    await above.hold("S", start + timedelta(days=9), kind=Kind.ONLINE_SESSION, mode=Mode.ONLINE)
    above.clock.set(evening(JANUARY, 15))
    look = await above.look()
    assert month_of(look, "S", NOVEMBER)["state"] == "not_held"
    assert month_of(look, "S", NOVEMBER)["sitting"] is None
    assert [one["of_hybrid"] for one in supplements_of(look, "S")] == [False]
    themes = {one["cell"]: one["theme"]["state"] for one in look.facts["cells"]}
    assert (themes[cell("S")], themes[cell("T")]) == ("held", "not_held")
    assert states(look, NOVEMBER)["not_held"] == len(CELLS)


async def test_how_late_results_are_is_seen_from_above_in_the_quarter_and_in_the_sitting(
    above: Above,
) -> None:
    """domain.md 1.3: within two days; on the last day nothing is late yet."""
    meeting = await above.november()
    above.clock.set(evening(NOVEMBER, 26, 23))
    sitting = month_of(await above.look(), "S", NOVEMBER)["sitting"]
    assert (sitting["results_due"], sitting["results_late_days"]) == ("2026-11-26", 0)
    above.clock.set(evening(NOVEMBER, 29))
    look = await above.look()
    sitting = month_of(look, "S", NOVEMBER)["sitting"]
    assert (sitting["results_done_on"], sitting["results_late_days"]) == (None, 3)
    assert sitting["results_text"] == "kết quả chưa hoàn thành, đã quá hạn 3 ngày (hạn: hết ngày 26/11/2026)"
    kinds = {one["kind"] for one in look.facts["findings"]}
    assert "results_late" in kinds
    seen = await above.service.evidence(above.auditor, meeting.id)
    assert seen.results is not None
    assert (seen.results.late, seen.results.citation) == (3, "Hướng dẫn số 42-HD/BTCTW ngày 28/10/2025")
    said = dict(evidence_text(seen).facts)["Hạn kết quả"]
    assert said.startswith("Kết quả chưa hoàn thành, đã quá hạn 3 ngày")


async def test_story_5_a_meeting_on_paper_counts_and_says_when_it_was_entered(above: Above) -> None:
    above.clock.set(evening(NOVEMBER, 28, 9))
    said = OnPaper(
        kind=Kind.REGULAR,
        place="Nhà văn hóa thôn",
        opened_at=evening(NOVEMBER, 24, 19, 30),
        closed_at=evening(NOVEMBER, 24, 21, 5),
        photo=PHOTO,
    )
    secretary = above.below.asks(SECRETARY)
    begun = await ConveningService(above.units).enter_paper(secretary, cell("S"), said)
    await above.close(begun, 14, 11, minutes=0, stated=said.closed_at)
    look = await above.look()
    sitting = month_of(look, "S", NOVEMBER)["sitting"]
    assert sitting["entered_late_text"] == "nhập sau, ngày 28/11/2026"
    kinds = {one["kind"] for one in look.facts["findings"] if one["meeting"] == begun.id}
    assert "entered_late" in kinds
    evidence = await above.service.evidence(above.auditor, begun.id)
    assert evidence.photo_sha256 == sha256_of(PHOTO)


async def test_story_10_the_five_states_sum_to_eighteen(above: Above) -> None:
    for name in CELLS[:10]:
        await above.hold(name, evening(NOVEMBER, 3))
    await above.hold("U10", evening(NOVEMBER, 3), present=9)
    await above.decide("U11", NOVEMBER)
    running = await above.look()
    assert states(running, NOVEMBER) == {
        "held": 10,
        "held_below_minimum": 1,
        "not_held": 0,
        "by_superior_decision": 1,
        "no_data_yet": 6,
    }
    above.clock.set(evening(DECEMBER, 20))
    over = await above.look()
    assert states(over, NOVEMBER)["not_held"] == 6
    for month in Q4.months():
        assert sum(states(over, month).values()) == 18
    assert month_of(over, "U11", NOVEMBER)["text"] == (
        "Tháng 11/2026: không tổ chức sinh hoạt thường kỳ, theo Công văn số 45-CV/ĐU ngày 20/11/2026 "
        "của Đảng ủy xã Thử. Không tính là đã họp."
    )
    short = month_of(over, "U10", NOVEMBER)
    assert short["sitting"]["hall_present"] == 9
    assert "(9) thấp hơn mức tối thiểu (11)" in short["text"]
    assert short["text"].endswith("Mức này là mặc định của phần mềm.")


async def test_story_12_november_holds_what_opened_in_november(above: Above) -> None:
    await above.hold("S", evening(NOVEMBER, 30, 23, 30), minutes=90)
    look = await above.look()
    assert month_of(look, "S", NOVEMBER)["state"] == "held"
    assert month_of(look, "S", DECEMBER)["state"] == "no_data_yet"


async def test_story_12_a_frozen_quarter_reprints_and_names_what_came_later(above: Above) -> None:
    meeting = await above.november()
    above.clock.set(evening(JANUARY, 15))
    frozen = await above.service.freeze(above.auditor, COMMUNE, Q4)
    assert frozen.hash == digest(load(frozen.report))
    above.clock.move(timedelta(days=3))
    said = Restating(what="giờ kết thúc", before="21:05", after="21:00", reason="ghi nhầm")
    await ConveningService(above.units).restate(above.below.asks(SECRETARY), meeting.id, said)
    await above.decide("T", NOVEMBER)
    again = await above.service.reprint(above.auditor, COMMUNE, Q4)
    assert digest(load((await above.service.snapshot(above.auditor, COMMUNE, Q4)).report)) == frozen.hash
    assert quarter_sheet(again.facts) == quarter_sheet(load(frozen.report))
    live = await above.look()
    assert live.frozen is not None
    changes = {(one.name, one.what): (one.before, one.after) for one in live.since}
    assert changes == {
        ("Chi bộ S", "số lần đính chính"): ("0", "1"),
        ("Chi bộ T", "trạng thái"): ("không họp", "không tổ chức theo văn bản của cấp trên"),
        ("Chi bộ T", "văn bản của cấp trên"): ("–", "Công văn số 45-CV/ĐU"),
    }
    (restated,) = month_of(live, "S", NOVEMBER)["restatements"]
    assert (restated["before"], restated["after"]) == ("21:05", "21:00")


async def test_a_quarter_is_frozen_once_after_its_end_by_a_committee(above: Above) -> None:
    with pytest.raises(NotFrozen):
        await above.service.reprint(above.auditor, COMMUNE, Q4)
    with pytest.raises(QuarterRuns):
        await above.service.freeze(above.auditor, COMMUNE, Q4)
    above.clock.set(evening(JANUARY, 1, 0))
    with pytest.raises(CommitteesOnly):
        await above.service.freeze(above.auditor, cell("S"), Q4)
    await above.service.freeze(above.auditor, COMMUNE, Q4)
    with pytest.raises(AlreadyFrozen):
        await above.service.freeze(above.auditor, COMMUNE, Q4)
    (chain,) = await LedgerService(above.units).verify([COMMUNE])
    assert (chain.valid, chain.entries) == (True, 1)


async def test_who_may_look(above: Above) -> None:
    for label in (MEMBER, STRANGER):
        with pytest.raises(NoPower):
            await above.service.quarter(above.below.asks(label), COMMUNE, Q4)
    own = await above.service.quarter(above.below.asks(SECRETARY), cell("S"), Q4)
    assert [one["name"] for one in own.facts["cells"]] == ["Chi bộ S"]
    with pytest.raises(NoPower):
        await above.service.quarter(above.below.asks(SECRETARY), cell("T"), Q4)


async def test_a_correction_after_closing_is_counted_and_listed(above: Above) -> None:
    meeting = await above.november()
    above.clock.move(timedelta(minutes=10))
    correction = Correction(
        id=new_id(), member=above.below.member("o19"), kind=EvidenceKind.PRESENT, reason="ghi sót"
    )
    await above.below.service.roll.correct(above.below.asks(SECRETARY), meeting.id, correction)
    november = month_of(await above.look(), "S", NOVEMBER)
    assert november["sitting"]["rate"]["text"].startswith("16/22")
    assert november["sitting"]["hall_present"] == 14
    (listed,) = november["restatements"]
    assert listed["reason"] == "ghi sót"
    assert ("16" in listed["before"], "17" in listed["after"]) == (True, True)
    assert await above.service.check_figures() == []


async def test_a_recount_counts_by_the_roster_of_the_close(above: Above) -> None:
    """Somebody forgotten is entered, somebody gone is ended: kept figures, the check and a recount all say the same."""
    meeting = await above.november()
    before = month_of(await above.look(), "S", NOVEMBER)["sitting"]["rate"]
    above.clock.move(timedelta(days=1))
    await entered(above.units, "n1", date(2026, 1, 5))
    gone, leaving = above.below.member("o3"), CommitteesService(above.units).leaving
    await leaving.end_membership(
        above.below.asks(SECRETARY), gone, date(2026, 10, 1), Leaving.TRANSFERRED, "Giấy chuyển"
    )
    assert await above.service.check_figures() == []
    async with above.units.begin() as uow:
        await recount_sitting(uow, meeting)
    assert month_of(await above.look(), "S", NOVEMBER)["sitting"]["rate"] == before


async def test_the_check_finds_and_repairs_what_was_not_counted(above: Above) -> None:
    held = await above.hold("S", evening(NOVEMBER, 3), hook=False)
    assert month_of(await above.look(), "S", NOVEMBER)["state"] == "held"
    (wrong,) = await above.service.check_figures()
    assert (wrong.cell, wrong.month, wrong.missing) == (held.cell, NOVEMBER, True)
    assert await above.service.recount_figures() == [wrong]
    assert await above.service.check_figures() == []
    assert await above.service.recount_figures([cell("S")]) == []


async def queries(above: Above, org: str) -> int:
    """How many statements one look takes when something has changed since the last."""
    count = 0
    async with above.units.begin() as uow:
        await record(uow, Act(cell=cell("S"), name="committees.sign_in", actor=SECRETARY))

    def tick(*_: object) -> None:
        nonlocal count
        count += 1

    database = above.units.database
    both = (database._reader.sync_engine, database._writer.sync_engine)
    engines = {engine.pool: engine for engine in both}.values()  # who shares a pool would tell us twice
    for engine in engines:
        event.listen(engine, "before_cursor_execute", tick)
    await above.look(org)
    for engine in engines:
        event.remove(engine, "before_cursor_execute", tick)
    return count


async def test_eighteen_cells_take_as_many_queries_as_one(above: Above) -> None:
    for name in CELLS:
        await above.hold(name, evening(OCTOBER, 3))
        await above.hold(name, evening(NOVEMBER, 3), mode=Mode.HYBRID)
    one, all_of_them = await queries(above, cell("S")), await queries(above, COMMUNE)
    assert one == all_of_them
    assert 0 < one <= 30


async def test_evidence_shows_names_sources_and_who_was_left_out(above: Above) -> None:
    left_out = {above.below.member("o2"): "đi chữa bệnh xa"}
    opened = await above.open(await above.plan("S", evening(NOVEMBER, 24), left_out=left_out))
    await above.below.roll(opened.id, ["o1", "o3"])
    closed = await above.close(opened, 2, 1)
    found = await above.service.evidence(above.auditor, closed.id)
    assert isinstance(found.meeting, Meeting)
    assert [(one.full_name, one.reason) for one in found.left_out] == [("Người Thử O2", "đi chữa bệnh xa")]
    lines = {line.member.id: line for line in found.lines}
    assert len(lines) == 28
    assert found.head_count is None
    (mark,) = lines[above.below.member("o3")].sources
    assert (mark.source.value, mark.kind.value) == ("roll_call", "present")
    assert [entry.act for entry in found.entries] == ["attendance.roll"]
    assert found.chain.valid
    assert month_of(await above.look(), "S", NOVEMBER)["sitting"]["left_out"] == 1


@pytest.mark.parametrize(
    ("heads", "said"), [(2, "2 đảng viên, khớp với danh sách"), (3, "3 đảng viên, danh sách khi đó ghi 2")]
)
async def test_evidence_lays_the_count_of_heads_beside_the_list(above: Above, heads: int, said: str) -> None:
    opened = await above.open(await above.plan("S", evening(NOVEMBER, 24)))
    await above.below.roll(opened.id, ["o1", "o3"], heads=heads)
    await above.below.roll(opened.id, ["o2"])  # comes late; nobody counts again
    closed = await above.close(opened, 3, 1)
    found = await above.service.evidence(above.auditor, closed.id)
    assert dict(evidence_text(found).facts)["Đếm trong hội trường"] == said
    view = evidence_view(found)
    assert (view.head_count, view.marked_then) == (heads, 2)


async def acts(above: Above, name: str) -> list[tuple[str, str | None]]:
    look = await above.service.ledger(above.auditor, cell(name), after=0, most=500)
    return [(line.act, line.actor) for line in look.lines]


async def test_a_look_from_above_is_recorded_one_from_within_is_not(above: Above) -> None:
    held = await above.hold("S", evening(NOVEMBER, 3))
    await above.service.evidence(above.below.asks(SECRETARY), held.id)
    assert await acts(above, "S") == []
    await above.service.evidence(above.auditor, held.id)
    assert await acts(above, "S") == [("oversight.look", above.auditor.person)]
    with pytest.raises(NoPower):
        await above.service.evidence(above.below.asks(MEMBER), held.id)
    with pytest.raises(NoSuchMeeting):
        await above.service.evidence(above.below.asks(STRANGER), held.id)
    assert len(await acts(above, "S")) == 1


async def test_a_practice_has_no_evidence_for_superiors(above: Above) -> None:
    practice = await above.hold("S", evening(NOVEMBER, 3), kind=Kind.PRACTICE)
    with pytest.raises(NoSuchMeeting):
        await above.service.evidence(above.auditor, practice.id)


async def test_the_ledger_is_paged_and_its_chain_told(above: Above) -> None:
    await above.november()
    whole = await above.service.ledger(above.auditor, cell("S"), after=0, most=500)
    assert [line.seq for line in whole.lines] == list(range(1, len(whole.lines) + 1))
    second = await above.service.ledger(above.auditor, cell("S"), after=1, most=1)
    assert [line.seq for line in second.lines] == [2]
    assert second.chain.valid
    assert second.chain.entries == len(whole.lines)
    with pytest.raises(NoPower):
        await above.service.ledger(above.below.asks(MEMBER), cell("S"), after=0, most=1)


async def test_a_commune_without_cells_reports_nothing(above: Above, units: Units) -> None:
    del units
    before = await above.service.quarter(above.auditor, COMMUNE, Q4)
    assert len(before.facts["cells"]) == len(CELLS)
    assert {one["kind"] for one in before.facts["findings"]} <= {"not_held", "no_theme"}
