"""The vote base by worked examples (domain.md 2.2, rules.md 7 story 1) and by properties."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.attendance.presence import has_vote
from meetings.committees.rules import Category
from meetings.voting.base import base_of, moved
from meetings.voting.rules import BaseKind, Excluded, Included, Move
from tests.cell_s import CONVOKED, ELDER, HALL, PHONES, ROSTER, ids, member

everyone = st.sets(st.sampled_from([one.id for one in ROSTER]))


def test_official_members_absent_for_work_stay_in() -> None:
    """The quiz on 294-QĐ/TW (26/05/2025): 20 official, 2 probationary, 3 on mission: 20, not 17."""
    roster = [member(Category.OFFICIAL, n) for n in range(20)] + [
        member(Category.PROBATIONARY, n) for n in (1, 2)
    ]
    called = [one.id for one in roster]
    base = base_of(roster, convoked=called, present=called[3:])
    assert base.size == 20
    assert len(base.having(Included.ABSENT)) == 3
    assert len(base.having(Excluded.PROBATIONARY)) == 2


def test_story_1_base_is_20() -> None:
    base = base_of(ROSTER, convoked=CONVOKED, present=HALL, by_phone=PHONES, taking_part={ELDER})
    assert base.size == 20
    assert len(base.present) == 14
    assert base.having(Included.EXEMPT_TAKING_PART) == (ELDER,)
    assert len(base.having(Included.ABSENT_BY_PHONE)) == 3
    assert len(base.having(Included.ABSENT)) == 3
    assert len(base.having(Excluded.AWAY_ABSENT)) == 2
    assert len(base.having(Excluded.EXEMPT_ABSENT)) == 2


def test_story_1_base_is_19_when_the_elder_declines() -> None:
    base = base_of(ROSTER, convoked=CONVOKED, present=HALL, by_phone=PHONES)
    assert base.size == 19
    assert base.having(Excluded.EXEMPT_NOT_TAKING_PART) == (ELDER,)
    assert ELDER not in base.entitled


def test_a_member_sent_elsewhere_counts_when_there_and_may_give_an_opinion_when_not() -> None:
    away = ids(Category.TEMPORARY_AWAY)
    base = base_of(ROSTER, convoked=CONVOKED, present={*HALL, away[0]})
    assert base.having(Included.AWAY_PRESENT) == away[:1]
    assert away[1] not in base.members
    assert away[1] in base.entitled


def test_who_was_not_called_is_told_apart() -> None:
    left_out = ids(Category.OFFICIAL)[0]
    base = base_of(ROSTER, convoked=CONVOKED - {left_out}, present=HALL)
    assert base.having(Excluded.NOT_CONVOKED) == (left_out,)


def test_an_exempt_member_on_the_phone_is_absent() -> None:
    base = base_of(
        ROSTER, convoked=CONVOKED, present=set(HALL) - {ELDER}, by_phone={ELDER}, taking_part={ELDER}
    )
    assert ELDER in base.having(Excluded.EXEMPT_ABSENT)


def test_absent_with_an_accepted_reason_leaves_an_election_only() -> None:
    absent = ids(Category.OFFICIAL, 16)
    usual = base_of(ROSTER, convoked=CONVOKED, present=HALL, excused=absent)
    election = base_of(ROSTER, convoked=CONVOKED, present=HALL, excused=absent, kind=BaseKind.LESS_EXCUSED)
    assert (usual.size, election.size) == (19, 16)
    assert election.having(Excluded.EXCUSED_ALL_THROUGH) == absent
    present = base_of(ROSTER, convoked=CONVOKED, present=HALL, kind=BaseKind.PRESENT)
    assert (present.size, len(present.having(Excluded.NOT_PRESENT))) == (13, 6)


def test_who_came_and_went_is_told() -> None:
    first, last = ids(Category.OFFICIAL)[0], ids(Category.OFFICIAL)[18]
    before = base_of(ROSTER, convoked=CONVOKED, present=HALL)
    after = base_of(ROSTER[:-1], convoked=CONVOKED, present={*HALL, last} - {first})
    assert moved(before, after) == (
        Move(member=first, before=Included.PRESENT, after=Included.ABSENT),
        Move(member=last, before=Included.ABSENT, after=Included.PRESENT),
        Move(member=ROSTER[-1].id, before=Excluded.SUSPENDED, after=None),
    )
    assert moved(before, before) == ()


@settings(max_examples=100, deadline=None, derandomize=True)
@given(convoked=everyone, present=everyone, phones=everyone, taking_part=everyone)
def test_each_member_stands_in_the_base_or_outside_it_once(
    convoked: set[str], present: set[str], phones: set[str], taking_part: set[str]
) -> None:
    base = base_of(ROSTER, convoked=convoked, present=present, by_phone=phones, taking_part=taking_part)
    names = [who for who, _ in (*base.included, *base.excluded)]
    assert sorted(names) == sorted(one.id for one in ROSTER)
    never = {*ids(Category.PROBATIONARY), *ids(Category.TEMPORARY_ARRIVED), *ids(Category.SUSPENDED)}
    assert not base.members & never
    assert not base.entitled & never
    assert base.members <= convoked
    assert set(ids(Category.OFFICIAL)) & convoked <= base.members
    assert base.present <= present
    voters = {one.id for one in ROSTER if has_vote(one, taking_part=taking_part)}
    assert base.present == voters & present & convoked
