"""Entering by a personal link, and who a cookie stands for (ui.md 9)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from meetings.committees.service.patience import Patience
from meetings.committees.sign_in import (
    TOKEN_BYTES,
    BrowserSession,
    Invitation,
    LinkGone,
    WrongBirthYear,
    asks_birth_year,
    consumed,
    crowded_out,
    is_alive,
    may_show,
    token_hash,
    token_text,
)
from meetings.committees.store import access, people
from meetings.committees.store.people import Person
from meetings.db.batch import Together
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.canonical import Json
from meetings.kernel.clock import Clock
from meetings.kernel.ids import Id, new_id
from meetings.ledger.rules import Act as Recorded
from meetings.ledger.service import record

MOST_WRONG_YEARS = 10
SEEN_EVERY = timedelta(hours=12)  # how often a visit is written down, so that reading stays reading


@dataclass(frozen=True, kw_only=True, slots=True)
class Greeting:
    """What the page of a link asks: "Đồng chí có phải … không?"."""

    full_name: str
    asks_birth_year: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """A try to enter: the token, the secret laid into the browser, and what its person answered.

    `client` is the network address, `label` what the browser calls itself.
    """

    token: str
    browser: str
    client: str
    label: str
    birth_year: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Entered:
    """A browser is bound: what its cookie holds from now on."""

    asker: Asker
    token: str


class SignInService:
    """`clock` tells real time: links and sessions live by it, not by domain time."""

    def __init__(self, units: Units, clock: Clock, patience: Patience) -> None:
        self._units = units
        self._clock = clock
        self._patience = patience
        self._cookies: Together[str, BrowserSession | None] = Together(self._look)

    async def greet(self, token: str, client: str) -> Greeting:
        """What to ask back; consumes nothing. Raises LinkGone, LinkExpired, TriedTooOften."""
        now = self._clock.now()
        self._patience.try_from(client, token_hash(token), now)
        async with self._units.read() as uow:
            invitation, _, person = await _opened(uow, token)
            may_show(invitation, now)
            return Greeting(full_name=person.full_name, asks_birth_year=asks_birth_year(invitation))

    async def enter(self, attempt: Attempt) -> Entered:
        """Use the link up and bind the browser. Raises LinkGone, LinkExpired, WrongBirthYear,
        TriedTooOften."""
        now = self._clock.now()
        self._patience.try_from(attempt.client, token_hash(attempt.token), now)
        try:
            return await self._enter(attempt, now)
        except WrongBirthYear:
            async with self._units.begin() as uow:
                hashed = token_hash(attempt.token)
                await access.count_wrong_year(uow.session, hashed, MOST_WRONG_YEARS, now)
            raise

    async def _enter(self, attempt: Attempt, now: datetime) -> Entered:
        async with self._units.begin() as uow:
            invitation, org, person = await _opened(uow, attempt.token, lock=True)
            used = consumed(
                invitation,
                now,
                browser=token_hash(attempt.browser),
                birth_year=person.birth_date.year if person.birth_date else 0,
                answer=attempt.birth_year,
            )
            return await let_in(uow, used, org, attempt.label, now)

    async def authenticate(self, cookie: str) -> Asker | None:
        """Who the session cookie stands for; None for unknown, revoked and outlived ones."""
        now = self._clock.now()
        found = await self._cookies.ask(token_hash(cookie))
        if found is None or not is_alive(found, now):
            return None
        if now - found.seen_at >= SEEN_EVERY:
            async with self._units.begin() as uow:
                await access.touch_session(uow.session, found.id, now)
        return Asker(person=found.person, session=found.id)

    async def _look(self, hashes: Sequence[str]) -> list[BrowserSession | None]:
        async with self._units.glance() as session:
            known = await access.sessions_by_token(session, hashes)
        return [known.get(one) for one in hashes]

    async def sign_out(self, asker: Asker) -> None:
        """Unbind the browser that asks. Repeating it does nothing."""
        async with self._units.begin() as uow:
            org = await access.org_of_session(uow.session, asker.session)
            if org is None:
                return
            await access.revoke_session(uow.session, asker.session, self._clock.now())
            personal: dict[str, Json] = {"session": asker.session}
            await record(
                uow, Recorded(cell=org, name="committees.sign_out", actor=asker.person, personal=personal)
            )


async def let_in(uow: UnitOfWork, used: Invitation, org: Id, label: str, now: datetime) -> Entered:
    """The browser that used up the link is bound."""
    await access.save_invitation(uow.session, used)
    await people.mark_account(uow.session, used.person, uow.now)
    entered = await _bind(uow, used.person, used.id, label, now)
    act = Recorded(
        cell=org,
        name="committees.sign_in",
        actor=used.person,
        subject=used.id,
        personal={"session": entered.asker.session},
    )
    await record(uow, act)
    return entered


async def _opened(uow: UnitOfWork, token: str, *, lock: bool = False) -> tuple[Invitation, Id, Person]:
    found = await access.invitation(uow.session, token_hash(token), lock=lock)
    person = await people.person(uow.session, found[0].person) if found else None
    if found is None or person is None:
        raise LinkGone
    return (*found, person)


async def _bind(uow: UnitOfWork, person: Id, invitation: Id, label: str, now: datetime) -> Entered:
    """One more browser; of more than three, those unused longest are let go."""
    await access.revoke_sessions_of_link(uow.session, invitation, now)
    for old in crowded_out(await access.sessions_of(uow.session, person), now):
        await access.revoke_session(uow.session, old.id, now)
    token = token_text(os.urandom(TOKEN_BYTES))
    session = BrowserSession(
        id=new_id(), person=person, token_hash=token_hash(token), label=label, bound_at=now, seen_at=now
    )
    await access.add_session(uow.session, session, invitation)
    return Entered(asker=Asker(person=person, session=session.id), token=token)
