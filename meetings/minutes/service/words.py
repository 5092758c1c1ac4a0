"""The recorder's own words: kept item by item, and never written over unseen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from meetings.agenda import service as agenda
from meetings.agenda.rules import NoSuchItem
from meetings.committees.powers import Act as Power
from meetings.convening import service as convening
from meetings.db.unit import Units
from meetings.kernel.asker import Asker
from meetings.kernel.errors import Conflict
from meetings.kernel.ids import Id
from meetings.ledger.rules import Act
from meetings.ledger.service import record
from meetings.minutes import store
from meetings.minutes.ink import sha256_hex


class TextsClosed(Conflict):
    """Approved minutes are not written in any more."""

    code = "texts-closed"
    message = "Biên bản đã thông qua nên không ghi thêm được. Cần phụ lục đính chính."


class WordsMoved(Conflict):
    """The words on the item are no longer those that the writer had before them."""

    code = "words-moved"
    message = "Chỗ này vừa được ghi ở máy khác hoặc cửa sổ khác, nên chưa ghi đè. Xin xem bản kia trước khi lưu lại."


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """Words that are kept. `over`: what the next words on the item say that they are written over."""

    over: str
    at: datetime


def seal(words: str) -> str:
    """What tells whether words on an item are still the same; empty where nothing was written."""
    return sha256_hex(words.encode()) if words else ""


async def write(units: Units, asker: Asker, meeting: Id, item: Id, words: str, over: str | None) -> Written:
    """See MinutesService.write. Raises TextsClosed, NoPower, NoSuchItem, WordsMoved."""
    async with units.begin() as uow:
        sitting, actor = await convening.allow_in(uow, asker, Power.MINUTES, meeting, lock=True)
        if await store.approved(uow.session, meeting) is not None:
            raise TextsClosed
        if item not in {meeting, *(one.id for one in await agenda.items(uow, meeting))}:
            raise NoSuchItem
        before = (await store.texts(uow.session, meeting)).get(item, "")
        if before == words:
            return Written(over=seal(words), at=uow.now)
        if over is not None and over != seal(before):
            raise WordsMoved
        await store.put_text(uow.session, meeting, item, words, actor.person, uow.now)
        act = Act(
            cell=sitting.cell,
            name="minutes.text",
            actor=actor.person,
            meeting=meeting,
            public={"item": item, "sha256": sha256_hex(words.encode())},
        )
        await record(uow, act)
        return Written(over=seal(words), at=uow.now)
