"""Who spoke on an item, and what was reserved about it or its votes, as the minutes state it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from meetings.agenda import speaking
from meetings.agenda.speakers import Hand, who_spoke
from meetings.committees.rules import Member
from meetings.convening.rules import AnySitting
from meetings.db.unit import UnitOfWork
from meetings.kernel.ids import Id
from meetings.minutes.records import ItemFacts
from meetings.voting.reserved import Reserved
from meetings.voting.reserving import reservations

_LOOSE = "Phát biểu ngoài các nội dung"


async def with_what_was_said(
    uow: UnitOfWork, sitting: AnySitting, items: Sequence[ItemFacts], members: Mapping[Id, Member]
) -> tuple[ItemFacts, ...]:
    """The items with their speakers and reserved opinions; who spoke between items stands in one of its own."""
    names = {one.id: one.full_name for one in members.values()}
    hands = await speaking.hands(uow, sitting.id)
    kept = await reservations(uow, sitting.id)
    found = [_said(item, sitting.id, names, hands, kept) for item in items]
    between = _spoke(names, hands, None)
    if between and all(item.id != sitting.id for item in items):
        found.append(ItemFacts(id=sitting.id, title=_LOOSE, planned=0, speakers=between))
    return tuple(found)


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
