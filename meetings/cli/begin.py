"""The first people of an installation: asked once at the keyboard, or read from a file of answers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from pydantic import BaseModel, ConfigDict, ValidationError

from meetings.app import House
from meetings.committees.roster_fields import card_of
from meetings.committees.rules import CellType
from meetings.committees.service import FirstLinks, FirstSetup, Newcomer, first_setup
from meetings.kernel.clock import real_now
from meetings.kernel.errors import Conflict, Invalid, Refused
from meetings.kernel.text import clean_line


class NotNamed(Invalid):
    """Enter was pressed where a name is needed."""

    code = "not-named"
    message = "Chỗ này chưa có chữ nào. Xin gõ tên rồi bấm Enter; gõ nhầm thì sau này sửa được."


def _name(said: str) -> str:
    if not said:
        raise NotNamed
    return clean_line(said)


_QUESTIONS: tuple[tuple[str, str, Callable[[str], object]], ...] = (
    ("org_name", "Tên đảng ủy cấp trên (ví dụ: Đảng ủy xã …)", _name),
    ("cell_name", "Tên chi bộ (ví dụ: Chi bộ thôn …)", _name),
    ("secretary_name", "Họ và tên bí thư", _name),
    (
        "secretary_card",
        "Số thẻ đảng viên của bí thư (để trống nếu chưa rõ)",
        lambda said: said and card_of(said),
    ),
)


class BadAnswers(Invalid):
    """The file of answers lacks one, or holds something else."""

    code = "bad-answers"
    message = "Tệp trả lời thiếu hoặc sai mục: {fields}."


class NothingBegun(Conflict):
    """No cell yet, and nobody at a keyboard to ask."""

    code = "nothing-begun"
    message = "Chưa có chi bộ nào. Xin chạy ./run --own ở bàn phím, hoặc đưa tệp trả lời bằng --answers."


class Answers(BaseModel):
    """What is asked once."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    org_name: str
    cell_name: str
    secretary_name: str
    secretary_card: str | None = None
    org_code: str | None = None
    cell_code: str | None = None
    cell_type: CellType = CellType.RESIDENTIAL
    administrator_name: str | None = None
    administrator_card: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """Links as tokens; empty where the installation had begun before."""

    org: str
    cell: str
    tokens: dict[str, str]


def read_answers(file: Path | None) -> Answers:
    """From the file, else from the keyboard. Raises BadAnswers, NothingBegun."""
    if file is None:
        if not sys.stdin.isatty():
            raise NothingBegun
        return asked(sys.stdin)
    try:
        return Answers.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as exc:
        names = ", ".join(str(e["loc"][0]) for e in exc.errors()) if isinstance(exc, ValidationError) else "-"
        raise BadAnswers(fields=names) from None


def asked(keyboard: TextIO) -> Answers:
    """Question by question; what cannot be taken is asked again, the answers before it stay.

    Raises NothingBegun when the keyboard goes away."""
    said = {name: _answer(keyboard, question, check) or None for name, question, check in _QUESTIONS}
    return Answers.model_validate(said)


def _answer(keyboard: TextIO, question: str, check: Callable[[str], object]) -> str:
    while True:
        print(f"{question}: ", end="", flush=True)
        line = keyboard.readline()
        if not line:
            raise NothingBegun
        try:
            check(line.strip())
        except Refused as refused:
            print(f"  {refused}", flush=True)
        else:
            return line.strip()


async def begin(house: House, answers: Answers) -> Begun:
    """Found the organisation, the cell, the administrator and the secretary. Raises NotEmpty, BadText."""
    administrator = None
    if answers.administrator_name:
        administrator = Newcomer(full_name=answers.administrator_name, card=answers.administrator_card)
    setup = FirstSetup(
        org_name=answers.org_name,
        cell_name=answers.cell_name,
        org_code=answers.org_code,
        cell_code=answers.cell_code,
        cell_type=answers.cell_type,
        secretary=Newcomer(full_name=answers.secretary_name, card=answers.secretary_card),
        administrator=administrator,
    )
    async with house.units.begin() as uow:
        links = await first_setup(uow, setup, real_now())
    return Begun(org=links.org, cell=links.cell, tokens=_tokens(links))


def _tokens(links: FirstLinks) -> dict[str, str]:
    found = {"secretary": links.secretary, "administrator": links.administrator}
    return {name: link.token for name, link in found.items() if link is not None}
