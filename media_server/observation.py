"""What the server tells about itself: health, metrics without personal data, one room for its administrator."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from google.protobuf.json_format import MessageToDict

from media_server.admission import Admission
from media_server.auth import Grants, NotAllowed, check_admin, check_list, read_token
from media_server.hall import Hall
from media_server.http_door import HttpDoor, token_of
from media_server.ice import IceMux
from media_server.interfaces import is_local
from media_server.metrics import CONTENT_TYPE, Family, counter, gauge, render
from media_server.participant import Participant
from media_server.paths import TcpPath
from media_server.room import Room
from media_server.transport import LOSSY, RELIABLE, PeerTransport
from media_server.webhooks import Webhooks


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What there is to look at."""

    hall: Hall
    mux: IceMux
    webhooks: Webhooks
    admission: Admission
    door: HttpDoor


class Observation:
    """Reads; changes nothing."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def health(self, _: web.Request) -> web.Response:
        """GET /healthz: 200 OK; 503 while the server drains, or if the clock of the rooms stands still."""
        hall = self._parts.hall
        if hall.closing:
            return web.Response(status=503, text="draining")
        if not hall.ticks(time.monotonic()):
            return web.Response(status=503, text="the clock stands still")
        return web.Response(text="OK")

    async def metrics(self, request: web.Request) -> web.Response:
        """GET /metrics: for this machine, or with a token that may list rooms."""
        if not is_local(request.remote or "", request.headers):
            try:
                check_list(self._grants(request))
            except NotAllowed:
                return web.Response(status=401)
        page = render(families(self._parts))
        return web.Response(body=page.encode(), headers={"Content-Type": CONTENT_TYPE})

    async def room(self, request: web.Request) -> web.Response:
        """GET /debug/rooms/{room}: for the administrator of this very room."""
        name = request.match_info["room"]
        try:
            check_admin(self._grants(request), name)
        except NotAllowed:
            return web.Response(status=401)
        room = self._parts.hall.rooms.get(name)
        if room is None:
            return web.Response(status=404, text="requested room does not exist")
        return web.json_response(describe(room, time.monotonic()))

    def _grants(self, request: web.Request) -> Grants:
        return read_token(token_of(request), self._parts.hall.config.keys)


def families(parts: Parts) -> list[Family]:
    """Every metric. Those that the real server has too bear its names."""
    rooms = list(parts.hall.rooms.values())
    people = [each for room in rooms for each in room.participants.values()]
    return [
        gauge("livekit_room_total", "Rooms now.", len(rooms)),
        gauge("livekit_participant_total", "Participants now.", len(people)),
        *_tracks(people),
        *_traffic(parts),
        *_delays(parts),
        *_webhooks(parts),
        gauge("livekit_signal_connections", "Signal connections now.", parts.admission.connections()),
        counter(
            "livekit_refused_total",
            "Requests and connections refused because there were too many.",
            parts.admission.refused + parts.door.refused,
        ),
    ]


def describe(room: Room, now: float) -> dict[str, Any]:
    """One room as it is, with how everybody is connected. `now` is monotonic."""
    return {
        "room": MessageToDict(room.info()),
        "participants": [_participant(each, now) for each in room.participants.values()],
    }


def _tracks(people: Iterable[Participant]) -> Iterable[Family]:
    published = Counter(track.kind for each in people for track in each.publications.values())
    samples: dict[str, float] = {f'kind="{kind}"': published[kind] for kind in ("audio", "video")}
    yield Family(
        name="livekit_track_published_total", kind="gauge", help="Tracks published now.", samples=samples
    )
    subscribed = sum(len(each.downlink.subscriptions) for each in people)
    yield gauge("livekit_track_subscribed_total", "Subscriptions now.", subscribed)


def _traffic(parts: Parts) -> Iterable[Family]:
    traffic = parts.mux.traffic
    for name, told, into, out in (
        ("livekit_packet_total", "Datagrams of media and data.", traffic.packets_in, traffic.packets_out),
        ("livekit_packet_bytes", "Bytes in them.", traffic.bytes_in, traffic.bytes_out),
    ):
        samples: dict[str, float] = {'direction="incoming"': into, 'direction="outgoing"': out}
        yield Family(name=name, kind="counter", help=told, samples=samples)
    yield counter(
        "livekit_packet_missing_total", "Packets of publishers that did not come at first.", traffic.missing
    )
    dropped: dict[str, float] = {
        'reason="full"': traffic.dropped,
        'reason="late"': traffic.late,
        'reason="over_cap"': traffic.shed,
        'reason="stranger"': traffic.strangers,
    }
    yield Family(
        name="livekit_packet_dropped_total", kind="counter", help="Datagrams dropped here.", samples=dropped
    )
    yield gauge("livekit_tcp_connections", "ICE-TCP connections now.", len(parts.mux.door.connections))


def _delays(parts: Parts) -> Iterable[Family]:
    yield Family(
        name="livekit_forward_latency_seconds",
        kind="histogram",
        help="From reading a media packet to having sent it to everybody.",
        histogram=parts.mux.traffic.delay,
    )
    yield Family(
        name="livekit_event_loop_lag_seconds",
        kind="histogram",
        help="How late the clock of the rooms is, ten times a second.",
        histogram=parts.hall.lag,
    )


def _webhooks(parts: Parts) -> Iterable[Family]:
    counts = parts.webhooks.counts
    yield gauge("livekit_webhook_waiting", "Events not yet delivered.", counts.waiting)
    yield counter("livekit_webhook_delivered_total", "Events delivered.", counts.delivered)
    yield counter("livekit_webhook_dropped_total", "Events given up.", counts.dropped)


def _participant(participant: Participant, now: float) -> dict[str, Any]:
    legs = {"publisher": participant.uplink.transport, "subscriber": participant.downlink.transport}
    return {
        "info": MessageToDict(participant.info()),
        "signal_lost_for_s": _age(participant.link_lost_at, now),
        "single_connection": legs["publisher"] is legs["subscriber"],
        "legs": {name: _leg(transport, now) for name, transport in legs.items()},
        "subscriptions": sorted(participant.downlink.subscriptions),
        "sections": participant.downlink.sections(),
    }


def _leg(transport: PeerTransport, now: float) -> dict[str, Any]:
    ice = transport.ice
    kind = "tcp" if isinstance(ice.selected, TcpPath) else "udp"
    return {
        "connected": transport.connected,
        "path": kind if ice.selected is not None else None,
        "paths": len(ice.paths),
        "last_check_s": _age(ice.last_check or None, now),
        "backlog_bytes": {label: transport.data_backlog(label) for label in (RELIABLE, LOSSY)},
    }


def _age(since: float | None, now: float) -> float | None:
    return None if since is None else round(now - since, 3)
