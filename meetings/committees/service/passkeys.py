"""Passkeys: made on one's own page, entered by, taken back (ui.md 9)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from meetings.committees import ceremony
from meetings.committees.passkeys import (
    CHANCE_BYTES,
    MOST_LABEL,
    MOST_PASSKEYS,
    NoSuchPasskey,
    Passkey,
    PasskeyKnown,
    PasskeyRefused,
    Site,
    TooManyPasskeys,
    asked_at,
    challenge,
    check_use,
)
from meetings.committees.service.links import reached
from meetings.committees.service.lookups import person_name
from meetings.committees.service.patience import Patience
from meetings.committees.service.sign_in import Entered, let_in
from meetings.committees.sign_in import TOKEN_BYTES, Handed, Invitation, token_hash, token_text
from meetings.committees.store import access
from meetings.committees.store import passkeys as store
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.clock import Clock
from meetings.kernel.errors import NotSignedIn
from meetings.kernel.ids import Id, new_id
from meetings.kernel.text import clean_line
from meetings.ledger.rules import Act as Recorded
from meetings.ledger.service import record


@dataclass(frozen=True, kw_only=True, slots=True)
class PasskeyAttempt:
    """A try to enter: what the device answered. `browser`, `client`, `label`: as of a link."""

    answer: str
    browser: str
    client: str
    label: str


class PasskeyService:
    """`clock` tells real time; `key` is the installation's own, the same in all its processes."""

    def __init__(self, units: Units, clock: Clock, patience: Patience, key: bytes | None) -> None:
        self._units, self._clock, self._patience = units, clock, patience
        self._key = key or os.urandom(32)

    async def begin(self, asker: Asker, site: Site) -> dict[str, Any]:
        """What the asker's browser is asked to make. Raises TooManyPasskeys."""
        async with self._units.read() as uow:
            known = await store.of_person(uow.session, asker.person)
            name = await person_name(uow, asker.person)
        _check_room(known)
        return ceremony.to_make(site, name, asker.person, self._question(_making(asker)), known)

    async def made(self, asker: Asker, site: Site, answer: str, label: str) -> Passkey:
        """What it made, to be kept; slow, so outside any unit of work. Raises PasskeyRefused, BadText."""
        now, given = self._clock.now(), ceremony.read(answer)
        asked_at(self._key, _making(asker), given.challenge, now)
        made = await ceremony.made(given, site)
        return Passkey(
            id=new_id(),
            person=asker.person,
            credential=made.credential,
            public_key=made.public_key,
            sign_count=made.sign_count,
            host=site.host,
            label=clean_line(label, most=MOST_LABEL),
            made_at=now,
        )

    async def keep(self, asker: Asker, passkey: Passkey) -> Passkey:
        """Keep it; the same again changes nothing. Raises PasskeyKnown, TooManyPasskeys, NotSignedIn."""
        async with self._units.begin() as uow:
            if (org := await access.org_of_session(uow.session, asker.session)) is None:
                raise NotSignedIn
            if (known := await store.by_credential(uow.session, passkey.credential)) is not None:
                return _again(known[0], asker)
            _check_room(await store.of_person(uow.session, asker.person))
            await store.add(uow.session, passkey, org)
            act = Recorded(cell=org, name="committees.make_passkey", actor=asker.person, subject=passkey.id)
            await record(uow, act)
        return passkey

    async def mine(self, asker: Asker) -> list[Passkey]:
        """The asker's own keys."""
        async with self._units.read() as uow:
            return await store.of_person(uow.session, asker.person)

    async def of_member(self, asker: Asker, member: Id) -> list[Passkey]:
        """A member's keys, for themself or whoever may invite them. Raises NoSuchMember, NoPower."""
        async with self._units.read() as uow:
            found = await reached(uow, asker, member)
            return await store.of_person(uow.session, found.person)

    async def revoke_own(self, asker: Asker, passkey: Id) -> None:
        """Take one's own key back. Raises NoSuchPasskey."""
        async with self._units.begin() as uow:
            if (org := await access.org_of_session(uow.session, asker.session)) is None:
                raise NotSignedIn
            await self._revoke(uow, asker, asker.person, passkey, org)

    async def revoke_of(self, asker: Asker, member: Id, passkey: Id) -> None:
        """Take a member's key back. Raises NoSuchMember, NoPower, NoSuchPasskey."""
        async with self._units.begin() as uow:
            found = await reached(uow, asker, member)
            await self._revoke(uow, asker, found.person, passkey, found.cell)

    async def _revoke(self, uow: UnitOfWork, asker: Asker, person: Id, passkey: Id, org: Id) -> None:
        if all(one.id != passkey for one in await store.of_person(uow.session, person)):
            raise NoSuchPasskey
        await store.revoke(uow.session, passkey, self._clock.now())
        act = Recorded(
            cell=org,
            name="committees.revoke_passkey",
            actor=asker.person,
            subject=passkey,
            personal={"person": person},
        )
        await record(uow, act)

    def ask(self, browser: str, site: Site) -> dict[str, Any]:
        """What this browser is asked, whoever sits before it."""
        return ceremony.to_enter(site, self._question(_entering(browser)))

    async def enter(self, attempt: PasskeyAttempt, site: Site) -> Entered:
        """Let in whoever holds the key. Raises PasskeyRefused, TriedTooOften."""
        now = self._clock.now()
        self._patience.try_code(attempt.client, now)
        given = ceremony.read(attempt.answer)
        at = asked_at(self._key, _entering(attempt.browser), given.challenge, now)
        async with self._units.read() as uow:
            asked, _ = await _known(uow, given.credential)
        count = await ceremony.entered(given, site, check_use(asked, site, at))
        async with self._units.begin() as uow:
            found, org = await _known(uow, given.credential, lock=True)
            check_use(found, site, at)  # another answer may have been faster
            await store.used(uow.session, found.id, now, count)
            return await _let_in(uow, found, org, attempt, now)

    def _question(self, asked: str) -> bytes:
        return challenge(self._key, asked, self._clock.now(), os.urandom(CHANCE_BYTES))


async def _known(uow: UnitOfWork, credential: str, *, lock: bool = False) -> tuple[Passkey, Id]:
    if (found := await store.by_credential(uow.session, credential, lock=lock)) is None:
        raise PasskeyRefused
    return found


async def _let_in(
    uow: UnitOfWork, passkey: Passkey, org: Id, attempt: PasskeyAttempt, now: datetime
) -> Entered:
    """As by a link that is made and used up in this very moment, so that leaving and handing off work as ever."""
    used = Invitation(
        id=new_id(),
        person=passkey.person,
        token_hash=token_hash(token_text(os.urandom(TOKEN_BYTES))),
        handed=Handed.PASSKEY,
        made_by=passkey.person,
        made_at=now,
        used_at=now,
        browser=token_hash(attempt.browser),
    )
    await access.add_invitation(uow.session, used, org)
    return await let_in(uow, used, org, attempt.label, now)


def _again(known: Passkey, asker: Asker) -> Passkey:
    if known.person != asker.person or known.revoked_at is not None:
        raise PasskeyKnown
    return known


def _check_room(known: list[Passkey]) -> None:
    if len(known) >= MOST_PASSKEYS:
        raise TooManyPasskeys(most=MOST_PASSKEYS)


def _making(asker: Asker) -> str:
    return f"make {asker.session}"


def _entering(browser: str) -> str:
    return f"enter {token_hash(browser)}"
