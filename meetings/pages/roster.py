"""The secretary writes the roster: a whole spreadsheet, looked through before it is written, or one by one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import PurePath

from aiohttp import web
from aiohttp.web_request import FileField
from pydantic import RootModel, ValidationError

from meetings.committees import service as committees
from meetings.committees.powers import Act
from meetings.committees.roster import CATEGORY_WORDS, REQUIRED, Column, find_columns
from meetings.committees.roster_file import BadFile, empty_sheet, table_of
from meetings.committees.rules import Category
from meetings.committees.service.imports import ImportOutcome
from meetings.http.language import source
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id, parse_id
from meetings.pages.desk import Desk
from meetings.pages.filled import FILL_IN, Filled, Unfit
from meetings.pages.forms import asker_of

CHOOSE_FILE = source("Xin chọn tệp danh sách.")
KNOWN_CARD = source("Số thẻ này đã có trong danh sách của chi bộ.")
SHEET_NAME = "danh-sach-dang-vien.xlsx"
# The fields of one member, by the column that each fills.
FIELDS = {
    Column.NAME: "name",
    Column.BIRTH: "birth",
    Column.CARD: "card",
    Column.CATEGORY: "category",
    Column.SINCE: "since",
    Column.OFFICIAL: "official",
    Column.PHONE: "phone",
    Column.SMARTPHONE: "smartphone",
}
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Rows(RootModel[list[list[str]]]):
    """The table between looking through it and writing it, in the page's own form."""


class RosterPages:
    """`/c/{cell}/roster…`, for who may import into the cell."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._services = desk, desk.services

    def routes(self) -> list[web.RouteDef]:
        """The sheet to fill in, the file, one member."""
        one = "/c/{cell}/roster"
        return [
            web.get(one, self.show),
            web.post(one, self.check),
            web.post(f"{one}/apply", self.apply),
            web.get(f"{one}/sheet.xlsx", self.sheet),
            web.get(f"{one}/one", self.show_one),
            web.post(f"{one}/one", self.add_one),
        ]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET /c/{cell}/roster."""
        return await self._page(request, Filled(), None)

    async def sheet(self, request: web.Request) -> web.StreamResponse:
        """GET …/sheet.xlsx: the headings, for the secretary to fill in; nobody's data."""
        await self._named(request)
        body = await asyncio.to_thread(empty_sheet)
        headers = {"Content-Disposition": f'attachment; filename="{SHEET_NAME}"'}
        return web.Response(body=body, content_type=_SHEET, headers=headers)

    async def check(self, request: web.Request) -> web.StreamResponse:
        """POST /c/{cell}/roster: what the file would do; nothing is written yet."""
        cell, name = await self._named(request)
        filled = Filled()
        try:
            table = in_cell(await _table(request, filled), name)
            outcome = await self._services.committees.imports.into_cell(
                asker_of(request), cell, table, dry_run=True
            )
        except Refused as refusal:
            return await self._page(request, filled, refusal)
        return await self._page(request, filled, None, outcome, table)

    async def apply(self, request: web.Request) -> web.StreamResponse:
        """POST …/apply: the rows that were looked through, all of them or none."""
        asker, cell = asker_of(request), _cell_of(request)
        outcomes: list[ImportOutcome] = []

        async def act(filled: Filled) -> None:
            rows = _rows(filled.get("rows"))
            outcomes.append(
                await self._services.committees.imports.into_cell(asker, cell, rows, dry_run=False)
            )
            if not outcomes[0].usable:
                raise Unfit

        async def show(filled: Filled, refusal: Refused | None) -> web.StreamResponse:
            return await self._page(request, filled, refusal, outcomes[0] if outcomes else None)

        return await self._desk.post(request, act, show, f"/c/{cell}/members")

    async def show_one(self, request: web.Request) -> web.StreamResponse:
        """GET …/one."""
        return await self._one(request, Filled(category=Category.OFFICIAL.value), None)

    async def add_one(self, request: web.Request) -> web.StreamResponse:
        """POST …/one: somebody who is not in the cell's roster yet."""
        asker, (cell, name) = asker_of(request), await self._named(request)
        imports = self._services.committees.imports

        async def act(filled: Filled) -> str:
            table = row_of(filled, name)
            filled.check()
            for dry_run in (True, False):  # first alone, so that who is known already is not written over
                blame(filled, await imports.into_cell(asker, cell, table, dry_run=dry_run))
                filled.check()
            return f"/c/{cell}/roster/one" if filled.get("do") == "more" else f"/c/{cell}/members"

        return await self._desk.post(request, act, lambda *told: self._one(request, *told), "")

    async def _one(self, request: web.Request, filled: Filled, refusal: Refused | None) -> web.StreamResponse:
        cell, name = await self._named(request)
        context = {
            "cell": cell,
            "cell_name": name,
            "categories": tuple(Category),
            "here": f"/c/{cell}/roster/one",
        }
        return self._desk.page(request, "roster_one.html", context, filled=filled, refusal=refusal)

    async def _page(
        self,
        request: web.Request,
        filled: Filled,
        refusal: Refused | None,
        outcome: ImportOutcome | None = None,
        table: Sequence[Sequence[str]] = (),
    ) -> web.StreamResponse:
        cell, name = await self._named(request)
        context = {
            "cell": cell,
            "cell_name": name,
            "outcome": outcome,
            "rows": Rows([list(row) for row in table]).model_dump_json(),
            "here": f"/c/{cell}/roster",
        }
        return self._desk.page(request, "roster.html", context, filled=filled, refusal=refusal)

    async def _named(self, request: web.Request) -> tuple[Id, str]:
        """The cell of the address and its name. Raises NoSuchOrg, NoPower."""
        cell = _cell_of(request)
        async with self._services.units.read() as uow:
            await committees.allow(uow, asker_of(request), Act.IMPORT, cell)
            return cell, (await committees.standpoint(uow, cell)).org.name


