"""A device that holds cell S's November sitting without a network: hall 16, seven absent, one resolution."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from meetings.agenda.service import AgendaService, Wanted
from meetings.attendance.rules import Decision, EvidenceKind, Reason
from meetings.committees.rules import Category
from meetings.convening.rules import AnySitting, Mode, State
from meetings.kernel.ids import Id, new_id
from meetings.offline.rules import Kept, KeptAbsence, KeptItem, KeptMark, KeptMotion, KeptVote, Sending
from meetings.offline.service import BroughtIn, Kit, OfflineService
from meetings.sitting.rules import FeeLine
from meetings.voting.rules import DecisionKind, Form
from tests.attendance.world import CELL_S, HALL, SECRETARY
from tests.sitting.holding import QUESTION, RECORDER, Cell

LATER = datetime(2026, 12, 2, 3, 0, tzinfo=UTC)
_OWE = {Category.OFFICIAL, Category.PROBATIONARY, Category.TEMPORARY_ARRIVED}


@dataclass(frozen=True, kw_only=True, slots=True)
class Device:
    """The secretary's phone."""

    cell: Cell
    offline: OfflineService

    async def called(self, mode: Mode = Mode.IN_PERSON, *, items: int = 2) -> AnySitting:
        """Convened on the server, with an agenda."""
        made = await self.cell.world.meeting(mode=mode, state=State.CONVENED)
        wanted = [Wanted(title=f"Nội dung {number}", planned_minutes=20) for number in range(1, items + 1)]
        await AgendaService(self.cell.world.units).plan(self.asks(), made.id, wanted, None)
        return made

    def asks(self, who: str = SECRETARY) -> Any:
        """Somebody's browser."""
        return self.cell.world.asks(who)

    async def takes(self, meeting: Id) -> Kit:
        """At home, where there is a line."""
        return await self.offline.kit(self.asks(), meeting)

    def holds(self, kit: Kit) -> Kept:
        """From 30 minutes later, for 95 minutes, away from any network."""
        opened = self.cell.world.clock.now() + timedelta(minutes=30)
        member = self.cell.world.member
        first, second = kit.items[0], kit.items[1]
        return Kept(
            id=new_id(),
            opened_at=opened,
            confirmed_at=opened - timedelta(minutes=2),
            closed_at=opened + timedelta(minutes=95),
            read_at=opened + timedelta(minutes=93),
            marks=tuple(
                KeptMark(
                    member=member(label),
                    kind=EvidenceKind.PRESENT if label in HALL else EvidenceKind.ABSENT,
                    at=opened - timedelta(minutes=5),
                )
                for label, category in CELL_S.items()
                if category is not Category.SUSPENDED
            ),
            head_count=16,
            chair=member(SECRETARY),
            recorder=member(RECORDER),
            absences=tuple(
                KeptAbsence(member=member(label), decision=Decision.EXCUSED, reason=Reason.ILL)
                for label, category in CELL_S.items()
                if category in _OWE and label not in HALL
            ),
            fees=FeeLine(paid=20, of=25),
            items=(
                self._item(first.id, first.title, opened, 5, 40),
                replace(self._item(second.id, second.title, opened, 40, 90), words="", conclusion=""),
            ),
            votes=(self.resolution(opened),),
            words="Phân công: Đ/c Mẫu: quét nhà văn hóa; hạn: 30/11.",
        )

    def _item(self, item: Id, title: str, opened: datetime, start: int, end: int) -> KeptItem:
        return KeptItem(
            id=item,
            title=title,
            planned_minutes=20,
            started_at=opened + timedelta(minutes=start),
            ended_at=opened + timedelta(minutes=end),
            conclusion="Nhất trí",
            words="Đồng chí bí thư nêu tình hình.",
        )

    def resolution(self, opened: datetime, item: Id | None = None) -> KeptVote:
        """Twelve of twenty, as story 1."""
        return KeptVote(
            question=QUESTION,
            kind=DecisionKind.RESOLUTION,
            form=Form.HANDS,
            opened_at=opened + timedelta(minutes=60),
            closed_at=opened + timedelta(minutes=63),
            in_favour=12,
            against=1,
            abstain=1,
            base=20,
            needed=11,
            passed=True,
            item=item,
            taking_part=(self.cell.world.member("e1"),),
        )

    def sending(self, kit: Kit, *accepted: str) -> Sending:
        """Now."""
        now = self.cell.world.clock.now()
        return Sending(based_on=kit.number, sent_at=now, accepted=frozenset(accepted))

    async def brings(
        self, meeting: Id, kept: Kept, kit: Kit, *accepted: str, who: str = SECRETARY
    ) -> BroughtIn:
        """Where there is a line again."""
        return await self.offline.bring(self.asks(who), meeting, kept, self.sending(kit, *accepted))


def as_body(kept: Kept, sending: Sending) -> dict[str, Any]:
    """As the scripts send it."""
    names = ("id", "head_count", "chair", "recorder", "words")
    moments = ("opened_at", "confirmed_at", "closed_at", "read_at")
    vote_names = (
        *("question", "kind", "form", "in_favour", "against", "abstain", "base", "needed", "passed"),
        *("item", "opened_at", "closed_at", "motion"),
    )
    return {
        **{name: getattr(kept, name) for name in names},
        **{name: plain(getattr(kept, name)) for name in moments},
        "based_on": sending.based_on,
        "sent_at": plain(sending.sent_at),
        "accepted": sorted(sending.accepted),
        "continues": sending.continues,
        "taken": [{"place": place, "words": words} for place, words in sending.taken.items()],
        "marks": [_mark(one) for one in kept.marks],
        **{
            name: [{each: plain(value) for each, value in asdict(one).items()} for one in getattr(kept, name)]
            for name in ("guests", "drafts", "before", "tasks", "reports")
        },
        "absences": [
            {"member": one.member, "decision": one.decision.value, "reason": plain(one.reason)}
            for one in kept.absences
        ],
        "fees": {"paid": kept.fees.paid, "of": kept.fees.of} if kept.fees else None,
        "items": [
            {name: plain(getattr(one, name)) for name in KeptItem.__dataclass_fields__} for one in kept.items
        ],
        "motions": [
            {name: plain(getattr(one, name)) for name in KeptMotion.__dataclass_fields__}
            for one in kept.motions
        ],
        "votes": [
            {
                **{name: plain(getattr(one, name)) for name in vote_names},
                "taking_part": list(one.taking_part),
                "excused": list(one.excused),
                "person": _concerned(one),
                "papers": asdict(one.papers) if one.papers else None,
                "tellers": list(one.tellers),
            }
            for one in kept.votes
        ],
    }


def _mark(one: KeptMark) -> dict[str, Any]:
    return {
        "member": one.member,
        "mark": one.kind.value,
        "device_at": plain(one.at),
        "reason": one.reason or None,
        "since": plain(one.since),
    }


def _concerned(vote: KeptVote) -> dict[str, str] | None:
    if (one := vote.person) is None:
        return None
    return {"member": one.member} if one.member else {"name": one.name}


def plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, date):  # a moment as well
        return value.isoformat()
    return getattr(value, "value", value)
