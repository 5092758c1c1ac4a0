"""The first people of an installation: asked once at the keyboard, or read from a file of answers."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from meetings.app import House
from meetings.committees.service import FirstLinks, FirstSetup, Newcomer, first_setup
from meetings.kernel.clock import real_now
from meetings.kernel.errors import Invalid

_QUESTIONS = (
    ("org_name", "Tên đảng ủy cấp trên (ví dụ: Đảng ủy xã …)"),
    ("cell_name", "Tên chi bộ (ví dụ: Chi bộ thôn …)"),
    ("secretary_name", "Họ và tên bí thư"),
    ("secretary_card", "Số thẻ đảng viên của bí thư (để trống nếu chưa rõ)"),
)


class BadAnswers(Invalid):
    """The file of answers lacks one, or holds something else."""

    code = "bad-answers"
    message = "Tệp trả lời thiếu hoặc sai mục: {fields}."


class Answers(BaseModel):
    """What is asked once."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    org_name: str
    cell_name: str
    secretary_name: str
    secretary_card: str | None = None
    org_code: str | None = None
    cell_code: str | None = None
    administrator_name: str | None = None
    administrator_card: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """Links as tokens; empty where the installation had begun before."""

    org: str
    cell: str
    tokens: dict[str, str]


def read_answers(file: Path | None) -> Answers:
    """From the file, else from the keyboard. Raises BadAnswers."""
    if file is None:
        return _asked()
    try:
        return Answers.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as exc:
        names = ", ".join(str(e["loc"][0]) for e in exc.errors()) if isinstance(exc, ValidationError) else "-"
        raise BadAnswers(fields=names) from None


def _asked() -> Answers:
    if not sys.stdin.isatty():
        raise BadAnswers(fields="--answers FILE")
    said: dict[str, str | None] = {}
    for name, question in _QUESTIONS:
        print(f"{question}: ", end="", flush=True)
        said[name] = sys.stdin.readline().strip() or None
    try:
        return Answers.model_validate(said)
    except ValidationError as exc:
        raise BadAnswers(fields=", ".join(str(e["loc"][0]) for e in exc.errors())) from None


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
        secretary=Newcomer(full_name=answers.secretary_name, card=answers.secretary_card),
        administrator=administrator,
    )
    async with house.units.begin() as uow:
        links = await first_setup(uow, setup, real_now())
    return Begun(org=links.org, cell=links.cell, tokens=_tokens(links))


def _tokens(links: FirstLinks) -> dict[str, str]:
    found = {"secretary": links.secretary, "administrator": links.administrator}
    return {name: link.token for name, link in found.items() if link is not None}