def in_cell(table: Sequence[Sequence[str]], name: str) -> list[list[str]]:
    """The table with the cell's name wherever a row does not name one: it is asked for on that cell's own page."""
    if not table:
        return []
    columns, _ = find_columns(table[0])
    at = columns.get(Column.CELL)
    if at is None:
        head, *rows = table
        return [[*head, Column.CELL.value], *([*_wide(row, len(head)), name] for row in rows if any(row))]
    filled = [_wide(row, at + 1) for row in table]
    return [
        [*row[:at], row[at] if row[at].strip() or not any(row) else name, *row[at + 1 :]] for row in filled
    ]


def row_of(filled: Filled, cell_name: str) -> list[list[str]]:
    """A table of one row. Notes the fields that are needed and empty."""
    words = {category: word for word, category in CATEGORY_WORDS.items()}
    category = filled.chosen("category", Category, Category.OFFICIAL)
    said = {column: filled.get(field).strip() for column, field in FIELDS.items()}
    for column in REQUIRED:
        if column in said and not said[column]:
            filled.wrong(FIELDS[column], FILL_IN)
    said |= {Column.CATEGORY: words[category], Column.CELL: cell_name}
    said[Column.SMARTPHONE] = "Có" if said[Column.SMARTPHONE] else "Không"
    return [[column.value for column in said], list(said.values())]


def blame(filled: Filled, outcome: ImportOutcome) -> None:
    """What is wrong with the row, beside the field of its column; who is known already is not written over."""
    by_column = {column.value: field for column, field in FIELDS.items()}
    for problem in outcome.problems:
        if not problem.warning:
            filled.wrong(by_column.get(problem.column, "name"), "{why}", why=problem.message)
    if outcome.usable and not outcome.added:
        filled.wrong("card", KNOWN_CARD)


def _wide(row: Sequence[str], width: int) -> list[str]:
    return [*row, *([""] * (width - len(row)))]


async def _table(request: web.Request, filled: Filled) -> list[list[str]]:
    """Raises BadFile, Unfit."""
    file = (await request.post()).get("file")
    if not isinstance(file, FileField) or not file.filename:
        filled.wrong("file", CHOOSE_FILE)
        raise Unfit
    return await asyncio.to_thread(table_of, file.file.read(), PurePath(file.filename).suffix)


def _rows(text: str) -> list[list[str]]:
    """Raises BadFile where they are not what the page held."""
    try:
        return Rows.model_validate_json(text).root
    except ValidationError:
        raise BadFile(why="xin chọn lại tệp.") from None


def _cell_of(request: web.Request) -> Id:
    return parse_id(request.match_info["cell"])
