"""Secret votes on devices (signing.md 4.2): put, give out ballots, open and end the casting, set aside, list."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from meetings.committees.powers import Act as Power
from meetings.committees.rules import Actor
from meetings.convening import service as convening
from meetings.convening.rules import State
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.canonical import Json, digest
from meetings.kernel.ids import Id
from meetings.ledger.rules import Act
from meetings.ledger.service import record
from meetings.voting import blind, secret_store, store
from meetings.voting.refusals import VoteMoved
from meetings.voting.rules import Form, StoredVote, VoteState
from meetings.voting.running import Question, act_of, decided, known, may_ask, may_run, put_question
from meetings.voting.secrecy import (
    FEWEST,
    AnotherBlinded,
    CastAlready,
    Listed,
    NobodyIssued,
    NoSuchSecretVote,
    NotCasting,
    NotForThisHall,
    NotIssuing,
    OnlyInTheRoom,
    Phase,
    Secrecy,
    Withheld,
    code_of,
    count,
    exposes,
    may_count,
    receipt_of,
)
from meetings.voting.secret_box import SecretBox


@dataclass(frozen=True, kw_only=True, slots=True)
class SecretLook:
    """A secret question as one person meets it. `mine`: (blinded, signed) where they got a ballot; never what they
    chose, which nobody knows."""

    stored: StoredVote
    secrecy: Secrecy
    entitled: bool
    mine: tuple[str, str] | None

    @property
    def code(self) -> str:
        """Of the key, to compare with the room's screen."""
        return code_of(self.secrecy.key)

    @property
    def few(self) -> bool:
        """Whether paper is the better way: so few members that numbers tell too much."""
        return len(self.stored.base.present) < FEWEST


