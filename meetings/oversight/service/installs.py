"""How many members of a subtree have the software today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from meetings.committees import service as committees
from meetings.committees.powers import Act
from meetings.db.unit import Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id
from meetings.oversight.installs import Published, installs_text, published_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Installs:
    """Figures of a day with their sentence."""

    day: date
    figures: Published
    text: str


class InstallActs:
    """What superiors ask about their subtree."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def installs(self, asker: Asker, org: Id) -> Installs:
        """The figures as of today. Raises NoSuchOrg, NoPower."""
        async with self._units.read() as uow:
            await committees.allow(uow, asker, Act.AUDIT, org)
            day = await committees.today_in(uow, org)
            cells = [one.org for one in (await committees.tree(uow)).cells(org, day)]
            figures = published_of(await committees.account_counts(uow, cells, day))
            return Installs(day=day, figures=figures, text=installs_text(figures))
