"""Acts of the minutes in a process that is killed before its n-th step: statement, commit, work on a PDF.

`python -m tests.crash.killing URL CLOCK FOLDER` imports everything once, then reads one order a line (JSON: act,
meeting, at, reads) and tries each in a fork of itself. Without `reads` statements that only read are no steps.
It answers `killed`, `done`, `refused` or `failed`.
"""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from sqlalchemy import Engine, event

import meetings.app  # noqa: F401  every table is known once the application is
from meetings.committees.powers import Part
from meetings.db.engine import Database
from meetings.db.unit import Units
from meetings.kernel.asker import Asker
from meetings.kernel.clock import FixedClock
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id, derived_id
from meetings.ledger.log import LogService
from meetings.ledger.signers import log_signer
from meetings.minutes.numbering import PaperKind
from meetings.minutes.seating import RECORDER_FIELD, OfPaper
from meetings.minutes.service import (
    Believed,
    DeferredSigning,
    MinutesService,
    PapersService,
    SigningKeys,
    TokenSigning,
)
from meetings.minutes.service.gathering import Form
from meetings.minutes.service.papers import Wanted
from meetings.minutes.trust_list import TrustList
from meetings.minutes.workshop import ThreadWorkshop
from tests.minutes.device import Device
from tests.minutes.office import PASSPHRASE
from tests.scans import picture

P = ParamSpec("P")
R = TypeVar("R")

INSTALLATION = "an invented passphrase of an installation"
LOG_SECRET = "an invented secret of a log, long enough"
WORDS = "Đồng chí Nụ đề nghị phổ biến thêm về vụ đông."
LISTING, CERTIFICATE, DEVICE = (
    "authorities.yaml",
    "token.der",
    "device.pem",
)  # put into the folder by the test
SIGNERS = {Part.CHAIR: "o1", Part.RECORDER: "o2"}


