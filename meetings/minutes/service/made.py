"""What the service of the minutes is given, and what it hands on between the steps of an act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from meetings.convening.rules import AnySitting
from meetings.kernel.errors import Conflict, NotFound
from meetings.kernel.ids import Id
from meetings.minutes.records import Minutes
from meetings.minutes.seating import Seating
from meetings.minutes.store import Approved, Signature
from meetings.minutes.trust_list import TrustList
from meetings.minutes.work import Stamps


class NoMinutes(NotFound):
    """There are no approved minutes of this sitting yet."""

    code = "no-minutes"
    message = "Buổi họp này chưa có biên bản được thông qua."


class MinutesMoved(Conflict):
    """Something changed while the minutes were being written; do it again."""

    code = "minutes-moved"
    message = "Số liệu vừa thay đổi trong lúc lập biên bản. Xin làm lại lần nữa."


@dataclass(frozen=True, kw_only=True, slots=True)
class Believed:
    """Whom the verifier believes besides the own authority: the log and its witnesses (keys), time stamps, and the
    authorities of a list."""

    log: str = ""
    witnesses: tuple[str, ...] = ()
    stamps: Stamps | None = None
    authorities: TrustList = field(default_factory=TrustList)


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Where the minutes of a sitting stand. `minutes` None: nothing to show before closing. `writers`: who wrote on
    an item last, and when."""

    sitting: AnySitting
    minutes: Minutes | None
    texts: Mapping[Id, str]
    writers: Mapping[Id, tuple[Id, datetime]]
    approved: Approved | None
    signatures: tuple[Signature, ...]
    ink: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Printed:
    """Minutes printed but not yet approved. `at`: the moment that they state."""

    meeting: Id
    at: datetime
    minutes: Minutes
    data: bytes
    pdf: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Signed:
    """A signature made but not yet kept. `key`: which of the keys known here, None for one of a token; `over`: the
    SHA-256 of the file that was signed."""

    meeting: Id
    part: Seating
    key: Id | None
    certificate: bytes
    over: str
    pdf: bytes
