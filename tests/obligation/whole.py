"""Whole sittings through the application's own services: brought back by a device, or written down from paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from meetings.app import House as Application
from meetings.attendance.rules import EvidenceKind
from meetings.attendance.service.reading import day_of
from meetings.attendance.service.roll import Mark, RollSheet
from meetings.committees import service as committees
from meetings.committees.rules import Category, Member
from meetings.convening.rules import AnySitting
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id, new_id
from meetings.offline.rules import Kept, KeptMark, Sending
from tests.committees.house import DEPUTY, FOREIGN, FOREIGN_MEMBER, SECRETARY, House
from tests.committees.test_service_imports import row, table

AFTER = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True, slots=True)
class Whole:
    """The application and the invented house in it."""

    application: Application
    house: House

    def leaders(self, cell: Id) -> tuple[Id, Id]:
        """Chair and recorder of that cell's sittings."""
        names = (SECRETARY, DEPUTY) if cell == self.house.cell else (FOREIGN, FOREIGN_MEMBER)
        chair, recorder = (self.house.members[name] for name in names)
        return chair, recorder

    async def brought(self, asker: Asker, meeting: Id) -> AnySitting | None:
        """Held by a device for the last two hours, all present; None where a person would have to look first.

        Raises what taking along and bringing raise.
        """
        kit = await self.application.offline.kit(asker, meeting)
        opened = kit.now - timedelta(hours=2)
        chair, recorder = self.leaders(kit.sitting.cell)
        present = _able(one.member for one in kit.members)
        kept = Kept(
            id=new_id(),
            opened_at=opened,
            confirmed_at=opened,
            closed_at=opened + timedelta(minutes=95),
            marks=tuple(
                KeptMark(member=one, kind=EvidenceKind.PRESENT, at=opened - AFTER) for one in present
            ),
            head_count=len(present),
            chair=chair,
            recorder=recorder,
        )
        sending = Sending(based_on=kit.number, sent_at=kit.now)
        said = await self.application.offline.bring(asker, meeting, kept, sending)
        return said.sitting if said.brought else None

    async def from_paper(self, asker: Asker, sitting: AnySitting, closed_at: datetime) -> AnySitting:
        """Roll, chair and recorder, and the end of a sitting that was entered from paper. Raises what these raise."""
        async with self.application.units.read() as uow:
            present = _able(await committees.roster(uow, sitting.cell, day_of(sitting)))
        sheet = RollSheet(
            id=new_id(),
            marks=tuple(Mark(member=one, kind=EvidenceKind.PRESENT) for one in present),
            head_count=len(present),
            confirm=True,
        )
        await self.application.attendance.roll.mark(asker, sitting.id, sheet)
        await self.application.sitting.name_parts(asker, sitting.id, *self.leaders(sitting.cell))
        return (await self.application.sitting.close(asker, sitting.id, closed_at)).sitting

    async def newcomer(self, asker: Asker, cell: Id, number: int, category: str) -> bool:
        """A roster that brings one more member, or claims more than a roster can."""
        name = "Chi bộ S" if cell == self.house.cell else "Chi bộ T"
        official = "" if category == "dự bị" else "05/06/2010"
        one = row("Giàng A Mẫu", f"2{number:07d}", CELL=name, CATEGORY=category, OFFICIAL=official)
        rows = table(one)
        if number % 3 == 0:
            rows = [[*line, more] for line, more in zip(rows, ("Tháng đã họp", "2026-11"), strict=True)]
        return (await self.application.committees.imports.into_cell(asker, cell, rows, dry_run=False)).applied


def _able(members: Iterable[Member]) -> list[Id]:
    """Who may be there at all."""
    return [one.id for one in members if one.category is not Category.SUSPENDED]
