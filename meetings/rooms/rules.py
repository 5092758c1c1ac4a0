"""Pure words of LiveKit rooms: who may enter with which rights, presence events, removals."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from meetings.convening.rules import Mode, State
from meetings.kernel.errors import Conflict, Forbidden, Invalid
from meetings.kernel.ids import Id

# Architecture decision 8: a LiveKit token cannot be called back, so it must die before anyone can pass it on.
TICKET_LIFE = timedelta(seconds=60)
# Architecture decision 8: a removed identity that shows up again is put out within this time.
EXPEL_WITHIN = timedelta(seconds=2)

_ROOM_NAME = re.compile(r"m-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class SeatRole(StrEnum):
    """As what somebody sits in the room. Chair and recorder are named for one sitting."""

    CHAIR = "chair"
    RECORDER = "recorder"
    MEMBER = "member"
    LISTENER = "listener"


class Publish(StrEnum):
    """Sources that a ticket may allow, by LiveKit's own names."""

    MICROPHONE = "microphone"
    CAMERA = "camera"
    SCREEN_SHARE = "screen_share"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rights:
    """What a ticket allows. Nobody gets LiveKit's `roomAdmin`: removal goes through this service."""

    publish: frozenset[Publish] = frozenset()
    subscribe: bool = True
    data: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Ticket:
    """One seat in one room for one identity. `identity` is the membership's (or guest's) id."""

    room: str
    identity: Id
    name: str
    role: SeatRole
    rights: Rights
    life: timedelta = TICKET_LIFE


class PresenceKind(StrEnum):
    """What a media server tells about people, in neutral words."""

    JOINED = "joined"
    LEFT = "left"
    LISTED = "listed"
    ROOM_ENDED = "room_ended"


class PresenceSource(StrEnum):
    """How we came to know."""

    WEBHOOK = "webhook"
    POLL = "poll"


@dataclass(frozen=True, kw_only=True, slots=True)
class Seat:
    """One connection in a complete list. `since`: when the server says it joined (UTC)."""

    sid: str
    member: Id | None
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PresenceEvent:
    """One neutral fact from the media server, with times already mapped to domain time (UTC).

    `at` of a poll is when the request was SENT: whoever joined before it and stayed must be listed.
    `seats` is filled only by LISTED, and is then complete. `since` is the server's own joined_at.
    """

    event_id: str
    kind: PresenceKind
    room: str
    meeting: Id
    source: PresenceSource
    at: datetime
    real_at: datetime
    member: Id | None = None
    participant_sid: str | None = None
    since: datetime | None = None
    seats: tuple[Seat, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Ban:
    """A removal from the room: from `at` until `lifted_at` (None: for good) nothing online counts."""

    meeting: Id
    member: Id
    at: datetime
    by: Id
    reason: str
    lifted_at: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        """Whether it is in force at that moment."""
        return self.at <= moment and (self.lifted_at is None or moment < self.lifted_at)


class BadRoomName(Invalid):
    """A room name that this service did not make."""

    code = "bad-room-name"
    message = "Tên phòng họp không đúng."


class NoRoom(Conflict):
    """An in-person meeting has no room."""

    code = "no-room"
    message = "Buổi họp này chỉ họp trực tiếp, không có phòng trực tuyến."


class RoomNotOpen(Conflict):
    """The sitting is not open."""

    code = "room-not-open"
    message = "Phòng họp chưa mở hoặc đã đóng."


class NotConvoked(Forbidden):
    """Not called to this meeting."""

    code = "not-convoked"
    message = "Đồng chí không có tên trong danh sách triệu tập của buổi họp này."


class SuspendedFromActivity(Forbidden):
    """Suspended members are not admitted (rules.md 2.3)."""

    code = "suspended"
    message = "Đồng chí đang trong thời gian đình chỉ sinh hoạt nên chưa vào phòng họp được."


class RemovedFromRoom(Forbidden):
    """Removed by the chair; the ban still holds."""

    code = "removed-from-room"
    message = "Đồng chí đã được mời ra khỏi phòng họp. Xin gọi cho bí thư nếu có nhầm lẫn."


_RIGHTS = {
    SeatRole.CHAIR: Rights(publish=frozenset(Publish), data=True),
    SeatRole.RECORDER: Rights(publish=frozenset({Publish.MICROPHONE, Publish.CAMERA}), data=True),
    SeatRole.MEMBER: Rights(publish=frozenset({Publish.MICROPHONE, Publish.CAMERA}), data=True),
    SeatRole.LISTENER: Rights(),
}


def rights_of(role: SeatRole) -> Rights:
    """The least that this role needs."""
    return _RIGHTS[role]


def room_name(meeting: Id) -> str:
    """Opaque: the name reaches logs and the media server, so it holds no name, place or date."""
    return f"m-{meeting}"


def meeting_of(room: str) -> Id:
    """The meeting of a room name. Raises BadRoomName."""
    if not _ROOM_NAME.fullmatch(room):
        raise BadRoomName
    return room.removeprefix("m-")


def is_banned(bans: Iterable[Ban], member: Id, moment: datetime) -> bool:
    """Whether a removal of that member holds at that moment."""
    return any(ban.member == member and ban.holds(moment) for ban in bans)


def may_join(
    *,
    member: Id,
    mode: Mode,
    state: State,
    convoked: Collection[Id],
    suspended: bool,
    bans: Iterable[Ban],
    now: datetime,
) -> None:
    """Refuses a seat: NoRoom, RoomNotOpen, SuspendedFromActivity, NotConvoked, RemovedFromRoom."""
    may_open(mode=mode, state=state)
    if suspended:
        raise SuspendedFromActivity
    if member not in convoked:
        raise NotConvoked
    if is_banned(bans, member, now):
        raise RemovedFromRoom


def may_open(*, mode: Mode, state: State) -> None:
    """Refuses to have a room at all: NoRoom, RoomNotOpen."""
    if mode is Mode.IN_PERSON:
        raise NoRoom
    if state is not State.OPEN:
        raise RoomNotOpen


def ticket(*, meeting: Id, identity: Id, name: str, role: SeatRole) -> Ticket:
    """The seat itself; ask `may_join` first. `name` comes from the roster, never from the asker."""
    return Ticket(room=room_name(meeting), identity=identity, name=name, role=role, rights=rights_of(role))


class LeaveQuestionFirst(Conflict):
    """A mandatory meeting is joined by phone only after the leave question (rules.md 2.4)."""

    code = "leave-question-first"
    message = (
        "Buổi thường kỳ họp tại hội trường. Đồng chí cần báo vắng và nêu lý do trước khi dự qua điện thoại "
        "(bổ trợ)."
    )
