"""The sample cell of `./run`: invented people, a convened meeting, links to look around with."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from meetings.app import House
from meetings.cli.begin import Answers, Begun, begin
from meetings.committees.roster_file import read_table

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

ANSWERS = Answers(
    org_name="Đảng ủy xã Mẫu Sơn Hạ",
    cell_name="Chi bộ thôn Mẫu",
    secretary_name="Lê Thị Mẫu Hoa",
    secretary_card="99000001",
    administrator_name="Quản trị Mẫu",
    administrator_card="99000900",
)
LINKS_LIVE = timedelta(days=14)


async def load_sample(house: House) -> Begun:
    """The organisations and the roster; repeating it changes nothing."""
    begun = await begin(house, ANSWERS)
    table = read_table(EXAMPLES / "roster.xlsx")
    await house.committees.imports.by_operator(table, code=None, dry_run=False)
    return begun
