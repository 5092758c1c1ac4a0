"""Who is called, whom to ring, and when nothing may sound."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from meetings.committees.rules import Category
from meetings.kernel.months import DEFAULT_ZONE
from meetings.notices import rules
from meetings.notices.rules import NoticeKind, Quiet, Reach, RingReason


def test_one_notice_per_sitting_person_and_kind() -> None:
    key = rules.notice_key("meeting", "member", NoticeKind.CONVOCATION)
    assert key == rules.notice_key("meeting", "member", NoticeKind.CONVOCATION)
    others = {
        rules.notice_key("meeting", "other", NoticeKind.CONVOCATION),
        rules.notice_key("other", "member", NoticeKind.CONVOCATION),
        rules.notice_key("meeting", "member", NoticeKind.MOVED),
        rules.notice_key("meeting", "member", NoticeKind.MOVED, "2"),
    }
    assert len(others | {key}) == 5


def test_suspended_members_are_not_convoked() -> None:
    with pytest.raises(rules.NotConvoked):
        rules.may_convoke(Category.SUSPENDED)
    for category in set(Category) - {Category.SUSPENDED}:
        rules.may_convoke(category)


def test_leaving_out_an_entitled_member_asks_for_a_reason() -> None:
    for category in set(Category) - {Category.SUSPENDED}:
        with pytest.raises(rules.ReasonToLeaveOut):
            rules.may_leave_out(category, "  ")
    rules.may_leave_out(Category.EXEMPT, "Đang nằm viện")
    rules.may_leave_out(Category.SUSPENDED, "")


def reach(name: str, **other: bool) -> Reach:
    facts = {"smartphone": True, "has_account": True, **other}
    return Reach(member=name, full_name=name, phone="0100000001", **facts)


def test_the_list_of_whom_to_ring_by_given_name() -> None:
    people = [
        reach("Lê Thị Mẫu Vân"),
        reach("Trần Văn Mẫu Ân", smartphone=False),
        reach("Nguyễn Văn Mẫu An", has_account=False),
        reach("Lê Thị Mẫu Bình", replied=True, has_account=False),
        reach("Lê Thị Mẫu Cúc", smartphone=False, told_by_voice=True),
    ]
    assert [(one.full_name.split()[-1], one.reason) for one in rules.to_ring(people)] == [
        ("An", RingReason.NO_ACCOUNT),
        ("Ân", RingReason.NO_SMARTPHONE),
        ("Vân", RingReason.NO_REPLY),
    ]
    early = rules.to_ring(people, reply_awaited=False)
    assert RingReason.NO_REPLY not in {one.reason for one in early}


def test_each_reason_has_its_words() -> None:
    assert len({rules.ring_word(reason) for reason in RingReason}) == len(RingReason)


@pytest.mark.parametrize(
    ("at", "sent"),
    [
        ((24, 13, 0), (24, 13, 0)),  # 20:00 local
        ((24, 14, 30), (24, 23, 0)),  # 21:30 waits for 6:00 of the next morning
        ((24, 20, 0), (24, 23, 0)),  # 3:00 of the 25th
        ((24, 23, 0), (24, 23, 0)),  # 6:00 sharp
    ],
)
def test_nothing_sounds_at_night(at: tuple[int, int, int], sent: tuple[int, int, int]) -> None:
    moment = datetime(2026, 11, *at, tzinfo=UTC)
    assert rules.send_after(moment, DEFAULT_ZONE, Quiet()) == datetime(2026, 11, *sent, tzinfo=UTC)
    assert rules.send_after(moment, DEFAULT_ZONE, Quiet(), urgent=True) == moment


def test_quiet_hours_may_lie_within_a_day() -> None:
    noon = Quiet(begins=time(11, 30), ends=time(13, 30))
    at_noon = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    assert rules.send_after(at_noon, DEFAULT_ZONE, noon) == datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
    midnight = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
    assert rules.send_after(midnight, DEFAULT_ZONE, noon) == midnight
