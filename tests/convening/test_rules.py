"""What a sitting counts for, decided once from kind and mode."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from meetings.convening import rules, states
from meetings.convening.rules import Kind, Meeting, MeetingPlan, Mode, Practice, Standing, State
from meetings.kernel.ids import new_id
from meetings.kernel.months import Month

START = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)


def plan(kind: Kind = Kind.REGULAR, mode: Mode = Mode.IN_PERSON, **other: object) -> MeetingPlan:
    facts = {"title": "Buổi mẫu", "place": "Nhà văn hóa thôn Mẫu", "starts_at": START, **other}
    return MeetingPlan(cell=new_id(), kind=kind, mode=mode, **facts)  # type: ignore[arg-type]  # test shorthand


IN_HALL = {Kind.THEMATIC, Kind.EXTRAORDINARY, Kind.COMMITTEE, Kind.CONGRESS, Kind.CEREMONY}
ALLOWED = {
    (Kind.REGULAR, Mode.IN_PERSON): Standing.MANDATORY,
    (Kind.REGULAR, Mode.HYBRID): Standing.MANDATORY,
    (Kind.REGULAR_WITH_THEMATIC, Mode.IN_PERSON): Standing.MANDATORY,
    (Kind.REGULAR_WITH_THEMATIC, Mode.HYBRID): Standing.MANDATORY,
    **{(kind, Mode.IN_PERSON): Standing.ADDITIONAL for kind in IN_HALL},
    (Kind.ONLINE_SESSION, Mode.ONLINE): Standing.SUPPLEMENT,
    (Kind.THEMATIC, Mode.ONLINE): Standing.SUPPLEMENT,
    (Kind.EXTRAORDINARY, Mode.ONLINE): Standing.SUPPLEMENT,
    (Kind.COMMITTEE, Mode.ONLINE): Standing.SUPPLEMENT,
    **{(Kind.PRACTICE, mode): Standing.NONE for mode in Mode},
}


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("kind", Kind)
def test_every_kind_and_mode_has_its_standing_or_is_refused(kind: Kind, mode: Mode) -> None:
    if (kind, mode) in ALLOWED:
        assert rules.standing_of(kind, mode) is ALLOWED[kind, mode]
    else:
        with pytest.raises(rules.NotThisStanding):
            rules.standing_of(kind, mode)


@pytest.mark.parametrize("kind", [Kind.REGULAR, Kind.REGULAR_WITH_THEMATIC])
def test_a_regular_meeting_online_is_refused_with_the_reason(kind: Kind) -> None:
    with pytest.raises(rules.OnlineIsSupplement, match="không thay thế sinh hoạt thường kỳ"):
        rules.draft(plan(kind, Mode.ONLINE), sitting=new_id())


def test_an_online_session_has_no_hall() -> None:
    with pytest.raises(rules.OnlineOnly):
        rules.draft(plan(Kind.ONLINE_SESSION, Mode.HYBRID), sitting=new_id())


def test_an_online_session_never_names_a_hall_as_its_place() -> None:
    made = rules.draft(plan(Kind.COMMITTEE, Mode.ONLINE), sitting=new_id())
    assert made.place == rules.ON_PHONES
    assert states.moved(made, starts_at=START, place="Nhà văn hóa thôn Mẫu").place == rules.ON_PHONES
    assert rules.draft(plan(Kind.REGULAR, Mode.HYBRID), sitting=new_id()).place == "Nhà văn hóa thôn Mẫu"


def test_a_draft_carries_the_plan_and_counts_nothing_yet() -> None:
    made = rules.draft(plan(), sitting=new_id())
    assert isinstance(made, Meeting)
    assert (made.state, made.standing, made.month) == (State.DRAFT, Standing.MANDATORY, Month(2026, 11))
    assert (made.fulfils, made.fulfils_theme, made.hall_present, made.hall_required) == (False, False, 0, 0)


def test_a_practice_is_another_type_without_anything_that_counts() -> None:
    made = rules.draft(plan(Kind.PRACTICE), sitting=new_id())
    assert isinstance(made, Practice)
    assert not hasattr(made, "fulfils")
    assert not hasattr(made, "standing")


def test_the_planned_month_is_the_cells_own() -> None:
    late = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)  # 03:00 on 1/12 in Hà Nội, 21:00 on 30/11 in Paris
    assert rules.draft(plan(starts_at=late), sitting=new_id()).month == Month(2026, 12)
    assert rules.draft(plan(starts_at=late, zone="Europe/Paris"), sitting=new_id()).month == Month(2026, 11)


def test_only_a_supplement_names_what_it_supplements() -> None:
    other = new_id()
    made = rules.draft(plan(Kind.ONLINE_SESSION, Mode.ONLINE, supplements=other), sitting=new_id())
    assert isinstance(made, Meeting)
    assert made.supplements == other
    for kind in (Kind.REGULAR, Kind.THEMATIC, Kind.PRACTICE):
        with pytest.raises(rules.SupplementsNothing):
            rules.draft(plan(kind, supplements=other), sitting=new_id())


@pytest.mark.parametrize("minutes", [-1, 0, 4, 1441, 10**9])
def test_planned_minutes_have_bounds(minutes: int) -> None:
    with pytest.raises(rules.BadPlan):
        rules.draft(plan(planned_minutes=minutes), sitting=new_id())


def test_the_theme_is_served_in_the_hall_only() -> None:
    served = {(kind, mode) for kind in Kind for mode in Mode if rules.serves_theme(kind, mode)}
    assert (Kind.THEMATIC, Mode.ONLINE) not in served
    assert (Kind.REGULAR, Mode.IN_PERSON) not in served
    assert {(Kind.THEMATIC, Mode.IN_PERSON), (Kind.REGULAR_WITH_THEMATIC, Mode.HYBRID)} <= served
