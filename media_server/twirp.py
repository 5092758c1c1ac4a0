"""The server API (RoomService over Twirp): POST protobuf or JSON, errors as JSON `{code, msg}`."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message
from livekit.protocol import models, rtc
from livekit.protocol import room as api

from media_server import data
from media_server.auth import (
    Grants,
    NotAllowed,
    Permission,
    check_admin,
    check_create,
    check_list,
    read_token,
)
from media_server.hall import Hall, Refused
from media_server.participant import Participant
from media_server.publication import Publication
from media_server.requests import apply_subscription, fits
from media_server.room import Room

log = logging.getLogger(__name__)

# https status of Twirp error codes, Twirp v7 specification
STATUS = {
    "unauthenticated": 401,
    "not_found": 404,
    "invalid_argument": 400,
    "malformed": 400,
    "failed_precondition": 412,
    "unimplemented": 501,
    "resource_exhausted": 429,
    "bad_route": 404,
}
NONCE_BYTES = 16


class TwirpError(Exception):
    """An answer other than success."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: what it takes, who may make it, what it does."""

    takes: type[Message]
    check: Callable[[Grants, Any], None]
    act: Callable[[Any], Message]


class RoomService:
    """Every call of livekit-api 1.2.2."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._limits = hall.config.limits
        self._calls = self._table()

    async def serve(self, request: web.Request) -> web.Response:
        """POST /twirp/livekit.RoomService/{call}"""
        try:
            answer = await self._answer(request)
        except TwirpError as problem:
            return refusal(problem)
        if request.content_type == "application/json":
            return web.json_response(text=_json(answer))
        return web.Response(body=answer.SerializeToString(), content_type="application/protobuf")

    async def _answer(self, request: web.Request) -> Message:
        if request.method != "POST":
            raise TwirpError("bad_route", f'unsupported method "{request.method}" (only POST is allowed)')
        call = self._calls.get(request.match_info["call"])
        if call is None:
            raise TwirpError("bad_route", f'no handler for path "{request.path}"')
        message = await _read(request, call.takes)
        try:
            call.check(read_token(bearer(request), self._hall.config.keys), message)
        except NotAllowed as problem:
            raise TwirpError("unauthenticated", "permissions denied") from problem
        try:
            return call.act(message)
        except Refused as problem:
            raise TwirpError("resource_exhausted", problem.text) from problem

    def _table(self) -> Mapping[str, Call]:
        def create(grants: Grants, _: Any) -> None:
            check_create(grants)

        def listing(grants: Grants, _: Any) -> None:
            check_list(grants)

        def admin(grants: Grants, message: Any) -> None:
            check_admin(grants, message.room)

        one = api.RoomParticipantIdentity
        return {
            "CreateRoom": Call(takes=api.CreateRoomRequest, check=create, act=self._create),
            "ListRooms": Call(takes=api.ListRoomsRequest, check=listing, act=self._list),
            "DeleteRoom": Call(takes=api.DeleteRoomRequest, check=create, act=self._delete),
            "UpdateRoomMetadata": Call(
                takes=api.UpdateRoomMetadataRequest, check=admin, act=self._room_metadata
            ),
            "ListParticipants": Call(takes=api.ListParticipantsRequest, check=admin, act=self._participants),
            "GetParticipant": Call(takes=one, check=admin, act=lambda m: self._who(m).info()),
            "RemoveParticipant": Call(takes=one, check=admin, act=self._remove),
            "MutePublishedTrack": Call(takes=api.MuteRoomTrackRequest, check=admin, act=self._mute),
            "UpdateParticipant": Call(takes=api.UpdateParticipantRequest, check=admin, act=self._update),
            "UpdateSubscriptions": Call(
                takes=api.UpdateSubscriptionsRequest, check=admin, act=self._subscriptions
            ),
            "SendData": Call(takes=api.SendDataRequest, check=admin, act=self._send_data),
            "ForwardParticipant": Call(takes=api.ForwardParticipantRequest, check=admin, act=_unimplemented),
            "MoveParticipant": Call(takes=api.MoveParticipantRequest, check=admin, act=_unimplemented),
        }

    def _create(self, message: api.CreateRoomRequest) -> Message:
        if not message.name:
            raise TwirpError("invalid_argument", "no room name")
        if message.HasField("egress"):
            raise TwirpError("unimplemented", "recording (egress): not supported by this embedded server")
        if not fits(self._limits, message.name, message.metadata, {}):
            raise TwirpError("invalid_argument", "room name or metadata exceeds limits")
        return self._hall.create(message).info()

    def _list(self, message: api.ListRoomsRequest) -> Message:
        names = set(message.names)
        rooms = [each.info() for each in self._hall.rooms.values() if not names or each.name in names]
        return api.ListRoomsResponse(rooms=rooms)

    def _delete(self, message: api.DeleteRoomRequest) -> Message:
        room = self._room(message.room)
        self._hall.delete(
            room, models.DisconnectReason.ROOM_DELETED, models.RoomEndReason.ROOM_END_API_DELETE
        )
        return api.DeleteRoomResponse()

    def _room_metadata(self, message: api.UpdateRoomMetadataRequest) -> Message:
        room = self._room(message.room)
        if not fits(self._limits, "", message.metadata, {}):
            raise TwirpError("invalid_argument", "metadata size exceeds limits")
        room.set_metadata(message.metadata)
        return room.info()

    def _participants(self, message: api.ListParticipantsRequest) -> Message:
        room = self._hall.rooms.get(message.room)
        present = list(room.participants.values()) if room is not None else []
        return api.ListParticipantsResponse(participants=[each.info() for each in present])

    def _remove(self, message: api.RoomParticipantIdentity) -> Message:
        room = self._room(message.room)
        participant = self._who(message)
        room.removed[participant.identity] = max(time.time(), float(message.revoke_token_ts))
        room.leave(participant, models.DisconnectReason.PARTICIPANT_REMOVED)
        return api.RemoveParticipantResponse()

    def _mute(self, message: api.MuteRoomTrackRequest) -> Message:
        room, participant = self._room(message.room), self._who(message)
        publication = self._track(participant, message.track_sid)
        if not message.muted and not self._hall.config.remote_unmute:
            raise TwirpError("failed_precondition", "remote unmute not enabled")
        publication.set_muted(muted=message.muted)
        told = rtc.MuteTrackRequest(sid=publication.sid, muted=message.muted)
        participant.send(rtc.SignalResponse(mute=told))
        room.announce(participant)
        return api.MuteRoomTrackResponse(track=publication.info)

    def _update(self, message: api.UpdateParticipantRequest) -> Message:
        room, participant = self._room(message.room), self._who(message)
        attributes = participant.attributes | dict(message.attributes)
        if not fits(self._limits, message.name, message.metadata, attributes):
            raise TwirpError("invalid_argument", "name, metadata or attributes exceed limits")
        participant.rename(name=message.name, metadata=message.metadata, attributes=message.attributes)
        if message.HasField("permission"):
            _set_permission(room, participant, Permission.from_proto(message.permission))
        room.announce(participant, to_self=True)
        self._hall.send_refresh(participant)
        return participant.info()

    def _subscriptions(self, message: api.UpdateSubscriptionsRequest) -> Message:
        wish = rtc.UpdateSubscription(
            track_sids=message.track_sids,
            subscribe=message.subscribe,
            participant_tracks=message.participant_tracks,
        )
        apply_subscription(self._room(message.room), self._who(message), wish)
        return api.UpdateSubscriptionsResponse()

    def _send_data(self, message: api.SendDataRequest) -> Message:
        room = self._room(message.room)
        if len(message.nonce) not in (0, NONCE_BYTES):
            raise TwirpError("invalid_argument", f"nonce: {NONCE_BYTES} bytes or none")
        if len(message.data) > self._limits.data_message:
            raise TwirpError("invalid_argument", "data too large")
        lossy = message.kind == models.DataPacket.LOSSY
        packet = data.from_server(
            message.data,
            message.topic if message.HasField("topic") else None,
            lossy=lossy,
            identities=message.destination_identities,
            sids=message.destination_sids,
            nonce=message.nonce,
        )
        room.send_data(packet, None, lossy=lossy)
        return api.SendDataResponse()

    def _room(self, name: str) -> Room:
        room = self._hall.rooms.get(name)
        if room is None:
            raise TwirpError("not_found", "requested room does not exist")
        return room

    def _who(self, message: Any) -> Participant:
        room = self._hall.rooms.get(message.room)
        participant = room.participants.get(message.identity) if room is not None else None
        if participant is None:
            raise TwirpError("not_found", "participant does not exist")
        return participant

    def _track(self, participant: Participant, sid: str) -> Publication:
        publication = participant.publications.get(sid)
        if publication is None:
            raise TwirpError("not_found", "track is not found")
        return publication


def _set_permission(room: Room, participant: Participant, permission: Permission) -> None:
    participant.permission = permission
    participant.withdraw_forbidden()
    for publication in list(participant.publications.values()):
        if not participant.may_publish(publication.info.source):
            room.revoke(participant, publication)
    room.resubscribe([participant], room.all_publications())


def bearer(request: web.Request) -> str:
    """The token of a call; empty if there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme == "Bearer" else ""


def refusal(problem: TwirpError) -> web.Response:
    """The answer that says so."""
    return web.json_response({"code": problem.code, "msg": problem.message}, status=STATUS[problem.code])


def _unimplemented(_: Message) -> Message:
    raise TwirpError("unimplemented", "needs several nodes: not supported by this embedded server")


def _json(answer: Message) -> str:
    """As LiveKit writes it: the protocol's own names, empty fields too."""
    return json_format.MessageToJson(
        answer, preserving_proto_field_name=True, always_print_fields_with_no_presence=True, indent=None
    )


async def _read(request: web.Request, kind: type[Message]) -> Message:
    if request.content_type not in ("application/json", "application/protobuf"):
        raise TwirpError("bad_route", "unexpected Content-Type")
    body = await request.read()
    message = kind()
    try:
        if request.content_type == "application/json":
            json_format.Parse(body.decode(), message, ignore_unknown_fields=True)
        else:
            message.ParseFromString(body)
    except (DecodeError, json_format.ParseError, ValueError) as problem:
        raise TwirpError("malformed", "the request cannot be read") from problem
    return message
