"""Single rules of the fold, each by an example."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from meetings.attendance.fold import fold
from meetings.attendance.rules import (
    Channel,
    Evidence,
    EvidenceKind,
    Finding,
    Interval,
    MemberAttendance,
    Source,
)
from meetings.committees.rules import Category
from meetings.convening.rules import Mode
from meetings.rooms.rules import Ban, Seat
from tests.cell_s import (
    CLOSED,
    MEETING,
    OPENED,
    ROSTER,
    SECRETARY,
    at,
    confirmed,
    corrected,
    evidence,
    ids,
    joined,
    left,
    marked,
    member,
    scanned,
)

ANN = ids(Category.OFFICIAL)[0]
SUSPENDED = ids(Category.SUSPENDED)[0]


def of_ann(
    *facts: Evidence, mode: Mode = Mode.HYBRID, bans: tuple[Ban, ...] = (), minutes: float = 95
) -> MemberAttendance:
    """The fold of one member's evidence at that minute; the sitting closes at 95."""
    return fold(
        facts, opened_at=OPENED, closed_at=CLOSED, roster=ROSTER, now=at(minutes), mode=mode, bans=bans
    )[ANN]


def poll(minutes: float, *sids: str) -> Evidence:
    """A complete list that shows Ann under these SIDs."""
    seats = tuple(Seat(sid=sid, member=ANN) for sid in sids)
    return replace(evidence(EvidenceKind.LISTED, minutes, Source.POLL), seats=seats)


def beat(minutes: float, until: float | None = None, sid: str = "PA_1") -> Evidence:
    """Heartbeats from one minute to another."""
    one = evidence(EvidenceKind.SEEN, minutes, Source.HEARTBEAT, who=ANN, sid=sid)
    return replace(one, until=None if until is None else at(until))


def spans(found: MemberAttendance) -> list[tuple[float, float | None]]:
    """Online intervals in minutes after the opening."""
    return [(_minutes(one.since), None if one.until is None else _minutes(one.until)) for one in found.online]


def _minutes(moment: datetime) -> float:
    return (moment - OPENED) / timedelta(minutes=1)


def findings(found: MemberAttendance) -> list[Finding]:
    return [one.finding for one in found.disagreements]


# --- the hall ----------------------------------------------------------------


def test_nothing_is_presence_in_the_hall_until_the_roll_is_confirmed() -> None:
    found = of_ann(scanned(ANN, -5), marked(EvidenceKind.PRESENT, ANN, 1, 1))
    assert found.channel is Channel.NONE
    assert found.scanned
    assert not found.disagreements


def test_a_scan_counts_once_the_roll_is_confirmed() -> None:
    found = of_ann(scanned(ANN, -5), confirmed(5, 1))
    assert found.channel is Channel.HALL
    assert found.hall == Interval(OPENED, CLOSED)
    assert not found.late


def test_a_scan_after_the_confirmation_waits_for_the_secretary() -> None:
    found = of_ann(confirmed(5, 1), scanned(ANN, 20))
    assert found.channel is Channel.NONE
    assert findings(found) == [Finding.SCANNED_NOT_CONFIRMED]
    again = of_ann(confirmed(5, 1), scanned(ANN, 20), confirmed(25, 2))
    assert again.hall == Interval(at(20), CLOSED)
    assert again.late


def test_the_roll_overrules_a_scan_and_says_so() -> None:
    scan, absent = scanned(ANN, -5), marked(EvidenceKind.ABSENT, ANN, 1, 1)
    found = of_ann(scan, absent, confirmed(5, 2))
    assert found.channel is Channel.NONE
    assert found.disagreements[0].finding is Finding.SCANNED_BUT_MARKED_ABSENT
    assert set(found.disagreements[0].evidence) == {scan.id, absent.id}


def test_the_last_mark_by_sequence_wins_whenever_it_was_made() -> None:
    first = marked(EvidenceKind.PRESENT, ANN, 30, 1)
    second = marked(EvidenceKind.ABSENT, ANN, 2, 2)
    assert of_ann(second, first, confirmed(5, 3)).channel is Channel.NONE


def test_a_correction_counts_and_is_listed() -> None:
    mark = marked(EvidenceKind.ABSENT, ANN, 1, 1)
    found = of_ann(mark, confirmed(5, 2), corrected(EvidenceKind.PRESENT, ANN, 90, 3))
    assert found.channel is Channel.HALL
    assert findings(found) == [Finding.CORRECTED]


