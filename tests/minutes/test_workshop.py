"""Heavy work elsewhere: results and refusals come back as they are, from a real process and from its twin."""

from __future__ import annotations

import os
import signal
import sys
from asyncio import create_subprocess_exec, to_thread
from asyncio.subprocess import PIPE

import psutil
import pytest

from meetings.minutes.facts import to_bytes
from meetings.minutes.keys import WrongPassphrase, open_person_key
from meetings.minutes.pdf import print_minutes
from meetings.minutes.ports import Workshop
from meetings.minutes.typefaces import MissingGlyph
from meetings.minutes.work import print_unsigned
from meetings.minutes.workshop import ProcessWorkshop, ThreadWorkshop, WorkLost
from tests.minutes.office import Signed
from tests.minutes.sittings import ITEMS, hybrid


@pytest.mark.parametrize("workshop", [ProcessWorkshop(), ThreadWorkshop()], ids=["process", "thread"])
async def test_results_and_refusals_come_back(workshop: Workshop, signed: Signed) -> None:
    data = to_bytes(hybrid())
    try:
        with pytest.raises(WrongPassphrase):
            await workshop.do(open_person_key, signed.chair.key.wrapped, "một câu khác")
        with pytest.raises(MissingGlyph) as caught:
            await workshop.do(print_minutes, data.replace(ITEMS[0].title.encode(), "漢".encode()))
        assert caught.value.facts == {"character": "U+6F22"}
        ready = await workshop.do(print_unsigned, data)
        assert ready.startswith(b"%PDF-1.7")
    finally:
        await workshop.close()


async def test_a_killed_worker_loses_its_work_and_nothing_else() -> None:
    workshop = ProcessWorkshop()
    try:
        with pytest.raises(WorkLost):
            await workshop.do(os._exit, 9)
        assert await workshop.do(abs, -3) == 3
    finally:
        await workshop.close()


SERVICE = """
import asyncio, os
from meetings.minutes.workshop import ProcessWorkshop

async def serve():
    print(await ProcessWorkshop().do(os.getpid), flush=True)
    await asyncio.sleep(3600)

asyncio.run(serve())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there a program is not killed by a signal")
async def test_a_worker_ends_with_a_service_that_was_killed() -> None:
    service = await create_subprocess_exec(sys.executable, "-c", SERVICE, stdout=PIPE)
    assert service.stdout is not None
    worker = psutil.Process(int(await service.stdout.readline()))
    assert worker.is_running()
    service.send_signal(signal.SIGKILL)
    assert await service.stdout.read() == b"", "the pipe is held by nobody"
    await service.wait()
    await to_thread(worker.wait)


async def test_a_closed_workshop_opens_again_when_needed() -> None:
    workshop = ProcessWorkshop()
    await workshop.close()
    try:
        assert await workshop.do(abs, -1) == 1
        await workshop.close()
        assert await workshop.do(abs, -2) == 2
    finally:
        await workshop.close()
