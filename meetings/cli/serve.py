"""`chibo serve`: the application with its database and its media server, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import signal
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web

from meetings.app import House, build, create_app
from meetings.cli import clock_file, hall_tls
from meetings.cli.begin import Begun, begin, read_answers
from meetings.cli.installation import alone, sample_folder
from meetings.cli.progress import told_while
from meetings.cli.sample import load_sample
from meetings.committees.service import is_begun
from meetings.committees.sign_in import LINK_LIFE
from meetings.db.migrate import upgrade_if_behind
from meetings.http.demo_clock import DemoClockHandlers
from meetings.kernel.clock import ShiftedClock
from meetings.kernel.errors import Conflict
from meetings.rooms.child import ChildPlan, MediaChild, MediaServerFailed
from meetings.rooms.service import RoomsService
from meetings.settings import Origin, Secrets, Settings, load, open_secrets, origins, owner_url

_STOP_WITHIN = 10.0
_HALL_HOST = "0.0.0.0"  # noqa: S104  a hall's phones must reach it; only with TLS


class NoHallNetwork(Conflict):
    """`--lan` without any network address."""

    code = "no-hall-network"
    message = "Máy này chưa nối mạng nào. Xin bật Wi-Fi hoặc điểm phát sóng rồi chạy lại."


class Sound(StrEnum):
    """Whether rooms will have sound, and why not."""

    READY = "ready"
    NO_NETWORK = "no_network"  # the media server runs, and finds no address besides loopback
    FAILED = "failed"  # it did not start, and is tried again


@dataclass(frozen=True, kw_only=True, slots=True)
class Started:
    """What is running: where people open it, and the links that were just made."""

    url: str
    begun: Begun | None
    hall: hall_tls.HallTls | None
    sound: Sound


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to serve, and where."""
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--sample", action="store_true", help="chi bộ mẫu / an invented cell")
    kind.add_argument("--own", action="store_true", help="chi bộ của mình / your own cell")
    parser.add_argument("--lan", action="store_true", help="cho mạng của hội trường / for a hall's network")
    parser.add_argument("--answers", type=Path, help="tệp trả lời cho --own / answers for --own")
    parser.add_argument("--port", type=int, help="cổng http / http port")
    parser.add_argument("--json", action="store_true", help="in một dòng JSON khi sẵn sàng / one JSON line")


def run(options: argparse.Namespace) -> int:
    """Serves until SIGINT or SIGTERM. Raises BadSetting, InUse, NotEmpty, BadAnswers, NoHallNetwork."""
    settings, hall, whence = _settings(options)
    secrets = open_secrets(settings)
    with alone(settings):
        asyncio.run(_serve(settings, secrets, hall, whence, options))
    return 0


def _settings(options: argparse.Namespace) -> tuple[Settings, hall_tls.HallTls | None, dict[str, Origin]]:
    path = Path(options.config) if options.config else None
    first = load(path, os.environ)
    changes: dict[str, object] = {}
    if options.sample:
        changes["data.dir"] = str(sample_folder(first))
    if options.port is not None:
        changes["http.port"] = options.port
    hall = None
    if options.lan:
        found = hall_tls.addresses()
        if not found:
            raise NoHallNetwork
        folder = Path(str(changes.get("data.dir", first.data.dir))) / "tls"
        hall = hall_tls.prepare(folder, found)
        changes |= {"http.host": _HALL_HOST, "media.rtc_addresses": list(found)}
        changes |= {"tls.cert_file": str(hall.certificate), "tls.key_file": str(hall.key)}
    return load(path, os.environ, changes), hall, origins(path, os.environ, changes)


async def _serve(
    settings: Settings,
    secrets: Secrets,
    hall: hall_tls.HallTls | None,
    whence: Mapping[str, Origin],
    options: argparse.Namespace,
) -> None:
    async with AsyncExitStack() as stack:
        with told_while("đang khởi động / starting"):
            await upgrade_if_behind(owner_url(settings))
            house, url, sound = await stack.enter_async_context(running(settings, secrets, whence))
        begun = await _begin(house, options)
        started = Started(url=url, begun=begun, hall=hall, sound=sound)
        told = _listening_for_stop()  # first: who reads that it is ready may stop it at once
        print(_json_line(started) if options.json else welcome(started), flush=True)
        await told.wait()


async def _begin(house: House, options: argparse.Namespace) -> Begun | None:
    if options.sample:
        with told_while("đang nạp chi bộ mẫu / loading the sample cell"):
            return await load_sample(house)
    if options.own or options.lan:  # a hall's network without a cell would serve nobody
        async with house.units.read() as uow:
            known = await is_begun(uow)
        if not known:
            return await begin(house, read_answers(options.answers))
    return None


