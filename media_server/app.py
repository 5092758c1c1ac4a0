"""The media server as one object: routes, start and stop."""

from __future__ import annotations

import asyncio
from pathlib import Path

from aiohttp import web

from media_server.absent import AbsentServices
from media_server.admission import Admission
from media_server.config import MediaConfig
from media_server.hall import Hall
from media_server.http_door import LARGEST_BODY, HttpDoor, bracketed, cors
from media_server.ice import IceMux
from media_server.observation import Observation, Parts
from media_server.outbox import Outbox
from media_server.signal import Signal
from media_server.transport import missing_names
from media_server.twirp import RoomService
from media_server.webhooks import Webhooks

WEBHOOK_PATIENCE_S = 1.0


class CannotStart(RuntimeError):
    """A pinned library lacks names this server needs. The message lists them."""


class MediaServer:
    """One process's media server. `start` binds, `stop` tells everybody and frees everything."""

    def __init__(self, config: MediaConfig) -> None:
        self.config = config
        self.mux = IceMux(config.limits.caps())
        self.webhooks = Webhooks(
            config.webhook_urls,
            config.webhook_key,
            config.keys.get(config.webhook_key, ""),
            config.limits.webhook_queue,
            Outbox(Path(config.webhook_file)) if config.webhook_file else None,
        )
        self.hall = Hall(config, self.mux, self.webhooks)
        self._signal = Signal(self.hall)
        self.admission = Admission(config.limits)
        self.door = HttpDoor.within(config.limits)
        self._clock: asyncio.Task[None] | None = None
        self.url = ""

    async def start(self) -> None:
        """Bind the sockets. Raises `CannotStart` or OSError."""
        missing = missing_names()
        if missing:
            raise CannotStart("missing in aiortc or pylibsrtp: " + ", ".join(missing))
        await self.mux.open(self.config.doors())
        await self.webhooks.start()
        port = await self.door.open(self._application(), self.config.host, self.config.port)
        self.url = f"http://{bracketed(self.config.host)}:{port}"
        self._clock = asyncio.create_task(self.hall.run())

    async def stop(self, *, drain_s: float = 0.0) -> None:
        """Tell everybody to connect again, deliver what can be delivered in a second, free everything.

        With `drain_s` rooms are told one after the other over this time, so that not all come back at once.
        """
        await self.hall.close(drain_s)
        if self._clock is not None:
            self._clock.cancel()
            await asyncio.gather(self._clock, return_exceptions=True)
        await self.webhooks.drain(WEBHOOK_PATIENCE_S)
        await self._signal.close()
        await self.door.close()
        self.mux.close()

    def media_addresses(self) -> list[str]:
        """`host:port` of every media socket."""
        return [f"{bracketed(host)}:{port}" for host, port in self.mux.addresses()]

    def parts(self) -> Parts:
        """What can be looked at."""
        return Parts(
            hall=self.hall,
            mux=self.mux,
            webhooks=self.webhooks,
            admission=self.admission,
            door=self.door,
        )

    def _application(self) -> web.Application:
        app = web.Application(
            client_max_size=LARGEST_BODY,
            middlewares=[self.door.watch, cors, self.admission.watch],
        )
        service, absent = RoomService(self.hall), AbsentServices(self.config.keys)
        observation = Observation(self.parts())
        app.add_routes(
            [
                web.get("/healthz", observation.health),
                web.get("/metrics", observation.metrics),
                web.get("/debug/rooms/{room}", observation.room),
                web.get("/rtc", self._signal.connect),
                web.get("/rtc/validate", self._signal.validate),
                web.get("/rtc/v1", self._signal.connect),
                web.get("/rtc/v1/validate", self._signal.validate),
                web.route("*", "/twirp/livekit.RoomService/{call}", service.serve),
                web.route("*", "/twirp/{service}/{call}", absent.serve),
            ]
        )
        return app
