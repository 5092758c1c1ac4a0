"""A file of a stranger is judged in a process of its own, with little memory and time: what it breaks ends there.

The process writes small temporary files only. It answers in JSON, which the serving process reads as strictly as a
request.
"""

from __future__ import annotations

import asyncio
import json
import logging
import multiprocessing
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection

from pydantic import TypeAdapter

from meetings.kernel.errors import Invalid
from meetings.kernel.ids import Id, parse_id
from meetings.minutes.verification import Report
from meetings.minutes.work import Known, meeting_named, verify_pdf

_MOST_ANSWER = 1 << 20  # bytes


class Unreadable(Invalid):
    """Time, memory or the parser gave out: nobody can say anything of this file."""

    code = "unreadable-file"
    message = "Không đọc được tệp này: tệp bị hỏng, hoặc được làm ra để máy đọc mãi không xong. Không chấp nhận tệp."


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """What a file may cost: address space in bytes, CPU seconds, seconds of waiting."""

    memory: int = 1 << 30
    cpu: int = 15
    wait: float = 120.0


async def judge(pdf: bytes, known_for: Callable[[Id | None], Awaitable[Known]], bounds: Bounds) -> Report:
    """The nine rules on this file, by what `known_for` knows of the meeting that the file names.

    Raises Unreadable, and what `known_for` raises.
    """
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    child = spawn.Process(target=_judge, args=(theirs, bounds), daemon=True)
    await asyncio.to_thread(child.start)
    theirs.close()
    try:
        named = await asyncio.to_thread(_asked, ours, pdf, bounds.wait)
        known = await known_for(_meeting(named))
        return _report(await asyncio.to_thread(_asked, ours, known, bounds.wait))
    finally:
        child.kill()
        await asyncio.to_thread(child.join)
        child.close()
        ours.close()


def _asked(ours: Connection, question: object, wait: float) -> bytes:
    """Raises Unreadable."""
    try:
        ours.send(question)
        if ours.poll(wait):
            return ours.recv_bytes(_MOST_ANSWER)
    except (OSError, EOFError):  # it died, or says more than it may
        pass
    raise Unreadable


def _meeting(answer: bytes) -> Id | None:
    try:
        return parse_id(json.loads(answer))
    except (ValueError, RecursionError, Invalid):
        return None


def _report(answer: bytes) -> Report:
    try:
        return _adapter().validate_json(answer)
    except ValueError:
        raise Unreadable from None


@cache
def _adapter() -> TypeAdapter[Report]:
    return TypeAdapter(Report)


def _judge(theirs: Connection, bounds: Bounds) -> None:
    """In the child. What comes from the parent is trusted, the file in it is not."""
    logging.disable(logging.CRITICAL)  # what libraries say of a stranger's file belongs into no log
    _bind(bounds)
    pdf: bytes = theirs.recv()
    theirs.send_bytes(json.dumps(meeting_named(pdf)).encode())
    known: Known = theirs.recv()
    theirs.send_bytes(_adapter().dump_json(verify_pdf(pdf, known)))


def _bind(bounds: Bounds) -> None:
    if sys.platform == "win32":
        return  # no such limits there; the parent still waits no longer than it said
    import resource  # noqa: PLC0415  not on every platform

    for what, most in (
        (resource.RLIMIT_AS, bounds.memory),
        (resource.RLIMIT_CPU, bounds.cpu),
        (resource.RLIMIT_FSIZE, 32 << 20),  # printing again uses a temporary file
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
