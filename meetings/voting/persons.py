"""One person at a time: whom a question about a person names. Pure.

Admission, recognition as official, removal and discipline are each decided about one person; the dated table says of
each whom it can be about, and by which paper (domain.md 2.3).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from meetings.committees.rules import Member
from meetings.kernel.errors import Conflict, Invalid
from meetings.voting.instruments import cite
from meetings.voting.rules import Concerned, DecisionRule, OnePerson, Whom

# Signs between two names. "Và" with a capital is a family name.
_SEVERAL = re.compile(r"[,;/&+\n]| và | cùng với ")


class PersonMissing(Invalid):
    """Facts: citation."""

    code = "person-missing"
    message = "Việc này xét từng người một: xin ghi rõ một người. Căn cứ: {citation}."


class OnePersonOnly(Invalid):
    """Two names, or a name beside a member."""

    code = "one-person-only"
    message = "Mỗi lần chỉ biểu quyết về một người. Xin ghi một người; người khác mở biểu quyết riêng."


class NotThisPerson(Conflict):
    """Whom the kind cannot be about: an official member cannot be recognised, one on the roll not admitted."""

    code = "not-this-person"
    message = (
        "Người được xem xét không hợp với loại việc: kết nạp thì ghi họ tên người chưa có trong danh sách; "
        "công nhận chính thức thì chọn đảng viên dự bị; xóa tên, kỷ luật thì chọn đảng viên trong danh sách."
    )


class NobodyConcerned(Invalid):
    """The kind is not about a person."""

    code = "nobody-concerned"
    message = "Loại việc này không xét riêng một người, xin không ghi người được xem xét."


def concerned(rule: DecisionRule, asked: Concerned | None, roster: Iterable[Member]) -> Concerned | None:
    """The person with the name of the roll. Raises PersonMissing, OnePersonOnly, NotThisPerson, NobodyConcerned."""
    if rule.person is None:
        if asked is not None:
            raise NobodyConcerned
        return None
    if asked is None:
        raise PersonMissing(citation=cite(rule.person.citation))
    if _SEVERAL.search(asked.name) or (asked.member is not None and asked.name):
        raise OnePersonOnly
    return _named(rule.person, asked, roster)


def _named(one: OnePerson, asked: Concerned, roster: Iterable[Member]) -> Concerned:
    if one.whom is Whom.NEWCOMER:
        if asked.member is not None:
            raise NotThisPerson
        return asked
    found = next((member for member in roster if member.id == asked.member), None)
    if found is None or (one.whom is Whom.PROBATIONER and found.official):
        raise NotThisPerson
    return Concerned(name=found.full_name, member=found.id)