class SecretService:
    """Acts with a name. Ballots come without one, through `box`."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self.box = SecretBox(units)

    async def open_vote(
        self, asker: Asker, meeting: Id, question: Question, private: bytes | None = None
    ) -> StoredVote:
        """Put a question; its key's hash is in the ledger before any ballot is given out. `private`: made ahead.

        Raises what `put_question` raises.
        """
        own = private if private is not None else await asyncio.to_thread(blind.make_key)
        modulus = blind.modulus_of(own)
        key = blind.fingerprint(modulus)
        async with self._units.begin() as uow:
            sitting, person = await may_ask(uow, asker, meeting)
            stored = await put_question(uow, sitting, person, question, key=key)
            voters = stored.base.present
            await secret_store.begin(uow.session, stored.vote.id, voters, own, modulus.hex(), key)
            return stored

    async def look(self, asker: Asker, vote: Id) -> SecretLook:
        """For whoever may view the cell. Raises NoSuchSecretVote, NoSuchMeeting."""
        async with self._units.read() as uow:
            stored, secrecy = await _secret(uow, vote)
            sitting, actor = await convening.allow_in(uow, asker, Power.VIEW_CELL, stored.vote.meeting)
            member = actor.member_in(sitting.cell)
            return SecretLook(
                stored=stored,
                secrecy=secrecy,
                entitled=member is not None and await secret_store.may_vote(uow.session, vote, member),
                mine=await secret_store.token_of(uow.session, vote, member) if member else None,
            )

    async def issue(self, asker: Asker, vote: Id, blinded: str) -> str:
        """Sign a member's blinded token, once; the same again gives the same answer.

        Raises NotIssuing, AnotherBlinded, NotForThisHall, BadBlinded, NoSuchSecretVote.
        """
        async with self._units.begin() as uow:
            stored, _ = await _secret(uow, vote, lock=True)
            sitting, actor = await convening.allow_in(uow, asker, Power.VIEW_CELL, stored.vote.meeting)
            member = await _voter(uow, vote, actor, sitting.cell)
            if (mine := await secret_store.token_of(uow.session, vote, member)) is not None:
                return _first(mine, blinded)
            private = await secret_store.private_key(uow.session, vote)
            if private is None:
                raise NotIssuing
            signed = blind.sign_blinded(private, bytes.fromhex(blinded)).hex()
            await secret_store.add_token(uow.session, vote, member, blinded, signed)
            await record(uow, _issued(stored, actor.person, member))
            return signed

    async def start_casting(self, asker: Asker, vote: Id, minutes: int) -> StoredVote:
        """No more ballots are given out, the private key is erased, ballots are taken for so long.

        Raises NotIssuing, NobodyIssued, NoPower.
        """
        async with self._units.begin() as uow:
            stored, secrecy, person = await self._mine_to_run(uow, asker, vote)
            if secrecy.phase is not Phase.ISSUING:
                raise NotIssuing
            if secrecy.issued == 0:
                raise NobodyIssued
            await secret_store.move(uow.session, vote, Phase.CASTING)
            facts = {"issued": secrecy.issued}
            return await _until(
                uow, stored, uow.now + timedelta(minutes=minutes), "voting.secret_casting", person, facts
            )

    async def end_casting(self, asker: Asker, vote: Id) -> StoredVote:
        """No more ballots are taken; counting follows. Raises NotCasting, NoPower."""
        async with self._units.begin() as uow:
            stored, secrecy, person = await self._mine_to_run(uow, asker, vote)
            if secrecy.phase is not Phase.CASTING:
                raise NotCasting
            if stored.vote.deadline is not None and stored.vote.deadline <= uow.now:
                return stored
            await self.box.pour(uow, vote)
            return await _until(uow, stored, uow.now, "voting.secret_ended", person, {})

    async def close(self, uow: UnitOfWork, stored: StoredVote) -> tuple[dict[str, Any], dict[str, Json]]:
        """Count, inside the unit that ends the vote: (result, facts for the ledger with the list's hash).

        Raises NotCasting, StillGathering.
        """
        vote = stored.vote.id
        await self.box.pour(uow, vote)
        _, secrecy = await _secret(uow, vote)
        may_count(secrecy, uow.now, stored.vote.deadline)
        await secret_store.move(uow.session, vote, Phase.CLOSED)
        listed: list[Json] = [
            {"receipt": one.receipt, "mark": one.mark.value} for one in await _list(uow, vote)
        ]
        facts: dict[str, Json] = {
            "issued": secrecy.issued,
            "received": secrecy.received,
            "list": digest(listed),
        }
        return asdict(await decided(uow, stored)), facts

    async def set_aside(self, asker: Asker, vote: Id, minutes: int) -> StoredVote:
        """The meeting takes to paper: this question ends uncounted, the same is put again on paper and returned.

        Possible until ballots are written. Raises CastAlready, VoteMoved, NoPower.
        """
        async with self._units.begin() as uow:
            stored, secrecy, person = await self._mine_to_run(uow, asker, vote)
            if stored.vote.state is not VoteState.OPEN:
                raise VoteMoved
            if secrecy.received:
                raise CastAlready
            await secret_store.move(uow.session, vote, Phase.SET_ASIDE)
            result = asdict(await decided(uow, stored)) | _SET_ASIDE
            ended = replace(stored.vote, state=VoteState.CLOSED, closed_at=uow.now)
            await store.close(uow.session, ended, result)
            await record(uow, act_of("voting.secret_set_aside", stored.cell, ended, person, public={}))
            return await _on_paper(uow, asker, stored, person, minutes)

    async def listed(self, asker: Asker, vote: Id) -> list[Listed]:
        """What each ballot said, sorted by receipt, for those in the room. Raises OnlyInTheRoom, Withheld."""
        async with self._units.read() as uow:
            stored, secrecy = await _secret(uow, vote)
            sitting, _ = await convening.allow_in(uow, asker, Power.VIEW_CELL, stored.vote.meeting)
            if secrecy.phase is not Phase.CLOSED or sitting.state is not State.OPEN:
                raise OnlyInTheRoom
            found = await _list(uow, vote)
            if exposes(count(one.mark for one in found)):
                raise Withheld
            return found

    async def counted(self, vote: Id, receipt: str) -> bool:
        """Whether a ballot with that receipt is written; anybody may ask. Raises NoSuchSecretVote."""
        async with self._units.read() as uow:
            await _secret(uow, vote)
            return any(one.receipt == receipt for one in await _list(uow, vote))

    async def _mine_to_run(self, uow: UnitOfWork, asker: Asker, vote: Id) -> tuple[StoredVote, Secrecy, Id]:
        stored, person = await may_run(uow, asker, vote)
        _, secrecy = await _secret(uow, vote)
        return stored, secrecy, person


_SET_ASIDE: dict[str, Any] = {
    "explanation": "Không kiểm phiếu trên máy. Hội nghị chuyển sang bỏ phiếu kín bằng phiếu giấy.",
    "explanation_en": "Ballots on devices were not counted. The meeting took to secret ballots on paper.",
    "withheld": True,
}


async def _secret(uow: UnitOfWork, vote: Id, *, lock: bool = False) -> tuple[StoredVote, Secrecy]:
    stored = await known(uow, vote, lock=lock)
    secrecy = await secret_store.get(uow.session, vote)
    if secrecy is None:
        raise NoSuchSecretVote
    return stored, secrecy


async def _voter(uow: UnitOfWork, vote: Id, actor: Actor, cell: Id) -> Id:
    member = actor.member_in(cell)
    if member is None or not await secret_store.may_vote(uow.session, vote, member):
        raise NotForThisHall
    return member


def _first(mine: tuple[str, str], blinded: str) -> str:
    if mine[0] != blinded:
        raise AnotherBlinded
    return mine[1]


def _issued(stored: StoredVote, person: Id, member: Id) -> Act:
    """That a ballot was given out, and to whom; the token itself is blind and stays out."""
    return Act(
        cell=stored.cell,
        name="voting.secret_issue",
        actor=person,
        meeting=stored.vote.meeting,
        subject=stored.vote.id,
        personal={"member": member},
    )


async def _until(
    uow: UnitOfWork, stored: StoredVote, deadline: datetime, act: str, person: Id, facts: Mapping[str, Json]
) -> StoredVote:
    moved = replace(stored, vote=replace(stored.vote, deadline=deadline))
    await store.set_deadline(uow.session, stored.vote.id, deadline)
    await record(uow, act_of(act, stored.cell, stored.vote, person, public=facts))
    return moved


async def _list(uow: UnitOfWork, vote: Id) -> list[Listed]:
    found = [
        Listed(receipt=receipt_of(serial), mark=mark)
        for serial, mark in await secret_store.ballots(uow.session, vote)
    ]
    return sorted(found, key=lambda one: one.receipt)


async def _on_paper(
    uow: UnitOfWork, asker: Asker, stored: StoredVote, person: Id, minutes: int
) -> StoredVote:
    vote = stored.vote
    sitting, _ = await may_ask(uow, asker, vote.meeting)
    question = Question(
        question=vote.question, kind=vote.kind, form=Form.PAPER, item=vote.item, minutes=minutes
    )
    return await put_question(uow, sitting, person, question)
