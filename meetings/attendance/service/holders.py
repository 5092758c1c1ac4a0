"""Who holds the pen: a signed-in person, or whoever shows a pass for this one meeting."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

from meetings.attendance import store
from meetings.attendance.guests import (
    PASS_LIFE,
    BeyondPass,
    NoSuchPass,
    Pass,
    PassKind,
    check_pass,
    check_roll_time,
    on_behalf,
)
from meetings.committees.powers import Act
from meetings.committees.service import person_name
from meetings.committees.sign_in import TOKEN_BYTES, token_hash, token_text
from meetings.convening.rules import AnySitting
from meetings.convening.service import allow_in
from meetings.convening.service import sitting as sitting_of
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.canonical import Json
from meetings.kernel.clock import Clock
from meetings.kernel.ids import Id, new_id
from meetings.ledger.rules import Act as Recorded
from meetings.ledger.service import record


@dataclass(frozen=True, slots=True)
class PassToken:
    """What the holder of a pass shows."""

    token: str = field(repr=False)


Holder: TypeAlias = Asker | PassToken


@dataclass(frozen=True, kw_only=True, slots=True)
class Hand:
    """Who acts in a sitting. `by`: the person answering for it; `held`: the pass through which it is done."""

    sitting: AnySitting
    by: Id
    held: Pass | None = None
    told: str | None = None

    def recorded(
        self, name: str, subject: Id, public: dict[str, Json], personal: dict[str, Json]
    ) -> Recorded:
        """The act for the ledger, with "X làm hộ Y" where a pass was used."""
        return Recorded(
            cell=self.sitting.cell,
            name=name,
            actor=self.by,
            meeting=self.sitting.id,
            subject=subject,
            public=public | ({"pass": self.held.id} if self.held else {}),
            personal=personal | ({"on_behalf": self.told} if self.told else {}),
        )


async def take_pen(
    uow: UnitOfWork, holder: Holder, meeting: Id, now: datetime, *, kinds: frozenset[PassKind], lock: bool
) -> Hand:
    """The holder's hand in that sitting. `now`: real time, by which passes live.

    Raises NoSuchMeeting, NoPower, PassGone, BeyondPass.
    """
    if isinstance(holder, Asker):
        sitting, actor = await allow_in(uow, holder, Act.ROLL, meeting, lock=lock)
        return Hand(sitting=sitting, by=actor.person)
    sitting = await sitting_of(uow, meeting, lock=lock)
    held = check_pass(await store.passes.pass_of(uow.session, token_hash(holder.token)), sitting, now)
    if held.kind not in kinds:
        raise BeyondPass
    principal = await person_name(uow, held.issued_by)
    return Hand(sitting=sitting, by=held.issued_by, held=held, told=on_behalf(held.name, principal))


@dataclass(frozen=True, kw_only=True, slots=True)
class Issued:
    """A new pass. The token is told once and never stored."""

    held: Pass
    token: str


class PassService:
    """Passes for helpers and kiosks. `real` tells real time: tokens live by it."""

    def __init__(self, units: Units, real: Clock) -> None:
        self._units = units
        self._real = real

    async def issue(self, asker: Asker, meeting: Id, kind: PassKind, name: str) -> Issued:
        """A pass for this meeting. Raises NoPower, NoHall, RollNotNow."""
        token = token_text(os.urandom(TOKEN_BYTES))
        async with self._units.begin() as uow:
            sitting, actor = await allow_in(uow, asker, Act.ROLL, meeting)
            check_roll_time(sitting)
            held = Pass(
                id=new_id(),
                meeting=meeting,
                kind=kind,
                name=name,
                token_hash=token_hash(token),
                issued_by=actor.person,
                at=uow.now,
                expires_at=self._real.now() + PASS_LIFE,
            )
            await store.passes.add_pass(uow.session, held)
            hand = Hand(sitting=sitting, by=actor.person)
            act = hand.recorded("attendance.issue_pass", held.id, {"kind": kind.value}, {"name": name})
            await record(uow, act)
        return Issued(held=held, token=token)

    async def held(self, asker: Asker, meeting: Id) -> list[Pass]:
        """The meeting's passes, ended ones too. Raises NoSuchMeeting, NoPower."""
        async with self._units.read() as uow:
            await allow_in(uow, asker, Act.ROLL, meeting)
            return await store.passes.passes(uow.session, meeting)

    async def revoke(self, asker: Asker, meeting: Id, pass_id: Id) -> Pass:
        """Take a pass back; what was done through it stays. Repeating it changes nothing.

        Raises NoSuchMeeting, NoPower, NoSuchPass.
        """
        async with self._units.begin() as uow:
            sitting, actor = await allow_in(uow, asker, Act.ROLL, meeting, lock=True)
            known = {one.id: one for one in await store.passes.passes(uow.session, meeting)}
            if pass_id not in known:
                raise NoSuchPass
            if known[pass_id].revoked_at is not None:
                return known[pass_id]
            await store.passes.revoke_pass(uow.session, pass_id, actor.person, uow.now)
            hand = Hand(sitting=sitting, by=actor.person)
            await record(uow, hand.recorded("attendance.revoke_pass", pass_id, {}, {}))
            return replace(known[pass_id], revoked_at=uow.now)
