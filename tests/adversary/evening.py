"""Evenings of secret votes: who chose what is known to the test alone; everything written is handed over."""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from demo.blinding import blind, finish
from meetings.convening.rules import AnySitting
from meetings.kernel.ids import Id
from meetings.ledger.service import of_meeting
from meetings.voting import secret_store
from meetings.voting.secrecy import Mark, Slip
from meetings.voting.secret_box import SecretBox
from meetings.voting.service import VotingService
from tests.adversary.attacks import Loot
from tests.adversary.spies import Spy, dump, hidden_orders
from tests.attendance.world import SECRETARY, World
from tests.voting.booth import CONSULTATION, marked, surely

log = logging.getLogger("meetings.naive")

NAIVE_TABLE = (
    "CREATE TABLE naive_ballot (number {serial}, vote_id varchar(36), serial varchar(64), mark varchar(1),"
    " received_at varchar(40))"
)


class NaiveBox(SecretBox):
    """What must not be done: every ballot is written as it comes, beside a number and a time, and logged."""

    async def put(self, slip: Slip) -> bool:
        """At once."""
        async with self._units.begin() as uow:
            await secret_store.write(uow.session, slip.vote, [slip])
            await _naively(uow.session, slip)
        log.info("ballot written", extra={"serial": slip.serial})
        return True


async def _naively(session: AsyncSession, slip: Slip) -> None:
    row = {"vote": slip.vote, "serial": slip.serial, "mark": slip.mark.value}
    await session.execute(
        text(
            "INSERT INTO naive_ballot (vote_id, serial, mark, received_at)"
            " VALUES (:vote, :serial, :mark, :at)"
        ),
        row | {"at": datetime.now(UTC).isoformat(sep=" ")},
    )


class Kept(logging.Handler):
    """Everything that was logged, with all facts."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """One line."""
        self.lines.append(f"{record.getMessage()} {record.__dict__}")


@dataclass
class Evening:
    """One sitting, many questions. `url`: of the database, for whoever reads it from outside."""

    world: World
    voting: VotingService
    sitting: AnySitting
    spy: Spy
    url: str
    chance: random.Random
    kept: Kept = field(default_factory=Kept)

    async def vote(self, labels: Sequence[str]) -> tuple[Loot, list[str]]:
        """One vote of these; returns the loot, and what each chose in the ledger's order of issuing."""
        stored = await self.voting.open_vote(self.world.asks(SECRETARY), self.sitting.id, CONSULTATION)
        vote = stored.vote.id
        voters = [*labels]
        self.chance.shuffle(voters)
        yes = (len(voters) + 1) // 2
        marks = [*("f" * yes), *("a" * (len(voters) - yes))]
        self.chance.shuffle(marks)
        self.spy.mark()
        slips = [marked(await self._take(vote, who), mark) for who, mark in zip(voters, marks, strict=True)]
        await self.voting.secret.start_casting(self.world.asks(SECRETARY), vote, 5)
        snapshots = await self._cast(vote, slips)
        wal = self.spy.wal()
        await self.voting.close_vote(self.world.asks(SECRETARY), vote)
        chosen = {self.world.asks(who).person: mark for who, mark in zip(voters, marks, strict=True)}
        issued = await self._issued(vote)
        loot = Loot(
            voters=issued,
            marks={slip.serial: slip.mark.value for slip in slips},
            tokens=await self._tokens(vote, voters),
            columns=await hidden_orders(self.url, vote, self.spy.hidden),
            snapshots=snapshots,
            pages=self.spy.pages(),
            page=self.spy.page,
            wal=wal,
            logs="\n".join(self.kept.lines),
            dump=await dump(self.url),
            signatures={slip.serial: slip.signature for slip in slips},
        )
        return loot, [chosen[person] for person in issued]

    async def _take(self, vote: Id, who: str) -> Slip:
        secret = self.voting.secret
        modulus = (await secret.look(self.world.asks(who), vote)).secrecy.modulus
        token = blind(modulus)
        signed = await secret.issue(self.world.asks(who), vote, token.blinded)
        return Slip(
            vote=vote,
            serial=token.serial,
            prefix=token.prefix,
            signature=finish(modulus, token, signed),
            mark=Mark.NONE,
        )

    async def _cast(self, vote: Id, slips: Sequence[Slip]) -> list[frozenset[str]]:
        """In the order of issuing, with a backup after each."""
        snapshots, sending = [frozenset[str]()], []
        for slip in slips:
            sending.append(asyncio.create_task(surely(self.voting.secret.box, slip)))
            await asyncio.sleep(0.003)
            if isinstance(self.voting.secret.box, NaiveBox):
                await sending[-1]
            snapshots.append(await self._backup(vote))
        await asyncio.gather(*sending)
        return [*snapshots, await self._backup(vote)]

    async def _backup(self, vote: Id) -> frozenset[str]:
        async with self.world.units.glance() as session:
            return frozenset(serial for serial, _ in await secret_store.ballots(session, vote))

    async def _issued(self, vote: Id) -> list[str]:
        async with self.world.units.read() as uow:
            entries = await of_meeting(uow, self.sitting.cell, self.sitting.id)
        leaves = [json.loads(one.leaf) for one in entries]
        return [
            leaf["actor"]
            for leaf in leaves
            if leaf["act"] == "voting.secret_issue" and leaf["subject"] == vote
        ]

    async def _tokens(self, vote: Id, voters: Sequence[str]) -> dict[str, tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}
        async with self.world.units.read() as uow:
            for who in voters:
                token = await secret_store.token_of(uow.session, vote, self.world.member(who))
                if token is not None:
                    found[self.world.asks(who).person] = token
        return found
