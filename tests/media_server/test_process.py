from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from livekit import api, rtc

from media_server.testing import KEY, SECRET, RunningServer, running_server
from tests.media_server.hooks import free_port, receiving
from tests.media_server.people import People, until

ROOT = Path(__file__).parents[2]
KEYS = {KEY: SECRET}


@asynccontextmanager
async def child(config: Any) -> AsyncIterator[Process]:
    """The process, told this configuration; killed at the end if it still runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "media_server", stdin=PIPE, stdout=PIPE, stderr=PIPE, cwd=ROOT
    )
    assert process.stdin is not None
    process.stdin.write((config if isinstance(config, bytes) else json.dumps(config).encode()) + b"\n")
    await process.stdin.drain()
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _ready(process: Process) -> dict[str, Any]:
    assert process.stdout is not None
    async with asyncio.timeout(60):
        told: dict[str, Any] = json.loads(await process.stdout.readline())
    return told


async def _stopped(process: Process, within_s: float = 3.5) -> tuple[int | None, str]:
    assert process.stderr is not None
    async with asyncio.timeout(within_s):
        log = (await process.stderr.read()).decode()
        await process.wait()
    return process.returncode, log


async def test_the_child_serves_and_stops_when_its_parent_is_gone() -> None:
    async with child({"keys": KEYS, "auto_create": True, "rtc_addresses": None}) as process:
        ready = await _ready(process)
        assert set(ready) == {"url", "rtc", "version", "interfaces"}
        assert ready["rtc"][0].startswith("127.0.0.1:")
        async with aiohttp.ClientSession() as session, session.get(ready["url"] + "/healthz") as response:
            assert response.status == 200
        assert process.stdin is not None
        process.stdin.close()
        assert await _stopped(process) == (0, "")


async def test_people_in_a_meeting_do_not_keep_the_child_from_stopping() -> None:
    async with receiving() as hooks, AsyncExitStack() as stack:
        config = {"keys": KEYS, "auto_create": True, "webhook_urls": [hooks.url], "webhook_key": KEY}
        async with child(config) as process:
            people = await stack.enter_async_context(People(await _shown((await _ready(process))["url"])))
            an = await people.join("họp kín", "Nguyễn Văn Bí Mật")
            await people.speak(an)
            await until(lambda: "track_published" in hooks.names())
            assert process.stdin is not None
            process.stdin.close()
            status, log = await _stopped(process)
        assert status == 0
        assert not any(secret in log for secret in ("Bí Mật", "kín", "Traceback"))
        assert hooks.names()[-2:] == ["participant_left", "room_finished"]
        await until(lambda: an.room.connection_state != rtc.ConnectionState.CONN_CONNECTED)


async def test_a_killed_child_leaves_its_webhooks_to_the_next(tmp_path: Path) -> None:
    config = {"keys": KEYS, "webhook_key": KEY, "webhook_file": str(tmp_path / "webhooks.sqlite")}
    port = free_port()
    config["webhook_urls"] = [f"http://127.0.0.1:{port}/hook"]
    async with child(config) as process:
        url = (await _ready(process))["url"]
        async with api.LiveKitAPI(url, KEY, SECRET) as lk:
            for number in range(5):
                await lk.room.create_room(api.CreateRoomRequest(name=f"họp {number}"))
        await asyncio.sleep(0.3)
        process.kill()
        await process.wait()
    async with receiving(port) as hooks, child(config) as process:
        await _ready(process)
        await until(lambda: len(hooks.events) == 5)
        assert {each.room.name for each in hooks.events} == {f"họp {number}" for number in range(5)}


@pytest.mark.skipif(os.name != "posix", reason="SIGTERM ends a Windows process at once")
async def test_people_come_back_by_themselves_after_sigterm() -> None:
    config: dict[str, Any] = {"keys": KEYS, "auto_create": True, "drain_s": 0.3}
    async with AsyncExitStack() as stack:
        async with child(config) as process:
            url = (await _ready(process))["url"]
            people = await stack.enter_async_context(People(await _shown(url)))
            an, binh = await people.join("họp", "an"), await people.join("họp", "bình")
            await people.speak(an)
            await until(lambda: binh.heard("an", 440.0))
            process.send_signal(signal.SIGTERM)
            assert (await _stopped(process, within_s=6))[0] == 0
        await until(lambda: an.seen("reconnecting") and binh.seen("reconnecting"))
        async with child(config | {"port": int(url.rpartition(":")[2])}) as process:
            await _ready(process)
            await until(lambda: an.seen("reconnected") and binh.seen("reconnected"))
            binh.forget()
            await until(lambda: binh.heard("an", 440.0))
            await people.close()


@pytest.mark.skipif(os.name != "posix", reason="SIGTERM ends a Windows process at once")
async def test_several_processes_stop_together() -> None:
    async with child({"keys": KEYS, "processes": 2, "drain_s": 0.1}) as process:
        ready = await _ready(process)
        assert len({each.rpartition(":")[2] for each in ready["rtc"]}) == 2
        process.send_signal(signal.SIGTERM)
        assert await _stopped(process, within_s=8) == (0, "")
        for address in ready["rtc"]:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
                sock.bind(("127.0.0.1", int(address.rpartition(":")[2])))


async def test_a_machine_without_network_says_so() -> None:
    command = ("unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$0" -m media_server', sys.executable)
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=PIPE, cwd=ROOT)
    told, _ = await asyncio.wait_for(process.communicate(json.dumps({"keys": KEYS}).encode() + b"\n"), 20)
    if not told:
        pytest.skip("this system lets nobody make a network of its own")
    assert json.loads(told)["interfaces"] is False


@pytest.mark.parametrize(
    ("config", "named"),
    [
        (b"not json", "configuration"),
        ({"keys": KEYS, "colour": "red"}, "colour"),
        ({"keys": {"devkey": "secret"}, "host": "0.0.0.0"}, "default keys"),
    ],
)
async def test_a_bad_configuration_is_refused_by_name(config: Any, named: str) -> None:
    async with child(config) as process:
        status, log = await _stopped(process, within_s=15)
    assert status == 2
    assert named in log
    assert SECRET not in log


async def test_the_idle_child_is_small() -> None:
    async with child({"keys": KEYS}) as process:
        await _ready(process)
        assert _resident_kilobytes(process.pid) < 110 * 1024


def _resident_kilobytes(pid: int) -> int:
    """Zero where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


async def _shown(url: str) -> RunningServer:
    """The child's address in the shape of an in-process server; its `server` is another, unused one."""
    async with running_server() as other:
        return RunningServer(url=url, key=KEY, secret=SECRET, server=other.server)
