"""Entering by six digits that the secretary reads out, and going on in another browser of the same device (ui.md 9)."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import datetime

from meetings.committees.powers import Act
from meetings.committees.service.authority import allow, day_in
from meetings.committees.service.links import Link, check_birth_date, check_home, new_link
from meetings.committees.service.lookups import member
from meetings.committees.service.patience import Patience
from meetings.committees.service.sign_in import Entered, let_in
from meetings.committees.sign_in import (
    CODE_DIGITS,
    CODE_LIFE,
    REPEAT_WITHIN,
    Handed,
    Invitation,
    LinkGone,
    WrongBirthYear,
    WrongCode,
    code_hash,
    consumed,
    token_hash,
)
from meetings.committees.store import access, people
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.clock import Clock
from meetings.kernel.errors import NotSignedIn
from meetings.kernel.ids import Id
from meetings.kernel.months import DEFAULT_ZONE

MOST_WRONG_YEARS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    """Six digits, told once and never stored."""

    digits: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeAttempt:
    """A try to enter: the digits and the year of birth. `browser`, `client`, `label`: as of a link."""

    digits: str
    birth_year: int | None
    browser: str
    client: str
    label: str


class CodeService:
    """`clock` tells real time. `key`: the installation's own, the same in all its processes."""

    def __init__(self, units: Units, clock: Clock, patience: Patience, key: bytes | None) -> None:
        self._units, self._clock, self._patience = units, clock, patience
        self._key = key or os.urandom(32)

    async def read_out(self, asker: Asker, member_id: Id) -> Code:
        """A code for a member; one read out before is void. Raises NoPower, NoSuchMember, InvitedElsewhere,
        NoBirthDate."""
        now = self._clock.now()
        async with self._units.begin() as uow:
            found = await member(uow, member_id, day_in(DEFAULT_ZONE, uow.now))
            await allow(uow, asker, Act.INVITE, found.cell)
            await check_home(uow, asker, found)
            await check_birth_date(uow, found.person)
            digits = await self._free(uow, now)
            hashed = code_hash(digits, self._key)
            link = await new_link(uow, found.person, found.cell, Handed.CODE, asker.person, now, hashed)
        return Code(digits=digits, expires_at=link.expires_at)

    async def enter(self, attempt: CodeAttempt) -> Entered:
        """Use the code up and bind the browser; the same browser again within ten minutes is let in again, as its
        answer may have been lost. Raises WrongCode, TriedTooOften."""
        now = self._clock.now()
        self._patience.try_code(attempt.client, now)
        async with self._units.begin() as uow:
            entered = await self._enter(uow, attempt, now)
        if entered is None:
            self._patience.wrong_code(now)
            raise WrongCode
        return entered

    async def hand_off(self, asker: Asker) -> Link:
        """A link for another browser on the same device. Raises NotSignedIn."""
        async with self._units.begin() as uow:
            org = await access.org_of_session(uow.session, asker.session)
            if org is None:
                raise NotSignedIn
            return await new_link(uow, asker.person, org, Handed.BROWSER, asker.person, self._clock.now())

    async def _enter(self, uow: UnitOfWork, attempt: CodeAttempt, now: datetime) -> Entered | None:
        hashed = code_hash(attempt.digits, self._key)
        for invitation, org in await access.codes(uow.session, hashed, now - CODE_LIFE - REPEAT_WITHIN):
            if (used := await _used(uow, invitation, attempt, now)) is not None:
                return await let_in(uow, used, org, attempt.label, now)
        return None

    async def _free(self, uow: UnitOfWork, now: datetime) -> str:
        """Digits that no other living code has."""
        while True:
            digits = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
            hashed = code_hash(digits, self._key)
            if not await access.codes(uow.session, hashed, now - CODE_LIFE - REPEAT_WITHIN):
                return digits


async def _used(
    uow: UnitOfWork, invitation: Invitation, attempt: CodeAttempt, now: datetime
) -> Invitation | None:
    """The code used up by this browser; None where it is not the right one. Wrong years are counted."""
    person = await people.person(uow.session, invitation.person)
    try:
        return consumed(
            invitation,
            now,
            browser=token_hash(attempt.browser),
            birth_year=person.birth_date.year if person and person.birth_date else 0,
            answer=attempt.birth_year,
        )
    except WrongBirthYear:
        await access.count_wrong_year(uow.session, invitation.token_hash, MOST_WRONG_YEARS, now)
    except LinkGone:
        return None
    return None
