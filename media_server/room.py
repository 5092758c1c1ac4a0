"""One room: who is in it, who receives what, when it ends."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Protocol

from livekit.protocol import models, rtc
from livekit.protocol.models import DisconnectReason as Reason
from livekit.protocol.models import ParticipantInfo

from media_server import data, notices, quality
from media_server.config import Limits
from media_server.participant import Participant, new_sid
from media_server.publication import Publication
from media_server.speakers import INTERVAL_S, Speakers
from media_server.transport import LOSSY, RELIABLE

log = logging.getLogger(__name__)

TICK_S = 0.1
REPORT_TICKS = 10
SPEAKER_TICKS = round(INTERVAL_S / TICK_S)
QUALITY_TICKS = round(quality.INTERVAL_S / TICK_S)
GOODBYE_S = 0.5
LEAVE_DELAY_S = 0.3  # a transport closed at once makes clients log an unexpected end of the data channel


class Observer(Protocol):
    """Hears what happens in a room, in order."""

    def __call__(
        self,
        event: str,
        room: Room,
        participant: ParticipantInfo | None = None,
        track: models.TrackInfo | None = None,
    ) -> None:
        """`event` is a webhook event name."""


class Room:
    """Lives from CreateRoom (or the first join) until deleted or left empty for its time."""

    def __init__(
        self,
        request: Any,
        limits: Limits,
        observe: Observer,
        spawn: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        self.name: str = request.name
        self.sid = new_sid("RM_")
        self.metadata: str = request.metadata
        self.max_participants: int = request.max_participants
        self.empty_timeout: int = request.empty_timeout or limits.empty_timeout_s
        self.departure_timeout: int = request.departure_timeout or limits.departure_timeout_s
        self.created_at = time.time()
        self.participants: dict[str, Participant] = {}  # by identity
        self.removed: dict[str, float] = {}  # identity -> when, seconds since the epoch
        self.end_reason = models.RoomEndReason.ROOM_END_UNKNOWN
        self.speakers = Speakers()
        self._board = quality.Board()
        self._told_size = (0, 0)
        self._by_sid: dict[str, Participant] = {}
        self._limits = limits
        self._observe = observe
        self._spawn = spawn
        self._idle_since = time.monotonic()
        self._ever_joined = False
        self._ticks = 0
        self._changes: dict[str, ParticipantInfo] = {}  # by sid, not yet told
        self._gathers = False
        observe("room_started", self)

    def info(self) -> models.Room:
        """The protocol's description."""
        visible = [each for each in self.participants.values() if not each.permission.hidden]
        return models.Room(
            sid=self.sid,
            name=self.name,
            empty_timeout=self.empty_timeout,
            departure_timeout=self.departure_timeout,
            max_participants=self.max_participants,
            creation_time=int(self.created_at),
            creation_time_ms=int(self.created_at * 1000),
            enabled_codecs=[models.Codec(mime="audio/opus"), models.Codec(mime="video/VP8")],
            metadata=self.metadata,
            num_participants=sum(not each.depends for each in visible),
            num_publishers=sum(bool(each.publications) for each in visible),
        )

    def is_full(self, identity: str, *, depends: bool) -> bool:
        """Whether one more does not fit; who is already in may come again.

        The room's own bound counts neither agents nor recorders, and does not keep them out (`depends`).
        """
        if identity in self.participants:
            return False
        own = self.max_participants or self._limits.participants_per_room
        full = not depends and sum(not each.depends for each in self.participants.values()) >= own
        return full or len(self.participants) >= self._limits.participants_per_room

    def is_removed(self, identity: str, issued_at: int) -> bool:
        """Whether a token of this identity was issued before its removal (in doubt, the same second: yes)."""
        return identity in self.removed and issued_at <= int(self.removed[identity])

    def find(self, sid: str) -> Participant | None:
        """A participant by its sid."""
        return self._by_sid.get(sid)

    def overdue(self, now: float) -> bool:
        """Whether nobody but agents and recorders was there for longer than its time. `now` is monotonic."""
        patience = self.departure_timeout if self._ever_joined else self.empty_timeout
        alone = all(each.depends for each in self.participants.values())
        return alone and now - self._idle_since >= patience

    def others(self, participant: Participant) -> list[ParticipantInfo]:
        """Everybody this participant sees."""
        seen = (e for e in self.participants.values() if e is not participant and not e.permission.hidden)
        return [each.info() for each in seen]

    def enter(self, participant: Participant) -> None:
        """Put in, in the place of whoever has the same identity."""
        former = self.participants.get(participant.identity)
        if former is not None:
            self.leave(former, Reason.DUPLICATE_IDENTITY)
        if any(each.state == ParticipantInfo.DISCONNECTED for each in self._changes.values()):
            self._tell_changes()  # who comes in never hears that someone of the same identity left before
        self.participants[participant.identity] = participant
        self._by_sid[participant.sid] = participant
        self._ever_joined = self._ever_joined or not participant.depends

    def settle(self, participant: Participant) -> None:
        """After the join answer: tell the others, subscribe to what there is, make the first offer."""
        self.announce(participant)
        for publication in self._publications():
            self._sync(participant, publication)
        participant.downlink.negotiate()

    def leave(
        self, participant: Participant, reason: int, *, action: int = rtc.LeaveRequest.DISCONNECT
    ) -> None:
        """Take out at once, tell everybody; the transports close a moment later."""
        if participant.closed:
            return
        was_active = participant.state == ParticipantInfo.ACTIVE
        participant.closed = True
        participant.state = ParticipantInfo.DISCONNECTED
        participant.reason = reason
        published = list(participant.publications.values())
        for publication in published:
            self._drop(participant, publication)
        if self.participants.get(participant.identity) is participant:
            del self.participants[participant.identity]
        self._by_sid.pop(participant.sid, None)
        self.speakers.forget(participant.sid)
        self.announce(participant, now=bool(published))
        for other in self.participants.values():
            other.downlink.part(participant.sid)
            if published:
                other.downlink.negotiate()
        event = "participant_left" if was_active else "participant_connection_aborted"
        self._observe(event, self, participant.info())
        if participant.link is not None:
            participant.send(notices.leave(reason, action))
            participant.link.close_soon()
        if not participant.depends:
            self._idle_since = time.monotonic()
        self._spawn(_close_later(participant))

    def announce(self, participant: Participant, *, to_self: bool = False, now: bool = False) -> None:
        """Tell everybody (and, if wanted, the participant) how the participant is now.

        The first change is told at once. Those that follow it closely are gathered until the next tick, else N
        who come in together cost N times N messages. `now`: an offer follows that needs it.
        """
        participant.touch()
        info = participant.info()
        if to_self:
            participant.send(notices.update([info]))
        if participant.permission.hidden:
            return
        self._changes[participant.sid] = info
        if now or not self._gathers:
            self._tell_changes()
        self._gathers = True

    def set_metadata(self, metadata: str) -> None:
        """Change the room's metadata and tell everybody."""
        self.metadata = metadata
        self._broadcast(
            rtc.SignalResponse(room_update=rtc.RoomUpdate(room=self.info())), self.participants.values()
        )

    def publish(self, participant: Participant, publication: Publication) -> None:
        """A track's section was answered: announce it, then offer it to who may receive it."""
        participant.publications[publication.sid] = publication
        self.announce(participant, now=True)
        self._observe("track_published", self, participant.info(), publication.info)
        for other in list(self.participants.values()):
            self._sync(other, publication)
            other.downlink.negotiate()

    def unpublish(self, participant: Participant, publication: Publication) -> None:
        """A track ended: stop it everywhere, then announce."""
        self._drop(participant, publication)
        for other in list(self.participants.values()):
            other.downlink.negotiate()
        self.announce(participant)

    def revoke(self, participant: Participant, publication: Publication) -> None:
        """End a track its publisher may no longer publish, and tell so."""
        self.unpublish(participant, publication)
        told = rtc.TrackUnpublishedResponse(track_sid=publication.sid)
        participant.send(rtc.SignalResponse(track_unpublished=told))

    def resubscribe(self, participants: Iterable[Participant], publications: Iterable[Publication]) -> None:
        """Decide again who receives what."""
        tracks = list(publications)
        for participant in list(participants):
            for publication in tracks:
                self._sync(participant, publication)
            participant.downlink.negotiate()

    def all_publications(self) -> list[Publication]:
        """Every live track."""
        return list(self._publications())

    def tell_speakers(self, participant: Participant) -> None:
        """Tell someone who came in who speaks now."""
        notices.tell_speakers(self.speakers.speaking(), [participant], self.hears)

    def hears(self, receiver: Participant, speaker_sid: str) -> bool:
        """Whether someone may know that a speaker speaks: who lets others in chooses them."""
        speaker = self._by_sid.get(speaker_sid)
        if speaker is None or speaker is receiver or speaker.audience.open:
            return True
        allows = speaker.audience.allows
        return not speaker.publications or any(
            allows(receiver.identity, receiver.sid, sid) for sid in speaker.publications
        )

    def send_data(self, packet: data.Relayed, sender: Participant | None, *, lossy: bool) -> None:
        """Give a packet to everybody it is for; who cannot keep up with reliable data must reconnect."""
        label = LOSSY if lossy else RELIABLE
        for each in list(self.participants.values()):
            if each is sender or not packet.is_for(each.identity, each.sid):
                continue
            transport = each.downlink.transport
            if transport.data_backlog(label) <= self._limits.data_backlog:
                transport.send_data(label, packet.payload)
            elif not lossy:
                log.warning("participant cannot keep up with data", extra={"participant": each.sid})
                self.leave(each, Reason.STATE_MISMATCH, action=rtc.LeaveRequest.RECONNECT)

    def tick(self, now: float) -> None:
        """Every `TICK_S`: requests to publishers, reports, speakers, changes, participants that went silent."""
        self._ticks += 1
        self._gathers = bool(self._changes)
        self._tell_changes()
        for participant in list(self.participants.values()):
            participant.uplink.tend()
            if self._ticks % REPORT_TICKS == 0:
                participant.uplink.report(self._limits.publish_bitrate)
                participant.downlink.adapt(now)
                self._check_alive(participant, now)
        if self._ticks % QUALITY_TICKS == 0:
            self._board.update(self.participants.values(), now)
            self._tell_size()
        if self._ticks % SPEAKER_TICKS == 0:
            everybody = self.participants.values()
            private = any(not each.audience.open for each in everybody)
            notices.tell_speakers(self.speakers.changes(now), everybody, self.hears if private else None)

    def on_active(self, participant: Participant) -> None:
        """The participant's media is up: only now does it count as joined."""
        if participant.state == ParticipantInfo.ACTIVE:
            return
        participant.state = ParticipantInfo.ACTIVE
        self.announce(participant, to_self=True)
        self._observe("participant_joined", self, participant.info())
        self.tell_speakers(participant)

    def on_failed(self, participant: Participant) -> None:
        """A transport ended: the client is going, or must start afresh. Its own goodbye may be under way."""
        self._spawn(self._give_up(participant))

    def on_level(self, participant: Participant, track_sid: str, level: int, timestamp: int) -> None:
        """Remember how loud."""
        self.speakers.observe(participant.sid, track_sid, level, timestamp, time.monotonic())

    def on_data(self, participant: Participant, message: bytes, *, lossy: bool) -> None:
        """Relay a packet with its true sender; one already seen (sent again after a resume) is dropped."""
        if not participant.permission.can_publish_data or len(message) > self._limits.data_message:
            return
        sender = data.Sender(
            sid=participant.sid, identity=participant.identity, hidden=participant.permission.hidden
        )
        packet = data.relay(message, sender, lossy=lossy)
        if packet is None:
            return
        if not lossy and packet.sequence:
            if packet.sequence <= participant.last_sequence:
                return
            participant.last_sequence = packet.sequence
        self.send_data(packet, participant, lossy=lossy)

    async def _give_up(self, participant: Participant) -> None:
        await asyncio.sleep(GOODBYE_S)
        if participant.link is not None:
            self.leave(participant, Reason.STATE_MISMATCH, action=rtc.LeaveRequest.RECONNECT)
        elif participant.state != ParticipantInfo.ACTIVE:
            self.leave(participant, Reason.JOIN_FAILURE)

    def _check_alive(self, participant: Participant, now: float) -> None:
        lost, window = participant.link_lost_at, self._limits.resume_window_s
        never_up = participant.state != ParticipantInfo.ACTIVE
        if lost is not None and (never_up or now - lost > window or participant.silent_for(now) > window):
            self.leave(participant, Reason.CONNECTION_TIMEOUT)
        elif (
            participant.state != ParticipantInfo.ACTIVE
            and now - participant.started_at > self._limits.connect_timeout_s
        ):
            self.leave(participant, Reason.JOIN_FAILURE)

    def _tell_size(self) -> None:
        """Tell everybody how many are there and publish, if that changed."""
        room = self.info()
        size = (room.num_participants, room.num_publishers)
        if size != self._told_size:
            self._told_size = size
            self._broadcast(
                rtc.SignalResponse(room_update=rtc.RoomUpdate(room=room)), self.participants.values()
            )

    def _sync(self, subscriber: Participant, publication: Publication) -> None:
        receives = publication.sid in subscriber.downlink.subscriptions
        if self._should_receive(subscriber, publication) == receives:
            return
        if receives:
            subscriber.downlink.unsubscribe(publication.sid)
            return
        subscriber.downlink.subscribe(publication, subscriber.settings.get(publication.sid))

    def _should_receive(self, subscriber: Participant, publication: Publication) -> bool:
        publisher = self._by_sid.get(publication.publisher_sid)
        if publisher is None or publisher is subscriber or not subscriber.permission.can_subscribe:
            return False
        allowed = publisher.audience.allows(subscriber.identity, subscriber.sid, publication.sid)
        subscriber.note_allowed(publication, allowed=allowed)
        if not allowed:
            return False
        return subscriber.wanted.get(publication.sid, subscriber.params.auto_subscribe)

    def _drop(self, participant: Participant, publication: Publication) -> None:
        participant.uplink.remove(publication)
        participant.publications.pop(publication.sid, None)
        self.speakers.forget_track(participant.sid, publication.sid)
        for other in self.participants.values():
            other.downlink.end(publication.sid)
            other.wanted.pop(publication.sid, None)
            other.denied.discard(publication.sid)
            other.settings.pop(publication.sid, None)
        self._observe("track_unpublished", self, participant.info(), publication.info)

    def _publications(self) -> Iterable[Publication]:
        for participant in self.participants.values():
            yield from participant.publications.values()

    def _tell_changes(self) -> None:
        """What was gathered goes out as one message, the same bytes for everybody."""
        if self._changes:
            changes, self._changes = self._changes, {}
            alone = next(iter(changes)) if len(changes) == 1 else ""  # nobody is told of themselves alone
            others = (each for each in self.participants.values() if each.sid != alone)
            self._broadcast(notices.update(changes.values()), others)

    def _broadcast(self, response: rtc.SignalResponse, receivers: Iterable[Participant]) -> None:
        message = response.SerializeToString()
        for each in receivers:
            each.send_bytes(message)


async def _close_later(participant: Participant) -> None:
    await asyncio.sleep(LEAVE_DELAY_S)
    await participant.close()