@asynccontextmanager
async def running(
    settings: Settings, secrets: Secrets, whence: Mapping[str, Origin] | None = None
) -> AsyncIterator[tuple[House, str, Sound]]:
    """The application on its address, with its media server: (services, where it is, its sound). `whence`: where each
    setting comes from, for who administers."""
    media: list[MediaChild] = []
    house = build(
        settings,
        secrets,
        clock=clock_file.clock_of(settings),
        address=lambda: media[0].url if media else settings.livekit.url,
        origins=whence,
    )
    app = create_app(settings, house)
    if isinstance(house.units.clock, ShiftedClock):
        keep = partial(clock_file.keep, settings)
        demo = DemoClockHandlers(house.units.clock, keep)
        app.add_routes([endpoint.route() for endpoint in demo.endpoints()])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_STOP_WITHIN)
    await runner.setup()
    try:
        port = await _listen(runner, settings)
        inside = await _listen_inside(runner)
        sound = Sound.READY
        if settings.livekit.embedded:
            sound = await _start_media(settings, secrets, inside, media, house.rooms)
        gc.freeze()  # looking through all that was imported, again and again, would stop everybody for 100 ms
        yield house, _url(settings, port), sound
    finally:
        for child in media:
            await child.stop()
        await runner.cleanup()


async def _listen(runner: web.AppRunner, settings: Settings) -> int:
    context = None
    if settings.tls.on and settings.tls.cert_file and settings.tls.key_file:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(settings.tls.cert_file, settings.tls.key_file)
    site = web.TCPSite(runner, settings.http.host, settings.http.port, ssl_context=context)
    await site.start()
    return int(runner.addresses[0][1])


async def _listen_inside(runner: web.AppRunner) -> int:
    """A loopback door for the media server's webhooks: no certificate to check, no proxy in between."""
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return int(runner.addresses[-1][1])


async def _start_media(
    settings: Settings, secrets: Secrets, port: int, media: list[MediaChild], rooms: RoomsService
) -> Sound:
    plan = ChildPlan(
        key=settings.livekit.api_key,
        secret=secrets.livekit_api_secret,
        host=settings.media.host,
        port=settings.media.port,
        rtc_addresses=[str(one) for one in settings.media.rtc_addresses],
        rtc_interfaces=settings.media.rtc_interfaces,
        rtc_announced=[str(one) for one in settings.media.rtc_announced],
        rtc_port=settings.media.rtc_port,
        rtc_tcp_port=settings.media.rtc_tcp_port,
        processes=settings.media.processes,
        webhook_file=settings.data.dir / "media" / "webhooks.sqlite",
        webhook_url=f"http://127.0.0.1:{port}/api/v1/livekit/webhook",
    )
    child = MediaChild(plan, ended=rooms.media_server_ended, back=rooms.poll_open_rooms)
    media.append(child)
    try:
        await child.start(insist=True)
    except MediaServerFailed:
        return Sound.FAILED
    return Sound.READY if child.has_interfaces else Sound.NO_NETWORK


def _url(settings: Settings, port: int) -> str:
    if settings.http.public_url:
        return settings.http.public_url
    scheme = "https" if settings.tls.on else "http"
    host = settings.http.host
    return f"{scheme}://{host}:{port}"


def _listening_for_stop() -> asyncio.Event:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl-C arrives as KeyboardInterrupt
            loop.add_signal_handler(name, told.set)
    return told


def _json_line(started: Started) -> str:
    line: dict[str, Any] = {"url": _base(started), "sound": started.sound is Sound.READY, "links": {}}
    if started.begun is not None:
        line |= {"org": started.begun.org, "cell": started.begun.cell}
        line["links"] = {name: f"/l/{token}" for name, token in started.begun.tokens.items()}
    return json.dumps(line)


def welcome(started: Started) -> str:
    """What people at the machine read: where it is open, whose links were made and what they are for."""
    lines = [f"Phần mềm đang chạy / serving: {_base(started)}"]
    for name, token in (started.begun.tokens if started.begun else {}).items():
        lines.append(f"  {_WHO.get(name, name)}: {_base(started)}/l/{token}")
    lines += [f"  {line}" for line in (_LINKS if started.begun else ())]
    if started.hall is not None:
        lines.append("  Điện thoại trong hội trường mở địa chỉ trên / phones in the hall open this address")
        lines.append(f"  và chấp nhận một lần chứng thư / and accept once: {started.hall.root}")
    lines += [f"  {line}" for line in _SILENT.get(started.sound, ())]
    lines.append("Bấm Ctrl-C để dừng / Ctrl-C stops.")
    return "\n".join(lines)


_SILENT = {
    Sound.NO_NETWORK: (
        "Máy này không có mạng nào ngoài chính nó: phòng trực tuyến sẽ không có tiếng.",
        "This machine has no network besides itself: online rooms have no sound.",
    ),
    Sound.FAILED: (
        "Máy chủ âm thanh chưa khởi động được; máy tự thử lại. Xem nguyên nhân bằng: chibo doctor",
        "The media server did not start; it is tried again. What is wrong: chibo doctor",
    ),
}
_LINKS = (
    "Người ấy mở đường dẫn trên máy của mình, bấm “Đúng, là tôi”; từ đó máy tự nhớ.",
    f"Mỗi đường dẫn dùng một lần, trong {LINK_LIFE.days} ngày; làm cái khác: ./run link --name HỌ-TÊN",
    "Each person opens their link in their own browser, which then remembers them.",
    f"A link opens once, within {LINK_LIFE.days} days; for another one: ./run link --name NAME",
)
_WHO = {
    "secretary": "Bí thư / secretary",
    "member": "Đảng viên / member",
    "auditor": "Cấp trên xem báo cáo / auditor",
    "administrator": "Quản trị / administrator",
}


def _base(started: Started) -> str:
    if started.hall is None:
        return started.url
    return f"https://{started.hall.addresses[0]}:{started.url.rpartition(':')[2]}"
