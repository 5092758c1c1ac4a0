"""Holding a whole sitting of cell S through the services, as a secretary does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from meetings.attendance.rules import Decision, Reason
from meetings.convening.rules import AnySitting, Kind, Mode, State
from meetings.rooms.memory import MemoryGateway
from meetings.rooms.rules import PresenceKind
from meetings.sitting.service import Closed, SittingService
from meetings.voting.rules import DecisionKind, Form, StoredVote
from meetings.voting.service import Question, VotingService
from tests.attendance.world import EXCUSED, HALL, PHONE, SECRETARY, UNEXCUSED, World

RECORDER = "o2"
QUESTION = "Thông qua nghị quyết tháng 11"


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """Cell S with everything it takes to hold a sitting."""

    world: World
    sittings: SittingService
    voting: VotingService
    gateway: MemoryGateway

    async def opened(
        self, mode: Mode = Mode.HYBRID, kind: Kind | None = None, *, at: datetime | None = None
    ) -> AnySitting:
        """Convened and open."""
        made = await self.world.meeting(mode=mode, kind=kind, state=State.CONVENED)
        return await self.sittings.open(self.world.asks(SECRETARY), made.id, at)

    async def roll(self, sitting: AnySitting, hall: Sequence[str] = HALL) -> None:
        """The roll confirmed; chair and recorder named from it."""
        await self.world.roll(sitting.id, hall)
        await self.name(sitting)

    async def name(self, sitting: AnySitting, chair: str = SECRETARY, recorder: str = RECORDER) -> None:
        """Name both."""
        who = (self.world.member(chair), self.world.member(recorder))
        await self.sittings.name_parts(self.world.asks(SECRETARY), sitting.id, *who)

    async def phone_in(self, sitting: AnySitting, labels: Iterable[str] = PHONE) -> None:
        """They connect now."""
        now = self.world.clock.now()
        await self.world.service.record_presence(
            [self.world.event(sitting.id, label, PresenceKind.JOINED, now) for label in labels]
        )

    async def decide(
        self,
        sitting: AnySitting,
        excused: Iterable[str] = (*EXCUSED, *PHONE),
        unexcused: Iterable[str] = UNEXCUSED,
    ) -> None:
        """Every absence decided."""
        leave, by = self.world.service.leave, self.world.asks(SECRETARY)
        for label in excused:
            reason = Reason.WORKING_AWAY if label in PHONE else Reason.ILL
            await leave.decide(by, sitting.id, self.world.member(label), Decision.EXCUSED, reason)
        for label in unexcused:
            await leave.decide(by, sitting.id, self.world.member(label), Decision.UNEXCUSED, None)

    async def ask(self, sitting: AnySitting, *taking_part: str) -> StoredVote:
        """An open vote; these exempt members take part."""
        taking = tuple(self.world.member(label) for label in taking_part)
        question = Question(
            question=QUESTION,
            kind=DecisionKind.RESOLUTION,
            form=Form.HANDS,
            item=None,
            minutes=6,
            taking_part=taking,
        )
        return await self.voting.open_vote(self.world.asks(SECRETARY), sitting.id, question)

    async def count(self, vote: StoredVote, hands: tuple[int, int, int] = (12, 1, 1)) -> StoredVote:
        """Hands counted, vote closed."""
        secretary = self.world.asks(SECRETARY)
        await self.voting.count_hands(secretary, vote.vote.id, hands)
        return await self.voting.close_vote(secretary, vote.vote.id)

    async def close(self, sitting: AnySitting, at: datetime | None = None) -> Closed:
        """Close at that moment."""
        return await self.sittings.close(self.world.asks(SECRETARY), sitting.id, at)

    async def november(self) -> Closed:
        """Cell S's hybrid of November: hall 16, phone 4, excused 2, unexcused 1, one resolution, 95 minutes."""
        sitting = await self.opened()
        await self.roll(sitting)
        await self.phone_in(sitting)
        await self.decide(sitting)
        self.world.clock.move(timedelta(minutes=60))
        await self.count(await self.ask(sitting, "e1"))
        self.world.clock.move(timedelta(minutes=35))
        return await self.close(sitting)

    async def supplement(self, count: int = 12) -> Closed:
        """An online session of so many connected members, 95 minutes."""
        sitting = await self.opened(Mode.ONLINE)
        await self.phone_in(sitting, [f"o{number}" for number in range(1, count + 1)])
        self.world.clock.move(timedelta(minutes=1))
        await self.name(sitting)
        self.world.clock.move(timedelta(minutes=94))
        return await self.close(sitting)
