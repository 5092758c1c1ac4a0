"""Elections, pure: who stands, which list may be closed, who is elected (domain.md 2.5).

190-QĐ/TW (10/10/2024), Điều 14 and 30: a list for the cell committee exceeds its seats, and more than half of the base
elects. How long a list may be and what brings a name onto it are dated data (`list_rules.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from meetings.committees.rules import Category, Member
from meetings.kernel.errors import Conflict, NotFound
from meetings.kernel.ids import Id
from meetings.voting.instruments import cite
from meetings.voting.list_rules import ListRule
from meetings.voting.paper import NameResult, PaperLine
from meetings.voting.papers import CHARTER_24, on
from meetings.voting.refusals import TooManyHands
from meetings.voting.rules import DecisionKind

ELECTIONS = frozenset(
    {
        DecisionKind.COMMITTEE_ELECTION,
        DecisionKind.SECRETARY_ELECTION,
        DecisionKind.DEPUTY_ELECTION,
        DecisionKind.DELEGATE_ELECTION,
    }
)
LEAST_FOR_COMMITTEE = 9  # official members
_ONE_SEAT = frozenset({DecisionKind.SECRETARY_ELECTION, DecisionKind.DEPUTY_ELECTION})


class Step(StrEnum):
    """What happened to a name; steps are kept in their order."""

    BY_CONVENOR = "by_convenor"
    BY_MEMBER = "by_member"
    BY_SELF = "by_self"
    SUPPORT = "support"
    WITHDRAWN = "withdrawn"


BROUGHT = frozenset({Step.BY_CONVENOR, Step.BY_MEMBER, Step.BY_SELF})  # a name comes in


@dataclass(frozen=True, kw_only=True, slots=True)
class NameStep:
    """One step. `in_favour` of `present`: the hall's count on putting the name on the list, else 0 of 0. `on_roll`:
    what the roll allows nearest to `present`; None where there was no roll. `nominator`: the member who nominated,
    where a member did."""

    member: Id
    step: Step
    in_favour: int = 0
    present: int = 0
    nominator: Id | None = None
    on_roll: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Here:
    """Who could raise a hand now, by the roll: official members in the hall, `least` without the exempt ones, `most`
    with them; `cell`: official members of the cell."""

    least: int
    most: int
    cell: int

    def nearest(self, present: int) -> int:
        """The number the roll allows nearest to what was counted: itself, where they agree."""
        return min(max(present, self.least), self.most)


@dataclass(frozen=True, kw_only=True, slots=True)
class Committee:
    """The cell committee, from whose members alone its secretary and deputy are elected. Not `known`: no committee
    is written down here, so nobody can be measured by it."""

    known: bool
    members: frozenset[Id]

    def has(self, member: Id) -> bool:
        """Whether the member may be elected, as far as is known."""
        return not self.known or member in self.members


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """A name as it stands. `listed`: on the list if it were closed now: the convenor's names, and others with enough
    support; none withdrawn. `on_roll`: of its `support`."""

    member: Id
    by: Step
    withdrawn: bool
    support: tuple[int, int] | None
    listed: bool = False
    nominator: Id | None = None
    on_roll: int | None = None

    @property
    def differs(self) -> bool:
        """Whether those counted present and the roll disagree; neither is corrected by itself (rules.md 2.1)."""
        return self.support is not None and self.on_roll not in {None, self.support[1]}


class NoSuchElection(NotFound):
    """No such election, or the asker may not know of it."""

    code = "no-such-election"
    message = "Không tìm thấy cuộc bầu cử này."


class MayNotStand(Conflict):
    """Only official members of the cell who are not suspended stand for election."""

    code = "may-not-stand"
    message = "Chỉ đảng viên chính thức của chi bộ, không bị đình chỉ, được ứng cử, đề cử."


class NamedAlready(Conflict):
    """A name is brought once."""

    code = "named-already"
    message = "Đồng chí này đã được giới thiệu."


class NotNamed(Conflict):
    """Support and withdrawal are of a name that was brought and not withdrawn."""

    code = "not-named"
    message = "Đồng chí này không có trong danh sách giới thiệu."


class BadSupport(Conflict):
    """More in favour than present, or a negative number."""

    code = "bad-support"
    message = "Số đồng chí tán thành không thể nhiều hơn số có mặt."


class ListClosed(Conflict):
    """Nobody is named or withdrawn any more."""

    code = "list-closed"
    message = "Danh sách bầu cử đã chốt."


class ListOpen(Conflict):
    """A round needs the closed list."""

    code = "list-open"
    message = "Cần chốt danh sách bầu cử trước khi bỏ phiếu."


class TooManyPresent(Conflict):
    """Facts: present, cell."""

    code = "too-many-present"
    message = "Ghi {present} đồng chí có mặt, nhưng chi bộ chỉ có {cell} đảng viên chính thức. Xin đếm lại."


class BadSeats(Conflict):
    """One secretary, one deputy at a time; a committee and delegates at least one."""

    code = "bad-seats"
    message = "Số lượng cần bầu không hợp lệ."


class TooFewForCommittee(Conflict):
    """Facts: official, least, citation."""

    code = "too-few-for-committee"
    message = (
        "Chi bộ có {official} đảng viên chính thức, chưa đủ {least} đồng chí để bầu chi ủy: bầu bí thư, nếu cần thì "
        "bầu thêm phó bí thư. Căn cứ: {citation}."
    )


class NotOfCommittee(Conflict):
    """Facts: least, citation."""

    code = "not-of-committee"
    message = (
        "Chi bộ có từ {least} đảng viên chính thức trở lên: bầu chi ủy trước, rồi bầu bí thư, phó bí thư trong số chi "
        "ủy viên. Căn cứ: {citation}."
    )


class NominatorMissing(Conflict):
    """A nomination by a member says by whom: another member of the cell."""

    code = "nominator-missing"
    message = "Xin ghi đồng chí nào đề cử; ai tự ứng cử thì chọn Tự ứng cử."


class ListTooShort(Conflict):
    """Facts: names, least."""

    code = "list-too-short"
    message = "Danh sách có {names} đồng chí, cần ít nhất {least}."


class ListTooLong(Conflict):
    """Facts: names, most, percent of the seats, citation."""

    code = "list-too-long"
    message = "Danh sách có {names} đồng chí, số dư quá {percent} %: nhiều nhất {most}. Căn cứ: {citation}."


class RoundNotNow(Conflict):
    """The round before has not ended, or every seat is filled."""

    code = "round-not-now"
    message = "Vòng trước chưa kết thúc hoặc đã bầu đủ số lượng."


class NotOnList(Conflict):
    """A round is between names of the closed list who are not elected yet."""

    code = "not-on-list"
    message = "Chỉ bầu giữa các đồng chí trong danh sách đã chốt và chưa trúng cử."


class FromTheList(Conflict):
    """An election is not opened as a bare question."""

    code = "open-from-the-list"
    message = "Bầu cử được mở từ danh sách bầu cử đã chốt, không mở như một nội dung biểu quyết thường."


def check_strength(kind: DecisionKind, official: int, day: date) -> None:
    """Raises TooFewForCommittee. `official`: members of the cell. Điều lệ Đảng, Điều 24, khoản 4."""
    if kind is DecisionKind.COMMITTEE_ELECTION and official < LEAST_FOR_COMMITTEE:
        citation = cite(on(CHARTER_24, day))
        raise TooFewForCommittee(official=official, least=LEAST_FOR_COMMITTEE, citation=citation)


def from_committee(kind: DecisionKind, official: int) -> bool:
    """Whether the committee's members alone can be elected. `official`: members of the cell. Điều lệ Đảng, Điều 24,
    khoản 4: nine official members or more elect the committee, then the secretary and the deputy from it."""
    return kind in _ONE_SEAT and official >= LEAST_FOR_COMMITTEE


def check_committee(committee: Committee | None, names: Iterable[Id], day: date) -> None:
    """Raises NotOfCommittee."""
    if committee is not None and not all(committee.has(one) for one in names):
        raise NotOfCommittee(least=LEAST_FOR_COMMITTEE, citation=cite(on(CHARTER_24, day)))


def check_nominator(step: NameStep, roster: Collection[Member]) -> None:
    """Raises NominatorMissing. Probationary members may nominate (domain.md 2.1); who is suspended is not there."""
    may = {one.id for one in roster if one.category is not Category.SUSPENDED} - {step.member}
    if (step.step is Step.BY_MEMBER) != (step.nominator is not None) or step.nominator not in {None, *may}:
        raise NominatorMissing


def check_seats(kind: DecisionKind, seats: int) -> None:
    """Raises BadSeats."""
    if kind not in ELECTIONS or seats < 1 or (kind in _ONE_SEAT and seats != 1):
        raise BadSeats


def may_stand(member: Member) -> None:
    """Raises MayNotStand. Điều lệ Đảng, Điều 3: probationary members neither elect nor stand."""
    unofficial = {Category.PROBATIONARY, Category.TEMPORARY_ARRIVED, Category.SUSPENDED}
    if not member.official or member.category in unofficial:
        raise MayNotStand


def names_of(steps: Iterable[NameStep], rule: ListRule) -> tuple[Named, ...]:
    """The names as they stand under that rule, in the order they were brought."""
    found: dict[Id, Named] = {}
    for one in steps:
        before = found.get(one.member)
        found[one.member] = Named(
            member=one.member,
            by=before.by if before else one.step,
            nominator=before.nominator if before else one.nominator,
            withdrawn=one.step is Step.WITHDRAWN or bool(before and before.withdrawn),
            support=(one.in_favour, one.present)
            if one.step is Step.SUPPORT
            else before.support
            if before
            else None,
            on_roll=one.on_roll if one.step is Step.SUPPORT else before.on_roll if before else None,
        )
    return tuple(replace(one, listed=_listed(one, rule)) for one in found.values())


def _listed(name: Named, rule: ListRule) -> bool:
    if name.withdrawn or name.by is Step.BY_CONVENOR:
        return not name.withdrawn
    return name.support is not None and rule.supported(*name.support)


def check_step(names: Sequence[Named], new: NameStep) -> None:
    """Raises NamedAlready, NotNamed, BadSupport."""
    standing = {one.member for one in names if not one.withdrawn}
    brings = new.step in BROUGHT
    if brings and new.member in {one.member for one in names}:
        raise NamedAlready
    if not brings and new.member not in standing:
        raise NotNamed
    if not 0 <= new.in_favour <= new.present:
        raise BadSupport


def against_roll(step: NameStep, here: Here) -> NameStep:
    """The count on a name beside what the roll says at that moment. More hands than members who can raise one, and more
    present than the cell has, cannot be; any other difference is kept and told.

    Raises TooManyHands, TooManyPresent.
    """
    if step.step is not Step.SUPPORT:
        return step
    if step.in_favour > here.most:
        raise TooManyHands(counted=step.in_favour, entitled=here.most)
    if step.present > here.cell:
        raise TooManyPresent(present=step.present, cell=here.cell)
    return replace(step, on_roll=here.nearest(step.present))


def check_list(kind: DecisionKind, names: int, seats: int, rule: ListRule) -> None:
    """Raises ListTooShort, ListTooLong."""
    least = seats + (kind is DecisionKind.COMMITTEE_ELECTION)
    most = rule.most(seats)
    if names < least:
        raise ListTooShort(names=names, least=least)
    if names > most:
        raise ListTooLong(names=names, most=most, percent=rule.surplus, citation=cite(rule.citation))


def elect(
    lines: Sequence[PaperLine], names: dict[Id, str], *, seats: int, needed: int
) -> tuple[NameResult, ...]:
    """Who is elected: those who reached the share, the most votes first; a tie at the last seat elects nobody of
    the tied. By votes, then in the order of the ballot."""
    ranked = sorted(lines, key=lambda line: -line.in_favour)
    reached = [line.in_favour for line in ranked if line.in_favour >= needed]
    cut = reached[seats] if len(reached) > seats else None  # level with the first who would be left out: tied
    return tuple(
        NameResult(
            member=str(line.member),
            name=names.get(str(line.member), ""),
            in_favour=line.in_favour,
            against=line.against,
            elected=line.in_favour >= needed and place < seats and line.in_favour != cut,
            tied=line.in_favour >= needed and line.in_favour == cut and reached[seats - 1] == cut,
        )
        for place, line in enumerate(ranked)
    )
