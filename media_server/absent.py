"""The services of LiveKit that this server does not have: each call is refused, and told so."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from media_server.auth import NotAllowed, read_token
from media_server.twirp import TwirpError, bearer, refusal

ABSENT: Mapping[str, str] = {
    "livekit.Egress": "recording and streaming out (egress)",
    "livekit.Ingress": "streaming in (ingress)",
    "livekit.SIP": "telephony (SIP)",
    "livekit.AgentDispatchService": "agents",
    "livekit.Connector": "connectors to other call services",
    "livekit.PhoneNumberService": "phone numbers",
}


class AbsentServices:
    """Answers whoever holds a good token that the service is not there, and what would have it."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._keys = keys

    async def serve(self, request: web.Request) -> web.Response:
        """POST /twirp/{service}/{call}"""
        service = request.match_info["service"]
        what = ABSENT.get(service)
        if what is None or request.method != "POST":
            return refusal(TwirpError("bad_route", f"no handler for {service}"))
        try:
            read_token(bearer(request), self._keys)
        except NotAllowed:
            return refusal(TwirpError("unauthenticated", "permissions denied"))
        text = f"{what}: not supported by this embedded server, only by a LiveKit cluster"
        return refusal(TwirpError("unimplemented", text))
