"""What a client asks on its signal connection. Nothing it asks may drop the socket or harm the room."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Iterable, Mapping

from livekit.protocol import models, rtc

from media_server import sdp
from media_server.config import Limits
from media_server.descriptions import Reply, build_answer
from media_server.exchange import local_end
from media_server.hall import Hall
from media_server.negotiate import plan_answer
from media_server.participant import Audience, Participant, new_sid
from media_server.publication import Publication
from media_server.room import Room

log = logging.getLogger(__name__)

Answer = rtc.RequestResponse
UNSUPPORTED = {
    "publish_data_track_request": "publish_data_track",
    "unpublish_data_track_request": "unpublish_data_track",
}
# livekit-server 1.13 does nothing upon `update_layers` either; there are no data tracks here to subscribe to.
NEEDLESS = ("trickle", "update_layers", "update_data_subscription")
GOODBYES = {  # reasons a client may give for its own leaving; any other counts as its wish
    models.DisconnectReason.USER_UNAVAILABLE,
    models.DisconnectReason.USER_REJECTED,
    models.DisconnectReason.AGENT_ERROR,
}


class Requests:
    """The requests of one participant."""

    def __init__(self, hall: Hall, room: Room, participant: Participant) -> None:
        self._limits: Limits = hall.config.limits
        self._room = room
        self._me = participant
        self._reader = sdp.Reader()
        self._session = secrets.randbits(53)
        self._acts: dict[str, Callable[[rtc.SignalRequest], None]] = {
            "offer": lambda r: self._offer(r.offer),
            "answer": lambda r: self._answer(r.answer),
            "add_track": lambda r: self._add_track(r.add_track),
            "mute": lambda r: self._mute(r.mute),
            "subscription": lambda r: apply_subscription(room, participant, r.subscription),
            "track_setting": lambda r: self._track_setting(r.track_setting),
            "leave": lambda r: self._leave(r.leave),
            "sync_state": lambda r: self._sync(r.sync_state),
            "simulate": lambda r: simulate(room, participant, r.simulate),
            "subscription_permission": lambda r: self._permission(r.subscription_permission),
            "update_metadata": lambda r: self._metadata(r.update_metadata),
            "update_audio_track": lambda r: self._audio_track(r.update_audio_track),
            "update_video_track": lambda r: self._video_track(r.update_video_track),
            "ping": lambda r: self._me.send(rtc.SignalResponse(pong=r.ping)),
            "ping_req": lambda r: self._ping(r.ping_req),
        }

    def handle(self, request: rtc.SignalRequest) -> None:
        """Do what is asked. What is unknown is logged; what is unsupported is answered so."""
        kind = request.WhichOneof("message") or ""
        act = self._acts.get(kind)
        if act is None:
            self._decline(kind, request)
            return
        try:
            act(request)
        except sdp.BadSdp as problem:
            log.warning(
                "session description refused", extra={"participant": self._me.sid, "why": str(problem)}
            )

    def _offer(self, offer: rtc.SessionDescription) -> None:
        description = self._reader.read(offer.sdp)
        uplink = self._me.uplink
        uplink.note_offer(description)
        self._me.withdraw_forbidden()
        published = {mid: each.named for mid, each in uplink.publications.items()}
        pending = {cid: each.kind for cid, each in self._me.pending.items()}
        plan = plan_answer(description, published, pending)
        for mid in plan.ended:
            self._room.unpublish(self._me, uplink.publications[mid])
        started = [self._start(cid, section) for cid, section in plan.started.items()]
        tracks = self._me.downlink.fill(description, plan.accepted)
        reply = Reply(received=plan.accepted, as_red=uplink.red_mids(), tracks=tracks)
        text = build_answer(description, local_end(uplink.transport), reply, self._session)
        placed = {mid: track.track for mid, track in tracks.items()}
        answer = rtc.SessionDescription(type="answer", sdp=text, id=offer.id, mid_to_track_id=placed)
        self._me.send(rtc.SignalResponse(answer=answer))
        if description.fingerprints:
            uplink.transport.start(description.fingerprints, data=description.has_data())
        for publication in started:
            self._room.publish(self._me, publication)
        self._tell_publishers(self._me.downlink.filled(description, tracks))

    def _start(self, cid: str, section: sdp.Section) -> Publication:
        publication = self._me.pending.pop(cid)
        publication.named = section.track
        self._me.uplink.add(publication, section)
        return publication

    def _answer(self, answer: rtc.SessionDescription) -> None:
        self._tell_publishers(self._me.downlink.answered(answer))

    def _tell_publishers(self, received: Iterable[Publication]) -> None:
        """Tell the publisher of each track, once, that somebody receives it."""
        for publication in received:
            publisher = self._room.find(publication.publisher_sid)
            if publisher is not None and not publication.subscribed_told:
                publication.subscribed_told = True
                told = rtc.TrackSubscribed(track_sid=publication.sid)
                publisher.send(rtc.SignalResponse(track_subscribed=told))

    def _add_track(self, request: rtc.AddTrackRequest) -> None:
        me = self._me
        reason = self._why_not(request)
        if reason is not None:
            me.send(rtc.SignalResponse(request_response=Answer(reason=reason, add_track=request)))
            return
        publication = me.pending.get(request.cid)
        if publication is None:
            publication = Publication(request, new_sid("TR_"), me.sid)
            me.pending[request.cid] = publication
        answer = rtc.TrackPublishedResponse(cid=request.cid, track=publication.info)
        me.send(rtc.SignalResponse(track_published=answer))

    def _why_not(self, request: rtc.AddTrackRequest) -> Answer.Reason | None:
        me = self._me
        if not me.may_publish(request.source):
            return Answer.NOT_ALLOWED
        if request.type not in (models.TrackType.AUDIO, models.TrackType.VIDEO) or not request.cid:
            return Answer.UNSUPPORTED_TYPE
        return Answer.LIMIT_EXCEEDED if self._is_full() or request.ByteSize() > 8192 else None

    def _is_full(self) -> bool:
        """Whether all its tracks are used up; announced ones that failed give way."""
        me, most = self._me, self._limits.tracks_per_participant
        if len(me.pending) + len(me.publications) >= most:
            me.forget_failed(time.monotonic())
        return len(me.pending) + len(me.publications) >= most

    def _mute(self, request: rtc.MuteTrackRequest) -> None:
        for publication in (*self._me.publications.values(), *self._me.pending.values()):
            if publication.sid == request.sid and publication.info.muted != request.muted:
                publication.set_muted(muted=request.muted)
                if publication.live:
                    self._room.announce(self._me)

    def _track_setting(self, request: rtc.UpdateTrackSettings) -> None:
        for track_sid in list(request.track_sids)[:1000]:
            if track_sid in self._me.downlink.subscriptions:
                self._me.settings[track_sid] = request
                self._me.downlink.set_settings(track_sid, request)

    def _leave(self, request: rtc.LeaveRequest) -> None:
        wished = models.DisconnectReason.CLIENT_INITIATED
        self._room.leave(self._me, request.reason if request.reason in GOODBYES else wished)

    def _sync(self, state: rtc.SyncState) -> None:
        """What the client believes after it came back; if it publishes what we do not know, it starts afresh."""
        me = self._me
        known = {each.sid for each in (*me.publications.values(), *me.pending.values())}
        if any(each.track.sid not in known for each in state.publish_tracks):
            self._room.leave(me, models.DisconnectReason.STATE_MISMATCH, action=rtc.LeaveRequest.RECONNECT)
            return
        if state.track_sids_disabled:
            self._track_setting(rtc.UpdateTrackSettings(track_sids=state.track_sids_disabled, disabled=True))
        if state.HasField("subscription"):
            apply_subscription(self._room, me, state.subscription)

    def _permission(self, request: rtc.SubscriptionPermission) -> None:
        me = self._me
        me.audience = Audience(request)
        self._room.resubscribe(self._room.participants.values(), me.publications.values())

    def _metadata(self, request: rtc.UpdateParticipantMetadata) -> None:
        reason = Answer.OK
        if not self._me.permission.can_update_metadata:
            reason = Answer.NOT_ALLOWED
        elif not fits(
            self._limits, request.name, request.metadata, self._me.attributes | dict(request.attributes)
        ):
            reason = Answer.LIMIT_EXCEEDED
        else:
            self._me.rename(name=request.name, metadata=request.metadata, attributes=request.attributes)
            self._room.announce(self._me, to_self=True)
        self._me.send(
            rtc.SignalResponse(request_response=Answer(request_id=request.request_id, reason=reason))
        )

    def _audio_track(self, request: rtc.UpdateLocalAudioTrack) -> None:
        publication = self._me.publications.get(request.track_sid)
        if publication is not None:
            publication.info.audio_features[:] = list(request.features)[:16]
            self._room.announce(self._me)

    def _video_track(self, request: rtc.UpdateLocalVideoTrack) -> None:
        publication = self._me.publications.get(request.track_sid)
        if publication is not None:
            publication.info.width, publication.info.height = request.width, request.height
            self._room.announce(self._me)

    def _ping(self, ping: rtc.Ping) -> None:
        pong = rtc.Pong(last_ping_timestamp=ping.timestamp, timestamp=ping.timestamp)
        self._me.send(rtc.SignalResponse(pong_resp=pong))

    def _decline(self, kind: str, request: rtc.SignalRequest) -> None:
        if kind in NEEDLESS:
            return
        log.info("unsupported request", extra={"kind": kind or "unknown"})
        answer = Answer(reason=Answer.UNSUPPORTED_TYPE, message="not supported by this server")
        if kind in UNSUPPORTED:
            getattr(answer, UNSUPPORTED[kind]).CopyFrom(getattr(request, kind))
        elif kind:
            answer.request_id = getattr(getattr(request, kind), "request_id", 0)
        self._me.send(rtc.SignalResponse(request_response=answer))


def simulate(room: Room, participant: Participant, scenario: rtc.SimulateScenario) -> None:
    """Play a fault that touches nobody else, for tests of applications; others are not played."""
    kind = scenario.WhichOneof("scenario")
    if kind in ("leave_request_full_reconnect", "node_failure"):
        room.leave(participant, models.DisconnectReason.STATE_MISMATCH, action=rtc.LeaveRequest.RECONNECT)
    elif kind == "server_leave":
        room.leave(participant, models.DisconnectReason.SERVER_SHUTDOWN)
    elif kind in ("migration", "disconnect_signal_on_resume") and participant.link is not None:
        participant.link.close_soon()
    else:
        log.info("scenario not played", extra={"kind": kind or "unknown"})


def apply_subscription(room: Room, participant: Participant, request: rtc.UpdateSubscription) -> None:
    """Subscribe or unsubscribe tracks, on the wish of the participant or of the server API."""
    wanted = set(request.track_sids)
    for each in request.participant_tracks:
        wanted.update(each.track_sids)
    known = {each.sid: each for each in room.all_publications()}
    for sid in wanted & known.keys():
        participant.wanted[sid] = request.subscribe
    for sid in wanted - known.keys() if request.subscribe else ():
        told = rtc.SubscriptionResponse(track_sid=sid, err=models.SubscriptionError.SE_TRACK_NOTFOUND)
        participant.send(rtc.SignalResponse(subscription_response=told))
    room.resubscribe([participant], (known[sid] for sid in wanted & known.keys()))


def fits(limits: Limits, name: str, metadata: str, attributes: Mapping[str, str]) -> bool:
    """Whether name, metadata and all attributes together are within bounds, in bytes of UTF-8."""
    size = sum(len(key.encode()) + len(value.encode()) for key, value in attributes.items())
    small = len(name.encode()) <= limits.name and len(metadata.encode()) <= limits.metadata
    return small and size <= limits.attributes
