"""A hall voting in secret through the service: a committee's decision, phones with tokens, slips."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import date, timedelta

from demo.blinding import blind, finish
from meetings.committees.policies import Policy, PolicyKey
from meetings.committees.store import orgs
from meetings.convening.rules import AnySitting, Mode
from meetings.kernel.ids import Id, derived_id
from meetings.voting.rules import DecisionKind, Form, StoredVote
from meetings.voting.secrecy import Mark, Slip
from meetings.voting.secret_box import SecretBox
from meetings.voting.service import Question, VotingService
from tests.attendance.world import SECRETARY, World

PAPER = "Quyết định số 12-QĐ/ĐU ngày 01/11/2026"
CONSULTATION = Question(
    question="Đồng chí có hài lòng với việc sinh hoạt chuyên đề không?",
    kind=DecisionKind.CONSULTATION,
    form=Form.SECRET_DEVICE,
    item=None,
    minutes=5,
)
HALL = tuple(f"o{number}" for number in range(1, 15))


async def enable(world: World, value: str = "consultation", citation: str = PAPER) -> None:
    """The commune's committee decides."""
    policy = Policy(
        key=PolicyKey.SECRET_DEVICE,
        value=value,
        valid_from=date(2026, 11, 1),
        set_by=derived_id("org", "commune"),
        set_by_name="Đảng ủy xã Mẫu",
        citation=citation,
    )
    async with world.units.begin() as uow:
        await orgs.add_policy(uow.session, policy, world.asks("auditor").person, uow.now)


@dataclass
class Booths:
    """One secret question and the phones of those in the hall."""

    world: World
    voting: VotingService
    sitting: AnySitting
    stored: StoredVote

    @property
    def vote(self) -> Id:
        """Its id."""
        return self.stored.vote.id

    async def take(self, label: str) -> Slip:
        """A ballot for that member, with no mark chosen yet (it says none)."""
        secret = self.voting.secret
        modulus = (await secret.look(self.world.asks(label), self.vote)).secrecy.modulus
        token = blind(modulus)
        signed = await secret.issue(self.world.asks(label), self.vote, token.blinded)
        signature = finish(modulus, token, signed)
        return Slip(
            vote=self.vote, serial=token.serial, prefix=token.prefix, signature=signature, mark=Mark.NONE
        )

    async def start(self, minutes: int = 3) -> None:
        """The chair ends issuing and begins casting."""
        await self.voting.secret.start_casting(self.world.asks(SECRETARY), self.vote, minutes)

    async def cast(self, slips: list[Slip], marks: str) -> None:
        """All at once, each until it is recorded."""
        box = self.voting.secret.box

        chosen = [marked(slip, mark) for slip, mark in zip(slips, marks, strict=True)]
        await asyncio.gather(*[surely(box, slip) for slip in chosen])

    async def close(self) -> StoredVote:
        """Ended a few seconds ago, counted now."""
        await self.voting.secret.end_casting(self.world.asks(SECRETARY), self.vote)
        self.world.clock.move(timedelta(seconds=4))
        return await self.voting.close_vote(self.world.asks(SECRETARY), self.vote)


async def surely(box: SecretBox, slip: Slip) -> None:
    """As a phone does: until it is recorded; each answer takes its time."""
    for _ in range(50):
        if await box.put(slip):
            return
    raise AssertionError("held for too long")


def marked(slip: Slip, mark: str) -> Slip:
    """The same ballot, saying that."""
    return replace(slip, mark=Mark(mark))


async def booths(
    world: World, voting: VotingService, hall: tuple[str, ...] = HALL, mode: Mode = Mode.IN_PERSON
) -> Booths:
    """A sitting with these in the hall, the decision of the committee, and the question."""
    await enable(world)
    sitting = await world.meeting(mode=mode)
    await world.roll(sitting.id, hall)
    stored = await voting.open_vote(world.asks(SECRETARY), sitting.id, CONSULTATION)
    return Booths(world=world, voting=voting, sitting=sitting, stored=stored)
