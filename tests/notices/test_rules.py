"""Who is called, and whom to ring."""

from __future__ import annotations

import pytest

from meetings.committees.rules import Category
from meetings.notices import rules
from meetings.notices.rules import NoticeKind, Reach, RingReason


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
        reach("Lê Thị Mẫu Bình", told_by_voice=True, has_account=False),
        reach("Lê Thị Mẫu Cúc", smartphone=False, told_by_voice=True),
    ]
    assert [(one.full_name.split()[-1], one.reason) for one in rules.to_ring(people)] == [
        ("An", RingReason.NO_ACCOUNT),
        ("Ân", RingReason.NO_SMARTPHONE),
    ]


def test_each_reason_has_its_words() -> None:
    assert len({rules.ring_word(reason) for reason in RingReason}) == len(RingReason)
