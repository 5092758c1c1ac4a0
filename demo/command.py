"""`chibo demo`: one whole month held unattended. Exits non-zero if anything is not as expected."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import secrets
import shutil
import tempfile
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path

from demo import quarter, regular, summary, supplement
from demo.cast import cast_of
from demo.client import Person, Refusal, Unexpected
from demo.relay import Relay
from demo.server import NotStarted, Server
from demo.stage import ZONE, Stage
from meetings.rooms.child import ChildPlan, MediaChild, MediaServerFailed

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
START = datetime(2026, 11, 20, 8, 0, tzinfo=ZONE)
RATE = 4.0
END = datetime(2026, 12, 1, 9, 0, tzinfo=ZONE)
KEY = "trinhdien"
FAILED = 1


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to leave the papers."""
    parser.add_argument("--out", type=Path, default=Path("demo-out"), help="thư mục kết quả / where to write")


def run(options: argparse.Namespace) -> int:
    """Holds it. 0 if everything was as expected, else 1."""
    for noisy in ("livekit", "livekit_signaling", "livekit_ffi"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    out = options.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    try:
        asyncio.run(_hold(out))
    except (Unexpected, Refusal, NotStarted, MediaServerFailed) as wrong:
        print(f"TRÌNH DIỄN KHÔNG ĐẠT / demonstration failed: {wrong}", flush=True)
        return FAILED
    print(f"Trình diễn xong. Kết quả ở / results in: {options.out}", flush=True)
    return 0


async def _hold(out: Path) -> None:
    async with AsyncExitStack() as stack:
        data = Path(tempfile.mkdtemp(prefix="chibo-demo-"))
        stack.callback(shutil.rmtree, data, ignore_errors=True)
        relay = Relay()
        address = await relay.start()
        stack.push_async_callback(relay.stop)
        media = await _media(address)
        stack.push_async_callback(media.stop)
        server = Server(data=data, start=START, rate=RATE, media=(media.url, KEY, media.secret))
        stack.push_async_callback(server.stop)
        stage = await _set(server, relay, out)
        stack.push_async_callback(stage.close)
        await _play(stage)


async def _media(webhook_url: str) -> MediaChild:
    """The embedded media server on ports of its own; its webhooks pass the relay."""
    plan = ChildPlan(
        key=KEY,
        secret=secrets.token_urlsafe(40),
        host="127.0.0.1",
        port=0,
        rtc_addresses=["127.0.0.1"],
        rtc_port=0,
        webhook_url=webhook_url,
    )
    child = MediaChild(plan)
    await child.start()
    return child


async def _set(server: Server, relay: Relay, out: Path) -> Stage:
    """Begin the installation, import the roster, sign the first two people in."""
    print("Chuẩn bị: dữ liệu riêng, cổng riêng, đồng hồ trình diễn chạy nhanh.", flush=True)
    answers = server.data / "answers.json"
    answers.write_text(json.dumps(_ANSWERS, ensure_ascii=False), encoding="utf-8")
    await server.run("--own", "--answers", str(answers))
    links, ready = dict(server.ready["links"]), dict(server.ready)
    await server.stop()
    print((await server.command("import", str(EXAMPLES / "roster.xlsx"))).strip(), flush=True)
    await server.run("--own")
    relay.target = f"{server.base}/api/v1/livekit/webhook"
    secretary, administrator = Person(server.base), Person(server.base)
    await secretary.enter(str(links["secretary"]))
    await administrator.enter(str(links["administrator"]))
    cast = await cast_of(secretary, str(ready["cell"]))
    stage = Stage(
        server=server,
        relay=relay,
        out=out,
        cell=str(ready["cell"]),
        secretary=secretary,
        administrator=administrator,
        cast=cast,
        people={cast.chair.id: secretary},
    )
    stage.server.ready["org"] = ready["org"]
    return stage


async def _play(stage: Stage) -> None:
    print("1. Buổi thường kỳ tháng 11, họp tại hội trường, bốn đồng chí dự qua điện thoại", flush=True)
    meeting, minutes = await regular.hold(stage)
    print("2. Buổi bổ trợ trực tuyến", flush=True)
    extra, extra_minutes = await supplement.hold(stage, meeting)
    misuse_refused = await supplement.misuse(stage, extra)
    print("3. Cấp trên xem quý 4", flush=True)
    await stage.go_on_to(END)
    await quarter.audit(stage, str(stage.server.ready["org"]))
    written = await summary.write(stage, [(meeting, minutes), (extra, extra_minutes)], misuse_refused)
    print(f"Tóm tắt: {written.name}", flush=True)


_ANSWERS = {
    "org_name": "Đảng ủy xã Làng Mẫu",
    "cell_name": "Chi bộ thôn Mẫu",
    "secretary_name": "Lê Thị Mẫu Hoa",
    "secretary_card": "99000001",
    "administrator_name": "Quản trị Mẫu",
    "administrator_card": "99000900",
}