def test_late_and_early_times_bound_the_stay() -> None:
    late, early = marked(EvidenceKind.LATE, ANN, 4, 1), marked(EvidenceKind.LEFT_EARLY, ANN, 60, 2)
    found = of_ann(late, early, confirmed(5, 3))
    assert found.hall == Interval(at(4), at(60))
    assert found.late
    assert found.left_early


@pytest.mark.parametrize(
    ("kinds", "hall"),
    [
        ((EvidenceKind.LEFT_EARLY, EvidenceKind.PRESENT), (0, 95)),
        ((EvidenceKind.LATE, EvidenceKind.PRESENT), (0, 95)),
        ((EvidenceKind.ABSENT, EvidenceKind.LATE), (40, 95)),
        ((EvidenceKind.LEFT_EARLY, EvidenceKind.LATE), (40, 95)),
        ((EvidenceKind.LEFT_EARLY,), (0, 40)),
    ],
)
def test_a_later_mark_replaces_what_it_contradicts(
    kinds: tuple[EvidenceKind, ...], hall: tuple[float, float]
) -> None:
    marks = [marked(kind, ANN, 40, place) for place, kind in enumerate(kinds, start=1)]
    assert of_ann(*marks, confirmed(5, 9)).hall == Interval(at(hall[0]), at(hall[1]))


def test_online_evidence_never_makes_presence_in_the_hall() -> None:
    found = of_ann(joined(ANN, 0, "PA_1"), poll(1, "PA_1"), beat(2), confirmed(5, 1))
    assert found.channel is Channel.ONLINE
    assert found.hall is None


def test_hall_and_phone_together_are_both() -> None:
    assert of_ann(scanned(ANN, 0), confirmed(5, 1), joined(ANN, 1, "PA_1")).channel is Channel.BOTH


def test_an_online_session_has_no_hall() -> None:
    found = of_ann(marked(EvidenceKind.PRESENT, ANN, 1, 1), confirmed(5, 2), mode=Mode.ONLINE)
    assert found.channel is Channel.NONE
    assert findings(found) == [Finding.MARKED_WITHOUT_HALL]


def test_an_in_person_meeting_has_no_room() -> None:
    assert of_ann(joined(ANN, 1, "PA_1"), mode=Mode.IN_PERSON).channel is Channel.NONE


def test_a_suspended_member_never_counts_and_is_listed() -> None:
    facts = [scanned(SUSPENDED, 0), marked(EvidenceKind.PRESENT, SUSPENDED, 1, 1), confirmed(5, 2)]
    facts.append(joined(SUSPENDED, 1, "PA_9"))
    found = fold(facts, opened_at=OPENED, closed_at=None, roster=ROSTER, now=at(9), mode=Mode.HYBRID)[
        SUSPENDED
    ]
    assert found.channel is Channel.NONE
    assert findings(found) == [Finding.SUSPENDED_BUT_SEEN]
    assert len(found.disagreements[0].evidence) == 3


# --- the room ----------------------------------------------------------------


def test_connections_are_joined_and_cut_to_the_sitting() -> None:
    found = of_ann(
        joined(ANN, -3, "PA_1"),
        left(ANN, 20, "PA_1"),
        joined(ANN, 10, "PA_2"),
        left(ANN, 30, "PA_2"),
        joined(ANN, 50, "PA_3"),
    )
    assert spans(found) == [(0, 30), (50, 95)]


def test_a_poll_closes_what_it_does_not_show_and_a_later_one_opens_again() -> None:
    facts = [joined(ANN, 1, "PA_1"), poll(10), poll(20, "PA_1"), poll(30, "PA_1"), poll(40)]
    assert spans(of_ann(*facts)) == [(1, 10), (20, 40)]


def test_a_poll_tells_when_the_connection_began() -> None:
    seat = Seat(sid="PA_1", member=ANN, since=at(3))
    listed = replace(evidence(EvidenceKind.LISTED, 10, Source.POLL), seats=(seat,))
    assert spans(of_ann(listed, left(ANN, 20, "PA_1"))) == [(3, 20)]


def test_a_leaving_tells_when_the_connection_began() -> None:
    assert spans(of_ann(replace(left(ANN, 20, "PA_1"), since=at(3)))) == [(3, 20)]


def test_a_connection_that_left_never_comes_back() -> None:
    facts = [joined(ANN, 1, "PA_1"), left(ANN, 10, "PA_1"), beat(11), poll(12, "PA_1")]
    assert spans(of_ann(*facts)) == [(1, 10)]


