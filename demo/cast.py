"""Who sits where in the demonstration: cell S of the rules, by name, from the invented roster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from demo.client import Person, Unexpected

HALL_OFFICIAL, PHONE_OFFICIAL, EXCUSED = 13, 3, 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """One line of the roster."""

    id: str
    name: str
    category: str
    smartphone: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Cast:
    """The November hybrid: 16 in the hall, 4 on the phone, 2 excused, 1 without a word."""

    hall: tuple[Member, ...]
    phone: tuple[Member, ...]
    excused: tuple[Member, ...]
    unexcused: tuple[Member, ...]
    everyone: tuple[Member, ...]

    @property
    def scanning(self) -> tuple[Member, ...]:
        """Those in the hall who have a smartphone; the others are called by name."""
        return tuple(member for member in self.hall if member.smartphone)

    @property
    def chair(self) -> Member:
        """The secretary."""
        return self.hall[0]

    @property
    def recorder(self) -> Member:
        """An official member in the hall with a smartphone, not the chair."""
        return next(m for m in self.scanning if m.category == "official" and m != self.chair)

    @property
    def elder(self) -> Member:
        """The exempt member who came all the same."""
        return next(member for member in self.hall if member.category == "exempt")


async def cast_of(secretary: Person, cell: str) -> Cast:
    """Read the roster as the secretary sees it, and give everybody a place."""
    answer = await secretary.get(f"/cells/{cell}/members")
    everyone = tuple(_member(line) for line in answer["members"])
    of = {kind: [m for m in everyone if m.category == kind] for kind in {m.category for m in everyone}}
    secretary_id = (await secretary.get("/me"))["members"][0]["member"]
    official = sorted(of["official"], key=lambda m: (m.id != secretary_id, m.smartphone, m.name))
    hall = [official[0], *[m for m in official[1:] if not m.smartphone]]
    rest = [m for m in official if m not in hall]
    hall += [rest.pop(0) for _ in range(HALL_OFFICIAL - len(hall))]
    phone = rest[:PHONE_OFFICIAL]
    excused, unexcused = rest[PHONE_OFFICIAL : PHONE_OFFICIAL + EXCUSED], rest[PHONE_OFFICIAL + EXCUSED :]
    elder = next(m for m in of["exempt"])
    found = Cast(
        hall=(*hall, of["probationary"][0], of["temporary_arrived"][0], elder),
        phone=(*phone, of["probationary"][1]),
        excused=tuple(excused),
        unexcused=tuple(unexcused),
        everyone=everyone,
    )
    if (len(found.hall), len(found.phone), len(excused), len(unexcused)) != (16, 4, 2, 1):
        raise Unexpected("the sample roster is not cell S")
    return found


def _member(line: dict[str, Any]) -> Member:
    return Member(
        id=line["id"], name=line["full_name"], category=line["category"], smartphone=line["smartphone"]
    )
