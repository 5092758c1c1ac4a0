"""The speakers' list over HTTP."""

from __future__ import annotations

from datetime import datetime

from meetings.agenda.speakers import Hand
from meetings.agenda.speaking import Floor, SpeakersService
from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, UuidText, View
from meetings.kernel.ids import Id

_TAGS = ("agenda",)


class HandBody(Body):
    """A hand goes up. `id`: made by the client, so that sending again is harmless; without `member` or `guest` one's
    own."""

    id: UuidText
    member: UuidText | None = None
    guest: UuidText | None = None


class HandView(View):
    """One wish to speak. `member`: whose; of a `guest`, the id under which they were written down. `number`: in the
    order of asking. Times UTC."""

    id: str
    meeting: str
    member: str
    guest: bool
    number: int
    state: str
    item: str | None
    asked_at: datetime
    called_at: datetime | None
    ended_at: datetime | None


class SpeakerView(HandView):
    """One line of the list. `seconds`: how long that turn has lasted; `spoke`: they had the floor before."""

    name: str
    seconds: int
    spoke: bool


class SpeakersView(View):
    """The list: who has the floor, who waits in the order of their turns, whose turns are over."""

    speaking: SpeakerView | None
    waiting: list[SpeakerView]
    done: list[SpeakerView]


class SpeakerHandlers:
    """Endpoints of the list."""

    def __init__(self, service: SpeakersService) -> None:
        self._service = service

    def endpoints(self) -> list[Endpoint]:
        """All of them."""
        listed = "/meetings/{meeting}/speakers"
        turns = (
            ("call", self.call_speaker, "Mời phát biểu"),
            ("finish", self.finish_speaker, "Đã phát biểu xong"),
            ("lower", self.lower_hand, "Hạ tay"),
        )
        return [
            Endpoint(
                method="GET",
                path=listed,
                handler=self.get_speakers,
                summary="Danh sách phát biểu",
                answer=SpeakersView,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path=listed,
                handler=self.raise_hand,
                summary="Giơ tay",
                answer=HandView,
                body=HandBody,
                own_key=True,
                tags=_TAGS,
            ),
            *(
                Endpoint(
                    method="POST",
                    path=f"/speakers/{{speaker}}/{name}",
                    handler=handler,
                    summary=summary,
                    answer=HandView,
                    tags=_TAGS,
                )
                for name, handler, summary in turns
            ),
        ]

    async def get_speakers(self, call: Call[Body, Body]) -> SpeakersView:
        """The list in order."""
        found = await self._service.look(call.asker, call.id("meeting"))
        return SpeakersView(
            speaking=_line(found, found.speaking) if found.speaking else None,
            waiting=[_line(found, one) for one in found.waiting],
            done=[_line(found, one) for one in found.done],
        )

    async def raise_hand(self, call: Call[HandBody, Body]) -> HandView:
        """One's own, or, by who leads, somebody's in the hall."""
        meeting, body = call.id("meeting"), call.body
        if body.guest is not None:
            return _hand(await self._service.put_up_guest(call.asker, meeting, body.id, body.guest))
        member: Id | None = body.member
        return _hand(await self._service.put_up(call.asker, meeting, body.id, member))

    async def call_speaker(self, call: Call[Body, Body]) -> HandView:
        """Whoever had the floor ends."""
        return _hand(await self._service.call(call.asker, call.id("speaker")))

    async def finish_speaker(self, call: Call[Body, Body]) -> HandView:
        """Their turn is over."""
        return _hand(await self._service.finish(call.asker, call.id("speaker")))

    async def lower_hand(self, call: Call[Body, Body]) -> HandView:
        """Off the list."""
        return _hand(await self._service.lower(call.asker, call.id("speaker")))


def _hand(hand: Hand) -> HandView:
    return HandView.model_validate(hand)


def _line(floor: Floor, hand: Hand) -> SpeakerView:
    return SpeakerView(
        **_hand(hand).model_dump(),
        name=floor.name(hand),
        seconds=floor.seconds(hand),
        spoke=floor.spoke(hand.member),
    )
