"""Reading the plain forms. What does not fit is refused in words, as everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from aiohttp import web

from meetings.attendance.rules import Reason
from meetings.attendance.service import AskedLeave, CheckIn
from meetings.http.identity import ASKER
from meetings.kernel.asker import Asker
from meetings.kernel.errors import Invalid, NotSignedIn
from meetings.kernel.ids import Id, parse_id
from meetings.kernel.text import clean_line, clean_text
from meetings.voting.casting import Cast
from meetings.voting.reserved import MOST_WORDS
from meetings.voting.reserving import Reserving
from meetings.voting.rules import Choice

Fields = Mapping[str, object]
E = TypeVar("E", Reason, Choice)

_MOST_VERSION = 1000
NOTE_LENGTH = 200


class NothingChosen(Invalid):
    """A form came without one of its choices."""

    code = "nothing-chosen"
    message = "Đồng chí chưa chọn. Xin chọn một ô rồi gửi lại."


def asker_of(request: web.Request) -> Asker:
    """Who sends the form. Raises NotSignedIn."""
    if ASKER not in request:
        raise NotSignedIn
    return request[ASKER]


async def leave_form(request: web.Request) -> AskedLeave:
    """The leave question. Raises NothingChosen, BadText, BadId."""
    form = await request.post()
    note = clean_line(_text(form, "note"), most=NOTE_LENGTH, empty=True)
    return AskedLeave(id=_id(form, "id"), reason=_chosen(Reason, _text(form, "reason")), note=note)


async def contest_form(request: web.Request) -> str:
    """Why a decision should be looked at again. Raises BadText."""
    return clean_line(_text(await request.post(), "note"), most=NOTE_LENGTH, empty=True)


async def check_in_form(request: web.Request) -> CheckIn:
    """ "Tôi có mặt", with what the page was given for the code, and in whose hands the phone is. Raises BadId."""
    form = await request.post()
    member = _id(form, "member") if _text(form, "member") else None
    return CheckIn(id=_id(form, "id"), nonce=_text(form, "nonce"), member=member)


async def hand_form(request: web.Request) -> tuple[Id, bool]:
    """ "Giơ tay": the id made with the form, and whether it stood in the room. Raises BadId."""
    form = await request.post()
    return _id(form, "id"), _text(form, "from") == "room"


async def reserve_form(request: web.Request) -> Reserving:
    """An opinion to be reserved about a vote. Raises BadText, BadId."""
    form = await request.post()
    words = clean_text(_text(form, "words"), most=MOST_WORDS)
    return Reserving(id=_id(form, "id"), words=words, vote=_id(form, "vote"))


async def ballot_form(request: web.Request, vote: Id) -> Cast:
    """An answer. Raises NothingChosen, BadId."""
    form = await request.post()
    return Cast(
        id=_id(form, "ballot"),
        vote=vote,
        person=asker_of(request).person,
        version=_version(_text(form, "version")),
        choice=_chosen(Choice, _text(form, "choice")),
    )


def _text(form: Fields, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _id(form: Fields, name: str) -> Id:
    return parse_id(_text(form, name))


def _version(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    if not 1 <= number <= _MOST_VERSION:
        raise NothingChosen
    return number


def _chosen(choices: type[E], text: str) -> E:
    try:
        return choices(text)
    except ValueError:
        raise NothingChosen from None