def test_a_poll_that_crossed_a_join_does_not_close_it() -> None:
    assert spans(of_ann(joined(ANN, 1, "PA_1"), poll(1.02), poll(5, "PA_1"))) == [(1, 95)]


def test_heartbeats_fill_in_but_do_not_contradict_a_poll() -> None:
    assert spans(of_ann(beat(3, until=9))) == [(3, 95)]
    assert spans(of_ann(poll(1), beat(3, until=9), poll(20), beat(21))) == [(3, 20)]


def test_heartbeats_of_the_future_do_not_reach_back() -> None:
    assert spans(of_ann(beat(3, until=9), minutes=5)) == [(3, None)]


def test_the_end_of_the_room_ends_every_connection_before_it() -> None:
    ended = evidence(EvidenceKind.ROOM_ENDED, 40, Source.WEBHOOK)
    facts = [joined(ANN, 1, "PA_1"), ended, joined(ANN, 50, "PA_2"), left(ANN, 60, "PA_2")]
    assert spans(of_ann(*facts)) == [(1, 40), (50, 60)]


def test_a_guest_in_the_list_is_nobody_of_the_roster() -> None:
    listed = replace(evidence(EvidenceKind.LISTED, 3, Source.POLL), seats=(Seat(sid="PA_7", member=None),))
    assert of_ann(listed).channel is Channel.NONE


def test_late_and_early_online() -> None:
    found = of_ann(joined(ANN, 16, "PA_1"), left(ANN, 79, "PA_1"))
    assert (found.late, found.left_early) == (True, True)
    punctual = of_ann(joined(ANN, 15, "PA_1"), left(ANN, 80, "PA_1"))
    assert (punctual.late, punctual.left_early) == (False, False)


def test_what_falls_in_a_ban_never_counts_and_is_listed() -> None:
    ban = Ban(meeting=MEETING, member=ANN, at=at(30), by=SECRETARY, reason="ồn")
    again = joined(ANN, 40, "PA_2")
    found = of_ann(joined(ANN, 1, "PA_1"), again, bans=(ban,))
    assert spans(found) == [(1, 30)]
    assert found.disagreements[0].finding is Finding.BANNED_BUT_SEEN
    assert found.disagreements[0].evidence == (again.id,)


def test_a_member_banned_from_the_start_has_no_online_presence() -> None:
    ban = Ban(meeting=MEETING, member=ANN, at=OPENED, by=SECRETARY, reason="ồn")
    assert of_ann(joined(ANN, 1, "PA_1"), bans=(ban,)).channel is Channel.NONE


def test_a_lifted_ban_lets_in_again() -> None:
    ban = Ban(meeting=MEETING, member=ANN, at=at(30), by=SECRETARY, reason="ồn", lifted_at=at(50))
    assert spans(of_ann(joined(ANN, 1, "PA_1"), bans=(ban,))) == [(1, 30), (50, 95)]


def test_a_ban_of_somebody_else_changes_nothing() -> None:
    other = Ban(meeting=MEETING, member=SUSPENDED, at=OPENED, by=SECRETARY, reason="ồn")
    assert spans(of_ann(joined(ANN, 1, "PA_1"), bans=(other,))) == [(1, 95)]


# --- asked during the sitting -------------------------------------------------


def test_while_open_the_end_is_not_known() -> None:
    found = of_ann(joined(ANN, 1, "PA_1"), scanned(ANN, 0), confirmed(5, 1), minutes=20)
    assert found.hall == Interval(OPENED, None)
    assert spans(found) == [(1, None)]


def test_asked_for_an_earlier_moment_it_answers_as_of_then() -> None:
    facts = [joined(ANN, 1, "PA_1"), left(ANN, 30, "PA_1"), scanned(ANN, 40), confirmed(41, 1)]
    assert of_ann(*facts, minutes=20).channel is Channel.ONLINE
    assert of_ann(*facts, minutes=45).channel is Channel.BOTH


def test_evidence_of_people_outside_the_roster_is_left_out() -> None:
    stranger = member(Category.OFFICIAL, 99)
    found = fold(
        [joined(stranger.id, 1, "PA_1")],
        opened_at=OPENED,
        closed_at=None,
        roster=ROSTER,
        now=at(5),
        mode=Mode.HYBRID,
    )
    assert stranger.id not in found
    assert len(found) == len(ROSTER)
