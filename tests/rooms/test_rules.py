"""Who may enter a room, with which rights, under which name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.convening.rules import Mode, State
from meetings.kernel.errors import Refused
from meetings.rooms.rules import (
    TICKET_LIFE,
    BadRoomName,
    Ban,
    NoRoom,
    NotConvoked,
    Publish,
    RemovedFromRoom,
    RoomNotOpen,
    SeatRole,
    SuspendedFromActivity,
    is_banned,
    may_join,
    meeting_of,
    rights_of,
    room_name,
    ticket,
)
from tests.cell_s import HALL, MEETING, SECRETARY, at

ANN = HALL[0]
BAN = Ban(meeting=MEETING, member=ANN, at=at(10), by=SECRETARY, reason="ồn", lifted_at=at(20))


def join(
    *,
    mode: Mode = Mode.HYBRID,
    state: State = State.OPEN,
    convoked: tuple[str, ...] = (ANN,),
    suspended: bool = False,
    bans: tuple[Ban, ...] = (),
) -> None:
    may_join(
        member=ANN, mode=mode, state=state, convoked=convoked, suspended=suspended, bans=bans, now=at(15)
    )


def test_a_convoked_member_of_an_open_hybrid_or_online_meeting_may_join() -> None:
    join()
    join(mode=Mode.ONLINE)


@pytest.mark.parametrize("state", [state for state in State if state is not State.OPEN])
def test_a_room_stands_only_while_the_sitting_is_open(state: State) -> None:
    with pytest.raises(RoomNotOpen):
        join(state=state)


def test_refusals() -> None:
    refusals: list[tuple[type[Refused], dict[str, object]]] = [
        (NoRoom, {"mode": Mode.IN_PERSON}),
        (NotConvoked, {"convoked": ()}),
        (SuspendedFromActivity, {"suspended": True, "convoked": ()}),
        (RemovedFromRoom, {"bans": (BAN,)}),
    ]
    for refusal, changed in refusals:
        with pytest.raises(refusal):
            join(**changed)  # type: ignore[arg-type]  # one keyword each


@pytest.mark.parametrize(("minute", "banned"), [(9.9, False), (10, True), (19.9, True), (20, False)])
def test_a_ban_holds_from_its_moment_until_it_is_lifted(minute: float, banned: bool) -> None:
    assert is_banned([BAN], ANN, at(minute)) is banned
    assert not is_banned([BAN], SECRETARY, at(minute))


def test_rights_grow_with_the_role_and_nobody_is_room_admin() -> None:
    assert rights_of(SeatRole.LISTENER).publish == frozenset()
    assert Publish.SCREEN_SHARE not in rights_of(SeatRole.MEMBER).publish
    assert rights_of(SeatRole.CHAIR).publish == frozenset(Publish)
    assert all(rights_of(role).subscribe for role in SeatRole)


def test_a_ticket_lives_a_minute_and_carries_one_identity() -> None:
    made = ticket(meeting=MEETING, identity=ANN, name="Thử Nghiệm", role=SeatRole.MEMBER)
    assert made.life == TICKET_LIFE == timedelta(seconds=60)
    assert (made.room, made.identity, made.rights) == (room_name(MEETING), ANN, rights_of(SeatRole.MEMBER))


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.uuids())
def test_a_room_name_tells_the_meeting_and_nothing_else(meeting: object) -> None:
    assert meeting_of(room_name(str(meeting))) == str(meeting)


@pytest.mark.parametrize("foreign", ["", "m-", "chi bo 1", "m-0", f"x-{MEETING}", f"m-{MEETING}x"])
def test_a_room_of_somebody_else_is_refused(foreign: str) -> None:
    with pytest.raises(BadRoomName):
        meeting_of(foreign)
