"""`chibo sign` as a secretary runs it: a program of its own, a software token, the service over HTTP."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

import pytest

from meetings.cli.sign import NoSafeAddress, Person, safe_address
from meetings.committees.powers import Part
from meetings.db.unit import Units
from meetings.http.pace import Pace
from meetings.minutes.ports import Workshop
from meetings.minutes.service import Believed, DeferredSigning, MinutesService, SigningKeys, TokenSigning
from meetings.minutes.token_handlers import TokenHandlers
from meetings.minutes.trust_list import TrustList
from tests.attendance.world import MEMBER, SECRETARY
from tests.browser import browsing
from tests.cli.soft_token import PIN, ROOT, SoftToken, empty_slot, module, why_not
from tests.conftest import Template
from tests.minutes.conftest import FORM, INSTALLATION
from tests.minutes.outside import NAME, Outside, new_outside
from tests.minutes.test_service import approved
from tests.sitting.holding import RECORDER, Cell

needs_token = pytest.mark.skipif(bool(why_not()), reason=why_not() or "a token is here")
one_database = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
TRIES = 1000


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A served meeting whose minutes wait for the recorder, and the recorder's machine with a slot."""

    cell: Cell
    minutes: MinutesService
    tokens: TokenSigning
    meeting: str
    address: str
    outside: Outside
    slot: SoftToken
    folder: Path

    async def recorder(self) -> str:
        minutes = (await self.minutes.look(self.cell.world.asks(RECORDER), self.meeting)).minutes
        assert minutes is not None
        return minutes.facts.recorder.name

    async def token_of(self, name: str) -> None:
        """A token with a key of its own, certified in that name, the issuer's certificate beside."""
        await asyncio.to_thread(self.slot.plug_in)
        public = await asyncio.to_thread(self.slot.make_key)
        await asyncio.to_thread(self.slot.store, self.outside.certificate(name.upper(), public))
        await asyncio.to_thread(self.slot.store, self.outside.below, 9)

    async def code(self) -> str:
        asker = self.cell.world.asks(RECORDER)
        return (await self.tokens.open_code(asker, self.meeting, Part.RECORDER)).code

    async def sign(self, code: str, pin: str = PIN, answer: str = "CO") -> tuple[int, str]:
        """What the program says, and its status."""
        file = self.folder / "pin"
        file.write_text(pin)
        file.chmod(0o600)
        words = [self.address, "--module", str(module()), "--pin-file", str(file), "--save", str(self.folder)]
        made = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "meetings.cli.main", "sign", *words),
            env=self.slot.env,
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(120):
            said, _ = await made.communicate(f"{code}\n{answer}\n".encode())
        assert made.returncode is not None
        return made.returncode, said.decode()

    async def signed(self) -> int:
        return len((await self.minutes.look(self.cell.world.asks(MEMBER), self.meeting)).signatures)


@pytest.fixture(scope="session")
def database_template(with_keys: Template) -> Template:
    return with_keys


@pytest.fixture(scope="module")
def outside() -> Outside:
    return new_outside()


@pytest.fixture
async def desk(
    cell: Cell, units: Units, workshop: Workshop, outside: Outside, tmp_path: Path
) -> AsyncIterator[Desk]:
    keys = SigningKeys(units, workshop, INSTALLATION)
    believed = Believed(authorities=TrustList(outside.write(tmp_path)))
    minutes = MinutesService(units, workshop, keys, form=FORM, timestamp_url=None, believed=believed)
    tokens = TokenSigning(units, workshop, minutes, DeferredSigning(units, workshop, minutes, None))
    sitting = await approved(cell, minutes)
    async with browsing(cell.world, TokenHandlers(tokens, Pace(TRIES, monotonic)).endpoints()) as browser:
        yield Desk(
            cell=cell,
            minutes=minutes,
            tokens=tokens,
            meeting=sitting.id,
            address=str(browser.client.make_url("/")).rstrip("/"),
            outside=outside,
            slot=empty_slot(tmp_path / "slot"),
            folder=tmp_path,
        )


@needs_token
@one_database
@pytest.mark.timeout(300)  # programs and workers that start anew, a dozen of them
async def test_a_secretary_signs_with_a_token(desk: Desk) -> None:
    """The file shown is the file signed; the code works once."""
    await desk.token_of(await desk.recorder())
    code = await desk.code()
    status, said = await desk.sign(code)
    assert status == 0, said
    assert "đã khớp" in said
    assert f"Chữ ký số công cộng, do {NAME} cấp chứng thư" in said
    assert (desk.folder / "bien-ban-se-ky.pdf").read_bytes().startswith(b"%PDF-")
    assert await desk.signed() == 1
    pdf = await desk.minutes.pdf(desk.cell.world.asks(SECRETARY), desk.meeting)
    report = await desk.minutes.verify(pdf, desk.meeting)
    assert [(line.issuer, line.sound) for line in report.signatures] == [(NAME, True)]
    status, said = await desk.sign(code)
    assert (status, await desk.signed()) == (2, 1)
    assert "đã ký xong" in said


@needs_token
@one_database
@pytest.mark.timeout(300)  # programs and workers that start anew, a dozen of them
async def test_what_goes_wrong_at_the_token_is_said_and_nothing_is_signed(desk: Desk) -> None:
    code = await desk.code()
    status, said = await desk.sign(code)
    assert (status, "Chưa thấy USB token nào" in said) == (2, True), said
    await asyncio.to_thread(desk.slot.plug_in)
    status, said = await desk.sign(code)
    assert (status, "không có chứng thư dùng để ký" in said) == (2, True), said
    status, said = await desk.sign(code, pin="000000")
    assert (status, "Mã PIN chưa đúng" in said) == (2, True), said
    await asyncio.to_thread(desk.slot.plug_in, "Token thu hai")
    status, said = await desk.sign(code)
    assert (status, "Có nhiều USB token" in said) == (2, True), said
    assert await desk.signed() == 0


@needs_token
@one_database
@pytest.mark.timeout(300)  # programs and workers that start anew, a dozen of them
async def test_anothers_token_and_an_unknown_code(desk: Desk) -> None:
    await desk.token_of("Người Khác Hẳn")
    code = await desk.code()
    status, said = await desk.sign(code)
    assert (status, "mang tên người khác" in said) == (2, True), said
    status, said = await desk.sign("1111 2222 3333")
    assert (status, "Mã ký không đúng" in said) == (2, True), said
    assert await desk.signed() == 0


@needs_token
@one_database
@pytest.mark.timeout(300)  # programs and workers that start anew, a dozen of them
async def test_whoever_says_no_has_signed_nothing(desk: Desk) -> None:
    await desk.token_of(await desk.recorder())
    status, said = await desk.sign(await desk.code(), answer="không")
    assert (status, "Chưa có gì được ký" in said) == (2, True), said
    assert await desk.signed() == 0


@needs_token
@one_database
@pytest.mark.timeout(300)  # programs and workers that start anew, a dozen of them
async def test_a_server_that_is_away_or_another(desk: Desk, unused_tcp_port: int) -> None:
    await desk.token_of(await desk.recorder())
    away = f"http://127.0.0.1:{unused_tcp_port}"
    status, said = await replace(desk, address=away).sign(await desk.code())
    assert (status, "Không nối được tới" in said) == (2, True), said


@pytest.mark.parametrize("address", ["http://sinhhoat.example.vn", "ftp://a.example", "", "https://"])
def test_plain_http_beyond_this_machine_is_refused(address: str) -> None:
    person = Person(ask=lambda _: "", secret=lambda _: "", tell=print)
    with pytest.raises(NoSafeAddress):
        safe_address(address, person)
