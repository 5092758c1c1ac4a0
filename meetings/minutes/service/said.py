"""Who spoke on an item, what was moved, and what was reserved about it or its votes, as the minutes state it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from meetings.agenda import speaking
from meetings.agenda.deciding import MotionsLook, motions_of
from meetings.agenda.motions import MotionState, Moved
from meetings.agenda.speakers import Hand, who_spoke
from meetings.attendance.service import guests
from meetings.committees.rules import Member
from meetings.convening.rules import AnySitting
from meetings.db.unit import UnitOfWork
from meetings.kernel.ids import Id
from meetings.kernel.months import zone_of
from meetings.kernel.text import time_text
from meetings.minutes.records import ItemFacts, MotionFacts
from meetings.voting.reserved import Reserved
from meetings.voting.reserving import reservations

_LOOSE = "Phát biểu, đề nghị ngoài các nội dung"
_OUTCOMES = {
    MotionState.PROPOSED: "Đã ghi nhận, buổi họp chưa quyết định",
    MotionState.VOTING: "Đang biểu quyết",
    MotionState.ACCEPTED: "Buổi họp tiếp thu, không biểu quyết",
    MotionState.REJECTED: "Buổi họp không tiếp thu, không biểu quyết",
    MotionState.ADOPTED: "Biểu quyết: được thông qua",
    MotionState.DEFEATED: "Biểu quyết: không được thông qua",
    MotionState.WITHDRAWN: "Người đề nghị đã rút",
    MotionState.REPLACED: "Người đề nghị đã thay bằng đề nghị khác",
}


async def with_what_was_said(
    uow: UnitOfWork, sitting: AnySitting, items: Sequence[ItemFacts], members: Mapping[Id, Member]
) -> tuple[ItemFacts, ...]:
    """The items with their speakers, motions and reserved opinions; what was said between items stands in one of
    its own."""
    names = {one.id: one.full_name for one in members.values()}
    names |= {one.id: f"{one.full_name} (khách dự)" for one in await guests(uow, sitting.id)}
    hands = await speaking.hands(uow, sitting.id)
    kept = await reservations(uow, sitting.id)
    look = await motions_of(uow, sitting)
    found = [_said(item, sitting.id, names, hands, kept) for item in items]
    between, loose = _spoke(names, hands, None), look.of(None)
    if (between or loose) and all(item.id != sitting.id for item in items):
        found.append(ItemFacts(id=sitting.id, title=_LOOSE, planned=0, speakers=between))
    return tuple(_with_motions(item, sitting, look) for item in found)


def _with_motions(item: ItemFacts, sitting: AnySitting, look: MotionsLook) -> ItemFacts:
    draft = look.draft(item.id)
    moved = look.of(None if item.id == sitting.id else item.id)
    return replace(
        item,
        motions=tuple(_motion(sitting, look, one) for one in moved),
        draft=draft.text if draft else "",
    )


def _motion(sitting: AnySitting, look: MotionsLook, one: Moved) -> MotionFacts:
    decided = one.steps[-1].at if one.steps else None
    at = f" (lúc {time_text(decided, zone_of(sitting.zone))})" if decided else ""
    return MotionFacts(
        number=one.motion.number,
        member=look.names.get(one.motion.member, ""),
        words=look.spoken(one),
        reason=" ".join(one.motion.reason.split()),
        outcome=f"{_OUTCOMES[one.state]}{at}",
    )


def _said(
    item: ItemFacts, meeting: Id, names: Mapping[Id, str], hands: Sequence[Hand], kept: Sequence[Reserved]
) -> ItemFacts:
    on_item = None if item.id == meeting else item.id
    return replace(
        item,
        speakers=_spoke(names, hands, on_item),
        reserved=_reserved(names, [one for one in kept if one.item == item.id]),
        votes=tuple(
            replace(vote, reserved=_reserved(names, [one for one in kept if one.vote == vote.id]))
            for vote in item.votes
        ),
    )


def _spoke(names: Mapping[Id, str], hands: Sequence[Hand], item: Id | None) -> tuple[str, ...]:
    return tuple(names[one] for one in who_spoke(hands, item) if one in names)


def _reserved(names: Mapping[Id, str], kept: Iterable[Reserved]) -> tuple[str, ...]:
    return tuple(f"{names.get(one.member, '')}: “{' '.join(one.words.split())}”" for one in kept)
