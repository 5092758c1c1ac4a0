"""One whole meeting as a member, the secretary and the auditor see it, photographed in real Chromium."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PIL import Image

from demo.client import Person
from meetings.kernel.clock import FixedClock
from tests.journeys.hybrid import hybrid
from tests.journeys.sittings import called, closed
from tests.pages.chromium import Tab, phone
from tests.pages.live_item import live_item
from tests.pages.scripts import built
from tests.pages.test_room import supplement
from tests.postgres import Urls
from tests.serving import IMPORTED, ORG, Serving, auditor, found, serving

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "tour"
MOST_BYTES, MOST_PICTURES = 60_000, 15
COLOURS = 96
INTRODUCTION = """# One whole meeting, in pictures

Made by `python -m tests.tour` from the invented cell S; do not edit. Everybody in it is invented, and so is the place.
The phone is 360 × 740, the desk 1280 × 800. The clock is the demonstration's.
"""
PASSPHRASE = "suối lúa trăng rừng núi 47"


class Film:
    """Takes pictures and notes what they show, in their order."""

    def __init__(self, tab: Tab, base: str) -> None:
        self._tab, self._base = tab, base
        self.shots: list[tuple[str, str]] = []

    async def phone(self, who: Person, path: str, name: str, text: str, *, at: str = "") -> None:
        """A phone."""
        await self._tab.size(360, 740, scale=1.5)
        await self._shoot(who, path, name, text, at)

    async def desk(self, who: Person, path: str, name: str, text: str, *, at: str = "") -> None:
        """A desktop."""
        await self._tab.size(1280, 800, phone=False)
        await self._shoot(who, path, name, text, at)

    async def _shoot(self, who: Person, path: str, name: str, text: str, at: str) -> None:
        await self._tab.become(self._base, who.cookies())
        await self._tab.open(f"{self._base}{path}")
        if at:
            await self._tab.see(f"document.querySelector({at!r}).scrollIntoView({{block: 'center'}})")
        await self._tab.see("new Promise((done) => setTimeout(done, 400))")
        shot = await self._tab.do("Page.captureScreenshot", format="png")
        file = f"{len(self.shots) + 1:02d}-{name}.png"
        (FOLDER / file).write_bytes(small(base64.b64decode(shot["data"])))
        self.shots.append((file, text))


def small(png: bytes) -> bytes:
    """The same picture in few colours. Raises ValueError where it is still too large to be kept."""
    out = io.BytesIO()
    for colours in (COLOURS, 48, 24):
        out = io.BytesIO()
        picture = Image.open(io.BytesIO(png)).convert("RGB")
        picture.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() < MOST_BYTES:
            return out.getvalue()
    raise ValueError(f"{out.tell()} bytes")


async def shoot(scratch: str) -> list[str]:
    """Every picture and the page that describes them; returns the files' names."""
    built()
    for old in FOLDER.glob("*.png"):
        old.unlink()
    async with _stage(Path(scratch)) as house, phone(house.base, {}) as tab:
        film = Film(tab, house.base)
        await _before(house, film)
        await _evening(house, film)
    pages = [
        f"\n## {number}. {text}\n\n![{text}]({file})\n" for number, (file, text) in enumerate(film.shots, 1)
    ]
    (FOLDER / "README.md").write_text(INTRODUCTION + "".join(pages), "utf-8")
    return [file for file, _ in film.shots]


@asynccontextmanager
async def _stage(scratch: Path) -> AsyncIterator[Serving]:
    """Cell S, served."""
    file = scratch / "founded.sqlite3"
    urls = Urls(app=f"sqlite+aiosqlite:///{file}", owner=f"sqlite+aiosqlite:///{file}")
    await asyncio.to_thread(found, urls)
    folder = scratch / "data"
    folder.mkdir()
    async with serving(urls, folder, FixedClock(IMPORTED)) as house:
        yield house


async def _before(house: Serving, film: Film) -> None:
    secretary, cast = await house.secretary(), await house.cell_s()
    member = await house.person(cast.phone[0])
    house.at("2026-11-20T08:00")
    await film.phone(
        secretary, "/", "secretary-home", "The secretary's first page shows only the next of five steps"
    )
    meeting = await called(house, "2026-11-21T19:30", mode="hybrid")
    await film.phone(
        member, "/", "member-home", "A member is told when and where, and answers with one button"
    )
    await film.phone(member, f"/m/{meeting}/leave", "member-leave", "Leave is asked with a short reason")
    await secretary.post(f"/meetings/{meeting}/cancel", reason="Chỉ để chụp ảnh")
    online = await supplement(house)
    await film.phone(member, "/", "member-open", "A supplement is open: one tap leads into it")
    room = f"/m/{online}/room"
    await film.phone(
        member, room, "member-room", "The room begins with listening; no microphone is asked for"
    )


async def _evening(house: Serving, film: Film) -> None:
    sitting = await hybrid(house)
    secretary, cast, meeting = await house.secretary(), sitting.cast, sitting.id
    listener, recorder = await house.person(cast.phone[0]), await house.person(cast.recorder)
    roll = f"/m/{meeting}/roll"
    await film.desk(secretary, roll, "secretary-roll", "The roll, confirmed with a counted number of heads")
    await live_item(house, meeting)
    house.at("2026-11-24T19:47")
    text = "The console: the agenda with its timer; words are kept while they are typed"
    await film.desk(secretary, f"/m/{meeting}/run", "secretary-console", text, at=".a-live")
    vote = await sitting.vote(elder=True)
    room = f"/m/{meeting}/room"
    await film.phone(listener, room, "member-vote", "Three answers of equal weight")
    await sitting.answer(vote, cast.phone[0])
    text = "The receipt says what was recorded, and that it stands apart"
    await film.phone(listener, f"/m/{meeting}", "member-receipt", text, at=".note.ok")
    await sitting.count(vote, 12, 1, 1)
    text = "The result explains its base and names its source"
    await film.phone(secretary, f"/m/{meeting}/questions/{vote}", "secretary-result", text)
    await closed(house, meeting, "2026-11-24T21:05")
    await film.desk(
        secretary, f"/m/{meeting}/review", "secretary-review", "The minutes are read out and approved"
    )
    await secretary.post(f"/meetings/{meeting}/minutes/approve")
    for who, part in ((recorder, "recorder"), (secretary, "chair")):
        await who.post("/me/signing-key", passphrase=PASSPHRASE)
        await who.post(f"/meetings/{meeting}/minutes/signatures", role=part, passphrase=PASSPHRASE)
    text = "Anybody of the cell checks what the signatures are worth"
    await film.phone(listener, f"/m/{meeting}/verification", "member-verification", text)
    overseer = await auditor(house)
    table = f"/api/v1/orgs/{ORG}/quarters/2026-Q4/table.html"
    text = "The auditor's quarter: every rate as a/b, five states that sum to all cells"
    await film.desk(overseer, table, "auditor-quarter", text)
    evidence = f"/api/v1/meetings/{meeting}/evidence.html"
    await film.desk(
        overseer, evidence, "auditor-evidence", "One meeting with its evidence, three clicks from any figure"
    )
