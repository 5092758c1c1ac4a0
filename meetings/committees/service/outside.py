"""Signing in by an account elsewhere (OIDC): linked by the person while signed in, entered by, unlinked (ui.md 9)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime

from meetings.committees.oidc import (
    MOST_ACCOUNTS,
    Account,
    LinkedAlready,
    NoOutsideSignIn,
    NoSuchAccount,
    NotLinked,
    OutsideRefused,
    Returned,
    Ticket,
    TooManyAccounts,
    check_issuer,
    new_ticket,
    same_ticket,
)
from meetings.committees.passkeys import CHANCE_BYTES
from meetings.committees.ports import Provider
from meetings.committees.service.patience import Patience
from meetings.committees.service.sign_in import Entered, let_in
from meetings.committees.sign_in import Handed, Invitation, token_hash
from meetings.committees.store import access
from meetings.committees.store import outside as store
from meetings.db.refusals import refusing
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.clock import Clock
from meetings.kernel.errors import NotSignedIn
from meetings.kernel.ids import Id, new_id
from meetings.ledger.rules import Act as Recorded
from meetings.ledger.service import record

_ENTER = "enter"


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """Where to send the browser, and what it keeps meanwhile."""

    address: str
    sealed: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Return:
    """A browser that came back: what it kept, what it brought, and who it is. `back`: the address it came to."""

    sealed: str
    returned: Returned
    back: str
    client: str
    label: str


class OutsideService:
    """`clock` tells real time; `key` is the installation's own. `provider` None: nobody comes in this way."""

    def __init__(
        self, units: Units, clock: Clock, patience: Patience, key: bytes | None, provider: Provider | None
    ) -> None:
        self._units, self._clock, self._patience = units, clock, patience
        self._key, self._provider = key or os.urandom(32), provider

    @property
    def name(self) -> str:
        """What people call the identity service; empty where there is none."""
        return self._provider.name if self._provider is not None else ""

    async def begin_entering(self, back: str) -> Begun:
        """For whoever is not signed in. Raises NoOutsideSignIn, ProviderAway."""
        return await self._begin(_ENTER, back)

    async def begin_linking(self, asker: Asker, back: str) -> Begun:
        """For the asker's own session. Raises NoOutsideSignIn, ProviderAway, TooManyAccounts."""
        async with self._units.read() as uow:
            _check_room(await store.of_person(uow.session, asker.person))
        return await self._begin(_linking(asker), back)

    async def _begin(self, purpose: str, back: str) -> Begun:
        ticket = new_ticket(self._key, purpose, self._clock.now(), os.urandom(CHANCE_BYTES))
        return Begun(address=await self._service().address(ticket, back), sealed=ticket.sealed)

    async def enter(self, came: Return) -> Entered:
        """Let in whose account answered. Raises OutsideRefused, NotLinked, ProviderAway, TriedTooOften."""
        now = self._clock.now()
        self._patience.try_code(came.client, now)
        ticket, subject = await self._answered(came, _ENTER, now)
        issuer = self._service().issuer
        async with self._units.begin() as uow:
            found = await store.of_subject(uow.session, issuer, subject, lock=True)
            if found is None:
                raise NotLinked
            await store.used(uow.session, found[0].id, now)
            return await _let_in(uow, *found, came, ticket, now)

    async def link(self, asker: Asker, came: Return) -> Account:
        """Link the account that answered to the asker; the same again changes nothing. Raises OutsideRefused,
        ProviderAway, LinkedAlready, TooManyAccounts, NotSignedIn."""
        now = self._clock.now()
        self._patience.try_code(came.client, now)
        _, subject = await self._answered(came, _linking(asker), now)
        issuer = self._service().issuer
        async with self._units.begin() as uow:
            org = await _org(uow, asker)
            if (known := await store.of_subject(uow.session, issuer, subject)) is not None:
                return _again(known[0], asker)
            _check_room(await store.of_person(uow.session, asker.person))
            made = Account(id=new_id(), person=asker.person, issuer=issuer, subject=subject, made_at=now)
            with refusing({"uq_outside_account_subject": LinkedAlready}):
                await store.add(uow.session, made, org)
            await _record(uow, asker, org, "committees.link_account", made)
        return made

    async def mine(self, asker: Asker) -> list[Account]:
        """The asker's own."""
        async with self._units.read() as uow:
            return await store.of_person(uow.session, asker.person)

    async def unlink(self, asker: Asker, account: Id) -> None:
        """It lets nobody in any more. Raises NoSuchAccount."""
        async with self._units.begin() as uow:
            org = await _org(uow, asker)
            mine = {one.id: one for one in await store.of_person(uow.session, asker.person)}
            if account not in mine:
                raise NoSuchAccount
            await store.remove(uow.session, account)
            await _record(uow, asker, org, "committees.unlink_account", mine[account])

    async def _answered(self, came: Return, purpose: str, now: datetime) -> tuple[Ticket, str]:
        """The ticket, and whose account it is. Outside any unit: it asks over the network."""
        provider = self._service()
        check_issuer(came.returned, provider.issuer)
        ticket = same_ticket(self._key, purpose, came.sealed, came.returned.state, now)
        if not came.returned.code:  # the person said no, or the service did
            raise OutsideRefused
        return ticket, await provider.subject(came.returned.code, ticket, came.back)

    def _service(self) -> Provider:
        if self._provider is None:
            raise NoOutsideSignIn
        return self._provider


async def _let_in(
    uow: UnitOfWork, account: Account, org: Id, came: Return, ticket: Ticket, now: datetime
) -> Entered:
    """As by a link that is made and used up in this very moment. It carries the state, and no two links carry the
    same: what came back once never lets in again, in whichever process."""
    used = Invitation(
        id=new_id(),
        person=account.person,
        token_hash=token_hash(ticket.state),
        handed=Handed.OUTSIDE,
        made_by=account.person,
        made_at=now,
        used_at=now,
        browser=token_hash(came.sealed),
    )
    with refusing({"uq_invitation_token": OutsideRefused}):
        await access.add_invitation(uow.session, used, org)
    return await let_in(uow, used, org, came.label, now)


async def _org(uow: UnitOfWork, asker: Asker) -> Id:
    """Where the asker was let in; its ledger tells of what they do with their accounts. Raises NotSignedIn."""
    if (org := await access.org_of_session(uow.session, asker.session)) is None:
        raise NotSignedIn
    return org


async def _record(uow: UnitOfWork, asker: Asker, org: Id, name: str, account: Account) -> None:
    personal = {"person": account.person, "issuer": account.issuer, "subject": account.subject}
    await record(
        uow, Recorded(cell=org, name=name, actor=asker.person, subject=account.id, personal=dict(personal))
    )


def _linking(asker: Asker) -> str:
    return f"link {asker.session}"


def _again(known: Account, asker: Asker) -> Account:
    if known.person != asker.person:
        raise LinkedAlready
    return known


def _check_room(known: list[Account]) -> None:
    if len(known) >= MOST_ACCOUNTS:
        raise TooManyAccounts(most=MOST_ACCOUNTS)