class Steps:
    """Counts what happens; before the step with that number the process is no more."""

    def __init__(self, deadly: int, *, reads: bool) -> None:
        self._deadly, self._done, self._reads = deadly, 0, reads

    def step(self, *_: object) -> None:
        """One more."""
        self._done += 1
        if self._done == self._deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    def _statement(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        if self._reads or not statement.lstrip().upper().startswith(("SELECT", "WITH", "BEGIN", "PRAGMA")):
            self.step()

    def listen(self) -> None:
        """To the statements and commits of this process."""
        event.listen(Engine, "before_cursor_execute", self._statement)
        event.listen(Engine, "commit", self.step)


class SteppingWorkshop(ThreadWorkshop):
    """Before and after each piece of work is a step."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps

    async def do(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """See Workshop."""
        self._steps.step()
        made = await super().do(work, *args, **kwargs)
        self._steps.step()
        return made


class Desk:
    """What is done, on which meeting; what was made ahead lies in the folder between two acts."""

    def __init__(self, units: Units, workshop: ThreadWorkshop, folder: Path, meeting: Id) -> None:
        keys = SigningKeys(units, workshop, INSTALLATION)
        form = Form(authority="T/M CHI BỘ", demonstration=False)
        listing = folder / LISTING
        believed = Believed(authorities=TrustList(listing if listing.exists() else None))
        self._minutes = MinutesService(
            units, workshop, keys, form=form, timestamp_url=None, believed=believed
        )
        self._deferred = DeferredSigning(units, workshop, self._minutes, None)
        self._tokens = TokenSigning(units, workshop, self._minutes, self._deferred)
        self._log = LogService(units, log_signer(LOG_SECRET))
        self._papers = PapersService(units, workshop, form=form)
        self._folder, self._meeting = folder, meeting
        self.acts: dict[str, Callable[[], Awaitable[object]]] = {
            "draft": self._draft,
            "render": self._render,
            "approve": self._approve,
            **{f"{verb} {part}": self._signing(verb, part) for verb in ("sign", "keep") for part in SIGNERS},
            "sequence": self._log.sequence,
            "prepare recorder": self._prepare,
            "wait recorder": self._wait,
            "fill recorder": self._fill,
            "finish recorder": self._finish,
            "code chair": self._code,
            "prepare chair": self._prepare_token,
            "wait chair": self._wait_token,
            "fill chair": self._fill_token,
            "finish chair": self._finish_token,
            "try list": self._try_list,
            "issue list": self._issue_list,
            "sign list": self._sign_list,
            "keep list": self._keep_list,
            "ink list": self._ink_list,
        }

    async def _draft(self) -> None:
        await self._minutes.write(asks("o1"), self._meeting, self._meeting, WORDS)

    async def _render(self) -> None:
        self._put("printed", await self._minutes.print_ahead(asks("o1"), self._meeting))

    async def _approve(self) -> None:
        await self._minutes.keep_printed(asks("o1"), self._taken("printed"))

    def _signing(self, verb: str, part: Part) -> Callable[[], Awaitable[object]]:
        who = asks(SIGNERS[part])

        async def sign() -> None:
            made = await self._minutes.sign_ahead(who, self._meeting, part, PASSPHRASE)
            self._put(f"signed {part}", made)

        async def keep() -> None:
            await self._minutes.keep_signed(who, self._taken(f"signed {part}"))

        return sign if verb == "sign" else keep

    async def _prepare(self) -> None:
        who = asks(SIGNERS[Part.RECORDER])
        self._put("begun", await self._deferred.begin_ahead(who, self._meeting, Part.RECORDER))

    async def _wait(self) -> None:
        who = asks(SIGNERS[Part.RECORDER])
        self._put("waiting", await self._deferred.begin(who, self._taken("begun")))

    async def _fill(self) -> None:
        pending = self._taken("waiting").pending
        value = self._device().checked(pending.prepared)
        who = asks(SIGNERS[Part.RECORDER])
        self._put("filled", await self._deferred.finish_ahead(who, self._meeting, pending.id, value))

    async def _finish(self) -> None:
        await self._deferred.finish(asks(SIGNERS[Part.RECORDER]), self._taken("filled"))

    async def _code(self) -> None:
        made = await self._tokens.open_code(asks(SIGNERS[Part.CHAIR]), self._meeting, Part.CHAIR)
        self._put("code", made.code)

    async def _prepare_token(self) -> None:
        certificate = (self._folder / CERTIFICATE).read_bytes()
        self._put("token begun", await self._tokens.begin_ahead(self._taken("code"), certificate, ()))

    async def _wait_token(self) -> None:
        made = await self._tokens.begin(self._taken("code"), self._taken("token begun"))
        self._put("token waiting", made)

    async def _fill_token(self) -> None:
        value = self._device().checked(self._taken("token waiting").waiting.pending.prepared)
        self._put("token filled", await self._tokens.finish_ahead(self._taken("code"), value))

    async def _finish_token(self) -> None:
        await self._tokens.finish(self._taken("code"), self._taken("token filled"))

    async def _try_list(self) -> None:
        wanted = Wanted(kind=PaperKind.ATTENDANCE)
        self._put("tried", await self._papers.issue_ahead(asks("o1"), self._meeting, wanted))

    async def _issue_list(self) -> None:
        self._put("list", (await self._papers.keep_issued(asks("o1"), self._taken("tried"))).id)

    async def _sign_list(self) -> None:
        who, place = asks(SIGNERS[Part.RECORDER]), OfPaper(paper=self._taken("list"), field=RECORDER_FIELD)
        self._put("listed", await self._minutes.sign_ahead(who, self._meeting, place, PASSPHRASE))

    async def _keep_list(self) -> None:
        await self._minutes.keep_signed(asks(SIGNERS[Part.RECORDER]), self._taken("listed"))

    async def _ink_list(self) -> None:
        """The chair has no key: the list is signed by hand after all."""
        paper, witness = self._taken("list"), derived_id("member", "o3")
        await self._papers.by_hand.sign(asks("o1"), self._meeting, paper, picture("PNG"), witness)

    def _device(self) -> Device:
        key = serialization.load_pem_private_key((self._folder / DEVICE).read_bytes(), None)
        assert isinstance(key, RSAPrivateKey)
        return Device(key=key)

    def _put(self, name: str, made: object) -> None:
        (self._folder / name).write_bytes(pickle.dumps(made))

    def _taken(self, name: str) -> Any:
        return pickle.loads((self._folder / name).read_bytes())


def asks(label: str) -> Asker:
    """The person behind a label of the invented cell."""
    return Asker(person=derived_id("person", label), session=derived_id("session", label))


async def _try(url: str, now: str, folder: Path, order: dict[str, Any]) -> None:
    steps = Steps(order["at"], reads=order["reads"])
    database = Database(url)
    units = Units(database, FixedClock(datetime.fromisoformat(now)))
    desk = Desk(units, SteppingWorkshop(steps), folder, order["meeting"])
    steps.listen()
    await desk.acts[order["act"]]()
    await database.close()


def _forked(url: str, now: str, folder: Path, order: dict[str, Any]) -> str:
    child = os.fork()
    if child == 0:
        status = 1
        try:
            asyncio.run(_try(url, now, folder, order))
            status = 0
        except Refused as refused:
            sys.stderr.write(f"{refused.code}\n")
            status = 2
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    if os.WIFSIGNALED(ended):
        return "killed"
    return {0: "done", 2: "refused"}.get(os.WEXITSTATUS(ended), "failed")


if __name__ == "__main__":
    for line in sys.stdin:
        print(_forked(sys.argv[1], sys.argv[2], Path(sys.argv[3]), json.loads(line)), flush=True)
