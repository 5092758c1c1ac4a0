"""The sample cell of `./run`: invented people, a convened meeting, links to look around with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from meetings.app import House
from meetings.cli.begin import Answers, Begun, begin
from meetings.committees.rules import Category, Mandate, Role, Span
from meetings.committees.service import mandate_holders, roster, today_in
from meetings.committees.service.links import new_link
from meetings.committees.service.orgs import appoint
from meetings.committees.sign_in import Handed
from meetings.convening.rules import Kind, Mode
from meetings.convening.service import Calling
from meetings.kernel.asker import Asker
from meetings.kernel.clock import real_now
from meetings.kernel.ids import Id, derived_id
from meetings.kernel.months import DEFAULT_ZONE, Month, zone_of
from meetings.notices.rules import Channel

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

ANSWERS = Answers(
    org_name="Đảng ủy xã Làng Mẫu",
    cell_name="Chi bộ thôn Mẫu",
    secretary_name="Lê Thị Mẫu Hoa",
    secretary_card="99000001",
    administrator_name="Quản trị Mẫu",
    administrator_card="99000900",
)
_PLACE = "Nhà văn hóa thôn Mẫu"
_STARTS = time(19, 30)
_AHEAD = timedelta(days=2)


async def load_sample(house: House) -> Begun:
    """The organisations, the roster, a meeting to come; new links each time. Repeating adds nothing else."""
    from meetings.committees.roster_file import read_table  # noqa: PLC0415  openpyxl is heavy, and needed here alone

    begun = await begin(house, ANSWERS)
    table = read_table(EXAMPLES / "roster.xlsx")
    await house.committees.imports.by_operator(table, code=None, dry_run=False)
    today, secretary = await _people(house, begun)
    await _meeting(house, begun.cell, secretary, today)
    return replace(begun, tokens=await _links(house, begun, secretary, today))


async def _people(house: House, begun: Begun) -> tuple[date, Id]:
    """Today, and the secretary; the administrator also audits the commune."""
    async with house.units.begin() as uow:
        today = await today_in(uow, begun.cell)
        [secretary] = await mandate_holders(uow, begun.cell, Role.SECRETARY, today)
        [administrator] = await mandate_holders(uow, begun.org, Role.ADMINISTRATOR, today)
        if not await mandate_holders(uow, begun.org, Role.AUDITOR, today):
            auditing = Mandate(role=Role.AUDITOR, org=begun.org, span=Span(since=today))
            await appoint(uow, administrator, auditing, "Quyết định mẫu", by=None)
        return today, secretary


async def _meeting(house: House, cell: Id, secretary: Id, today: date) -> None:
    """A hybrid regular meeting in two days, convened, if nothing is planned."""
    asker = Asker(person=secretary, session=derived_id("sample"))
    month = Month.of_day(today)
    if await house.convening.meetings_of(asker, cell, month, month.next()):
        return
    starts = datetime.combine(today + _AHEAD, _STARTS, tzinfo=zone_of(DEFAULT_ZONE))
    calling = Calling(kind=Kind.REGULAR, mode=Mode.HYBRID, starts_at=starts, place=_PLACE)
    made = await house.convening.call_meeting(asker, cell, calling)
    await house.convening.convene(asker, made.id, Channel.ZALO_TEXT, {})


async def _links(house: House, begun: Begun, secretary: Id, today: date) -> dict[str, str]:
    """Fresh links of a secretary, a member and the administrator, who audits."""
    async with house.units.begin() as uow:
        [administrator] = await mandate_holders(uow, begun.org, Role.ADMINISTRATOR, today)
        leading = {person for role in Role for person in await mandate_holders(uow, begun.cell, role, today)}
        members = await roster(uow, begun.cell, today)
        member = next(
            one.person
            for one in members
            if one.smartphone and one.category is Category.OFFICIAL and one.person not in leading
        )
        wanted = {"secretary": secretary, "member": member, "auditor": administrator}
        now = real_now()
        return {
            name: (await new_link(uow, person, begun.cell, Handed.PAPER, None, now)).token
            for name, person in wanted.items()
        }
