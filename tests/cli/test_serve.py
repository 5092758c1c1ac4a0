"""`chibo serve` as people start it: one line when ready, links that sign in, a clean stop, a second start."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from meetings.cli import hall_tls
from meetings.cli.begin import Begun
from meetings.cli.serve import Sound, Started, welcome

ROOT = Path(__file__).resolve().parents[2]
READY_S, STOPPED_S = 100.0, 40.0
OWN = {
    "org_name": "Đảng ủy xã Thử Nghiệm",
    "cell_name": "Chi bộ thôn Thử",
    "secretary_name": "Nguyễn Văn Thử",
    "secretary_card": "10000001",
}


def test_new_links_come_with_what_they_are_for() -> None:
    begun = Begun(org="o", cell="c", tokens={"secretary": "s"})
    first = Started(url="http://127.0.0.1:8080", begun=begun, hall=None, sound=Sound.READY)
    assert "  Bí thư / secretary: http://127.0.0.1:8080/l/s\n" in welcome(first)
    assert "một lần, trong 14 ngày" in welcome(first)
    assert "14 ngày" not in welcome(replace(first, begun=None))


@asynccontextmanager
async def serving(
    folder: Path, *words: str, more: dict[str, Any] | None = None
) -> AsyncIterator[dict[str, Any]]:
    """What it says when ready; leaving tells it to stop and asks that it went cleanly."""
    config = folder / "config.yaml"
    known = {"data": {"dir": str(folder / "data")}, **(more or {})}
    await asyncio.to_thread(config.write_text, yaml.safe_dump(known))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "meetings.cli.main", "serve", "--json", "--port", "0"),
        *("--config", str(config), *words),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), READY_S)
        said: dict[str, Any] = json.loads(line)
        yield said
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), STOPPED_S) == 0
        assert await process.stdout.read() == b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def signs_in(said: dict[str, Any], name: str) -> str:
    """Who the link makes of a browser."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(said["url"], cookie_jar=jar) as browser:
        async with browser.get(said["links"][name]) as page:
            assert page.status == 200
        token = said["links"][name].removeprefix("/l/")
        async with browser.post("/api/v1/sign-in", json={"token": token}) as answer:
            assert answer.status == 200, await answer.text()
        async with browser.get("/api/v1/me") as me:
            assert me.status == 200
            name_: str = (await me.json())["full_name"]
            return name_


async def healthy(said: dict[str, Any]) -> bool:
    async with aiohttp.ClientSession(said["url"]) as browser, browser.get("/api/v1/openapi.json") as answer:
        return answer.status == 200


async def test_the_sample_cell(tmp_path: Path) -> None:
    async with serving(tmp_path, "--sample") as said:
        assert set(said["links"]) >= {"secretary", "member"}
        assert await signs_in(said, "secretary") == "Lê Thị Mẫu Hoa"
        first = said
    async with serving(tmp_path, "--sample") as said:
        assert (said["org"], said["cell"]) == (first["org"], first["cell"])
        assert await healthy(said)


async def test_one_s_own_cell_from_a_file_of_answers(tmp_path: Path) -> None:
    answers = tmp_path / "answers.json"
    await asyncio.to_thread(answers.write_text, json.dumps(OWN), "utf-8")
    async with serving(tmp_path, "--own", "--answers", str(answers)) as said:
        assert await signs_in(said, "secretary") == OWN["secretary_name"]
    async with serving(tmp_path, "--own") as said:
        assert said["links"] == {}  # nothing is asked again, nobody needs another link
        assert await healthy(said)


@pytest.mark.parametrize(
    ("answers", "names"),
    [({}, "org_name"), (OWN | {"more": "1"}, "more"), (OWN | {"cell_name": 7}, "cell_name")],
)
async def test_answers_that_lack_something_are_refused(
    tmp_path: Path, answers: dict[str, object], names: str
) -> None:
    file = tmp_path / "answers.json"
    await asyncio.to_thread(file.write_text, json.dumps(answers), "utf-8")
    config = tmp_path / "config.yaml"
    await asyncio.to_thread(config.write_text, yaml.safe_dump({"data": {"dir": str(tmp_path / "data")}}))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "meetings.cli.main", "serve", "--own", "--answers", str(file)),
        *("--port", "0", "--config", str(config)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    _, complaint = await asyncio.wait_for(process.communicate(), READY_S)
    assert process.returncode == 2
    assert names in complaint.decode()
    assert "Traceback" not in complaint.decode()


async def _refused(folder: Path, *words: str) -> str:
    """The complaint of a start that is refused with one line."""
    config = folder / "config.yaml"
    await asyncio.to_thread(config.write_text, yaml.safe_dump({"data": {"dir": str(folder / "data")}}))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "meetings.cli.main", "serve", *words),
        *("--port", "0", "--config", str(config)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    said, complaint = await asyncio.wait_for(process.communicate(), READY_S)
    assert process.returncode == 2
    assert said == b""
    return complaint.decode()


@pytest.mark.skipif(not hall_tls.addresses(), reason="a machine without any network")
async def test_a_hall_without_a_cell_is_refused_with_one_line(tmp_path: Path) -> None:
    complaint = await _refused(tmp_path, "--lan")
    assert "./run --own" in complaint
    said = [line for line in complaint.splitlines() if line.startswith("chibo: ")]
    assert (
        len([line for line in said if "starting …" not in line]) == 1
    )  # that is told where it takes its time


@pytest.mark.skipif(not hall_tls.addresses(), reason="a machine without any network")
async def test_a_hall_is_told_the_address_that_phones_can_open(tmp_path: Path) -> None:
    answers = tmp_path / "answers.json"
    await asyncio.to_thread(answers.write_text, json.dumps(OWN), "utf-8")
    async with serving(tmp_path, "--lan", "--answers", str(answers)) as said:
        assert said["url"].startswith(f"https://{hall_tls.addresses()[0]}:")
        assert set(said["links"]) == {"secretary"}


async def test_a_media_server_that_could_not_start_is_tried_again(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with serving(tmp_path, "--sample", more={"media": {"port": port}}) as said:
            assert not said["sound"]
            taken.close()
            async with asyncio.timeout(READY_S):
                while not await _listens(port):  # noqa: ASYNC110  another process tells no event
                    await asyncio.sleep(0.2)
            assert await healthy(said)


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
