"""Pure tree of organisations, valid in time: names, kinds and parents change, old papers keep theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from meetings.committees.rules import CellType, OrgKind, Span
from meetings.kernel.errors import Invalid, NotFound
from meetings.kernel.ids import Id
from meetings.kernel.text import fold


class NoSuchOrg(NotFound):
    """No version of that organisation covers the day."""

    code = "no-such-org"
    message = "Không có tổ chức đảng này vào ngày đó."


class BadTree(Invalid):
    """The versions do not make a tree on some day. Each way has its own words and the same code."""

    code = "bad-tree"
    message = "Cây tổ chức chưa đúng."


class Circle(BadTree):
    """An organisation stands above itself."""

    message = "Cây tổ chức chưa đúng: vòng tròn."


class OnlyGroupsBelow(BadTree):
    """Below a cell stand party groups only, below a group nothing."""

    message = "Cây tổ chức chưa đúng: dưới chi bộ chỉ có tổ đảng."


class PartsMissing(BadTree):
    """A new organisation needs a name, a kind and one above it."""

    message = "Cây tổ chức chưa đúng: thiếu tên, loại hoặc cấp trên."


class OnlyCellsHaveType(BadTree):
    """A kind of cell is said of cells only."""

    message = "Cây tổ chức chưa đúng: chỉ chi bộ mới có loại hình."


class OwnSuccessor(BadTree):
    """Nothing is merged into itself."""

    message = "Cây tổ chức chưa đúng: tự sáp nhập vào chính mình."


class StillAbove(BadTree):
    """What still has organisations below it cannot end."""

    message = "Cây tổ chức chưa đúng: còn tổ chức trực thuộc."


@dataclass(frozen=True, kw_only=True, slots=True)
class OrgVersion:
    """One organisation as it was during a span of days. `parent` None: the top of this installation.

    `code` is the outside identifier, where there is one (domain.md 5); `merged_into` names the successor
    that took over after the last day of this version. `cell_type` speaks of cells only; `paper`: after which
    decision it is so, number and date.
    """

    org: Id
    name: str
    kind: OrgKind
    parent: Id | None
    span: Span
    code: str | None = None
    merged_into: Id | None = None
    cell_type: CellType = CellType.RESIDENTIAL
    paper: str = ""


class Tree:
    """All versions, looked up by organisation and day. Immutable after construction."""

    __slots__ = ("_versions",)

    def __init__(self, versions: Iterable[OrgVersion]) -> None:
        found: dict[Id, list[OrgVersion]] = {}
        for version in versions:
            found.setdefault(version.org, []).append(version)
        self._versions = {org: tuple(sorted(mine, key=_since)) for org, mine in found.items()}

    def __iter__(self) -> Iterator[OrgVersion]:
        return (version for mine in self._versions.values() for version in mine)

    def on(self, org: Id, day: date) -> OrgVersion:
        """The organisation as it was that day. Raises NoSuchOrg."""
        for version in self._versions.get(org, ()):
            if version.span.covers(day):
                return version
        raise NoSuchOrg

    def chain(self, org: Id, day: date) -> tuple[OrgVersion, ...]:
        """The organisation and all above it, nearest first. Raises NoSuchOrg, Circle."""
        found: list[OrgVersion] = []
        seen: set[Id] = set()
        step: Id | None = org
        while step is not None:
            if step in seen:
                raise Circle
            seen.add(step)
            found.append(self.on(step, day))
            step = found[-1].parent
        return tuple(found)

    def subtree(self, org: Id, day: date) -> tuple[OrgVersion, ...]:
        """The organisation and all below it that day, by level, then by name. Raises NoSuchOrg."""
        children: dict[Id | None, list[OrgVersion]] = {}
        for version in self:
            if version.span.covers(day):
                children.setdefault(version.parent, []).append(version)
        found = [self.on(org, day)]
        for version in found:  # grows while it is read: level by level
            found.extend(sorted(children.get(version.org, ()), key=_name))
        return tuple(found)

    def cells(self, org: Id, day: date) -> tuple[OrgVersion, ...]:
        """The cells of that subtree. Raises NoSuchOrg."""
        return tuple(version for version in self.subtree(org, day) if version.kind is OrgKind.CELL)

    def check_place(self, org: Id, day: date) -> None:
        """Under a cell stand groups only, under a group nothing. Raises NoSuchOrg, Circle,
        OnlyGroupsBelow."""
        mine, *above = self.chain(org, day)
        below = [(mine, one) for one in self.subtree(org, day) if one.parent == org]
        for upper, lower in [*((one, mine) for one in above[:1]), *below]:
            if upper.kind is OrgKind.GROUP or (
                upper.kind is OrgKind.CELL and lower.kind is not OrgKind.GROUP
            ):
                raise OnlyGroupsBelow

    def successor(self, org: Id, day: date) -> OrgVersion:
        """The organisation that answers for this one on that day, mergers followed. Raises NoSuchOrg."""
        seen: set[Id] = set()
        step = org
        while step not in seen:
            seen.add(step)
            past = [version for version in self._versions.get(step, ()) if version.span.since <= day]
            if past and past[-1].span.covers(day):
                return past[-1]
            if not past or past[-1].merged_into is None:
                raise NoSuchOrg
            step = past[-1].merged_into
        raise NoSuchOrg


def _since(version: OrgVersion) -> date:
    return version.span.since


def _name(version: OrgVersion) -> tuple[str, Id]:
    return (fold(version.name), version.org)
