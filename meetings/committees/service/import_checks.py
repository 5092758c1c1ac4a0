"""What stands in the way of writing a roster that reads well by itself."""

from __future__ import annotations

from collections.abc import Iterator

from meetings.committees.roster import Change, Column, ImportPlan, Problem, RosterRow
from meetings.committees.rules import Role
from meetings.committees.service.import_stored import Known
from meetings.kernel.text import fold


def check_plan(known: Known, plan: ImportPlan, *, mandates: bool) -> Iterator[Problem]:
    """Every problem. `mandates`: whether whoever imports may give mandates."""
    for row in plan.add:
        yield from _person(known, row)
        yield from _return(known, row)
        if row.role is not None:
            yield from _role(known, row, mandates=mandates)
    for change in plan.change:
        yield from _person(known, change.row)
        yield from _category(known, change)
        if "role" in change.fields:
            yield from _role(known, change.row, mandates=mandates)
            yield from _succession(change)


def _succession(change: Change) -> Iterator[Problem]:
    """The role before ends on the day before the new one."""
    before, since = change.before.role_since, change.row.role_since
    if before is not None and since is not None and since <= before:
        text = "Chức vụ mới phải bắt đầu sau ngày bắt đầu của chức vụ đang ghi."
        yield Problem(row=change.row.line, column=Column.ROLE_SINCE.value, message=text)


def _person(known: Known, row: RosterRow) -> Iterator[Problem]:
    """A card belongs to one person; whoever is kept by another cell is not renamed from here."""
    person = known.persons.get(row.card)
    if person is None or person.id not in known.guests:
        return
    if fold(person.full_name) != fold(row.full_name) or person.birth_date != row.birth:
        yield Problem(
            row=row.line,
            column=Column.CARD.value,
            message="Số thẻ này đã ghi cho một đảng viên ở chi bộ khác, họ tên hoặc ngày sinh không khớp.",
        )


def _return(known: Known, row: RosterRow) -> Iterator[Problem]:
    """Who left comes back on a later day; an old list brings nobody back."""
    until = known.left.get((row.card, row.cell))
    if until is not None and row.since <= until:
        text = "Đã ghi đồng chí này rời chi bộ. Nếu trở lại, Từ ngày phải sau ngày rời."
        yield Problem(row=row.line, column=Column.SINCE.value, message=text)


def _category(known: Known, change: Change) -> Iterator[Problem]:
    """A category begins after the running one; the very first may be dated back."""
    row, before = change.row, change.before
    if row.category is before.category and row.since == before.since:
        return
    stored = known.stored[row.card, row.cell]
    if row.category is before.category:
        if row.since > before.since or len(stored.spans) > 1:
            text = "Diện này đã ghi từ một ngày khác; không sửa được bằng danh sách."
            yield Problem(row=row.line, column=Column.SINCE.value, message=text)
    elif row.since <= before.since:
        text = "Diện mới phải bắt đầu sau ngày bắt đầu của diện đang ghi."
        yield Problem(row=row.line, column=Column.SINCE.value, message=text)


def _role(known: Known, row: RosterRow, *, mandates: bool) -> Iterator[Problem]:
    if not mandates:
        text = "Chức vụ do người quản trị ghi; xin để trống ô này."
        yield Problem(row=row.line, column=Column.ROLE.value, message=text)
        return
    person = known.persons.get(row.card)
    head = known.secretaries.get(row.cell)
    if row.role is Role.SECRETARY and head is not None and (person is None or person.id != head):
        text = "Chi bộ đang có bí thư khác; cần ghi ngày thôi chức vụ của người đó trước."
        yield Problem(row=row.line, column=Column.ROLE.value, message=text)
