"""Pure: certification authorities outside this installation, as the operator's dated list names them.

What they certify is a "chữ ký số" (rules.md 6.9); what the built-in authority certifies never is.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from meetings.kernel.text import date_text
from meetings.minutes.signature_class import SignatureClass


class Purpose(StrEnum):
    """Whom an authority certifies; the value stands in the list."""

    OFFICIAL = "official"
    PUBLIC = "public"


_KINDS = {Purpose.OFFICIAL: SignatureClass.OFFICIAL, Purpose.PUBLIC: SignatureClass.PUBLIC}


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """One believed authority (PEM): `between`, those that issue to people, below `roots`; without any between, whatever
    is issued below the roots is believed. `lists` (DER): what all of them took back, good until `lists_end`; `since`,
    `until`: the days, both counted, between which a signature must have been made."""

    name: str
    purpose: Purpose
    roots: tuple[bytes, ...]
    between: tuple[bytes, ...] = ()
    since: date
    until: date | None = None
    lists: tuple[bytes, ...] = ()
    lists_end: datetime | None = None

    @property
    def issuers(self) -> tuple[bytes, ...]:
        """Below one of these a certificate of a person must stand."""
        return self.between or self.roots

    @property
    def kind(self) -> SignatureClass:
        """What a signature under it is."""
        return _KINDS[self.purpose]

    def in_force(self, moment: datetime) -> bool:
        """Whether it is believed for what was signed then."""
        day = moment.astimezone(UTC).date()
        return self.since <= day and (self.until is None or day <= self.until)

    def fresh_on(self, moment: datetime) -> bool:
        """Whether it is not believed then, or its list of what it took back is good then."""
        return not self.in_force(moment) or (self.lists_end is not None and moment < self.lists_end)

    def line(self) -> str:
        """For people: whose, of which class, between which days."""
        until = f" đến {date_text(self.until)}" if self.until else ""
        lists = f" Danh sách thu hồi dùng đến {date_text(self.lists_end.date())}." if self.lists_end else ""
        lists = lists or " Chưa có danh sách thu hồi, nên chưa ký được."
        return f"{self.name}: {self.kind.said(self.name)}. Tin từ {date_text(self.since)}{until}.{lists}"


def same_name(one: str, other: str) -> bool:
    """Whether both are the same name as written; authorities write NGUYỄN VĂN A for Nguyễn Văn A."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
