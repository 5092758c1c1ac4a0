"""Scene 2: an online supplement with twelve phones, and the attempt to pass it off as the month's meeting."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from demo.cast import Member
from demo.client import Unexpected
from demo.page_text import page_text
from demo.paper import Signed, signed_minutes
from demo.regular import cast_ballot
from demo.stage import ZONE, Stage, expect, refused
from demo.voices import Voice, heard_by, tones

STARTS = datetime(2026, 11, 27, 20, 0, tzinfo=ZONE)
PHONES = 12


async def hold(stage: Stage, regular: str) -> tuple[str, Signed]:
    """The whole session; returns its id and its signed minutes."""
    await stage.go_on_to(STARTS - timedelta(hours=1))
    refusal = await refused(_call(stage, regular, kind="regular"), "online-is-supplement")
    await stage.say(f"Thử báo họp thường kỳ trực tuyến: bị từ chối. “{refusal.title}”")
    meeting = str((await _call(stage, regular, kind="online_session"))["id"])
    await stage.secretary.post(f"/meetings/{meeting}/convene", how="zalo_text")
    await stage.go_on_to(STARTS)
    await stage.secretary.post(f"/meetings/{meeting}/open", stated_at=None)
    members = await _members(stage)
    voices = await _join(stage, meeting, members)
    chair, recorder = stage.cast.chair, stage.cast.recorder
    await stage.secretary.post(f"/meetings/{meeting}/parts", chair=chair.id, recorder=recorder.id)
    items = await _talk(stage, meeting)
    await _ask_opinions(stage, meeting, items[0], members)
    for voice in voices:
        await voice.leave()
    await stage.go_on_to(STARTS + timedelta(minutes=50))
    await stage.secretary.post(f"/meetings/{meeting}/read-out", stated_at=None)
    await stage.say("Thư ký đọc lại biên bản trước buổi bổ trợ.")
    closed = await stage.secretary.post(f"/meetings/{meeting}/close", stated_at=None)
    expect(not closed["fulfils_obligation"], "a supplement fulfils a month")
    await stage.say("Kết thúc buổi bổ trợ; buổi này không được tính là sinh hoạt thường kỳ.")
    signed = await signed_minutes(stage, meeting, items, name="bien-ban-bo-tro-2026-11-27.pdf")
    await _says_what_it_is(stage, signed)
    return meeting, signed


# rules.md 6.1 word for word, the braces filled with the scene's own days; not asked from the product's own texts.
SAID = (
    "BIÊN BẢN buổi sinh hoạt bổ trợ trực tuyến ngày 27/11/2026",
    (
        "BUỔI BỔ TRỢ. Buổi sinh hoạt này trên phần mềm chỉ có tính chất bổ trợ, không thay thế sinh hoạt chi bộ "
        "định kỳ (thường kỳ) và không được tính là buổi sinh hoạt thường kỳ tháng 11/2026."
    ),
    "Bổ trợ cho buổi thường kỳ ngày 24/11/2026.",
)


async def _says_what_it_is(stage: Stage, signed: Signed) -> None:
    """Title, notice and link line stand in the PDF as people and programs read it."""
    said = page_text((stage.out / signed.file).read_bytes())
    for sentence in SAID:
        expect(sentence in said, f"the supplement's minutes do not say: {sentence}")
    await stage.say(f"Biên bản ghi rõ: “{SAID[-1]}”")


def _call(stage: Stage, regular: str, *, kind: str) -> Any:
    return stage.secretary.post(
        f"/cells/{stage.cell}/meetings",
        kind=kind,
        mode="online",
        starts_at=STARTS.isoformat(),
        place="Phòng họp trực tuyến",
        title="Trao đổi trực tuyến (bổ trợ)",
        supplements=None if kind == "regular" else regular,
    )


async def _members(stage: Stage) -> list[Member]:
    known = [stage.cast.chair, stage.cast.recorder]
    able = [m for m in stage.cast.everyone if m.smartphone and m.category in {"official", "probationary"}]
    return [*known, *[m for m in able if m not in known]][:PHONES]


async def _join(stage: Stage, meeting: str, members: list[Member]) -> list[Voice]:
    joining = [stage.phone(member, meeting, hz) for member, hz in zip(members, tones(PHONES), strict=True)]
    voices = await asyncio.gather(*joining)
    await voices[0].speak()
    heard = await heard_by(voices, voices[0], within=30)
    expect(len(heard) == PHONES - 1, f"the tone reached {len(heard)} of {PHONES - 1}")
    stage.heard_by += len(heard)
    await stage.say(f"Buổi bổ trợ trực tuyến: {PHONES} máy vào phòng, {len(heard)} máy nghe rõ chủ trì.")

    async def seen() -> bool:
        answer = await stage.secretary.get(f"/meetings/{meeting}/attendance")
        return int(answer["online"]) == PHONES

    await stage.until("twelve phones in the evidence", seen)
    return list(voices)


async def _talk(stage: Stage, meeting: str) -> list[dict[str, Any]]:
    answer = await stage.secretary.put(
        f"/meetings/{meeting}/agenda",
        items=[{"title": "Trao đổi về việc thực hiện nhiệm vụ tháng 11", "planned_minutes": 40}],
    )
    items: list[dict[str, Any]] = answer["items"]
    await stage.secretary.post(f"/agenda-items/{items[0]['id']}/start")
    return items


async def _ask_opinions(stage: Stage, meeting: str, item: dict[str, Any], members: list[Member]) -> None:
    vote = await stage.secretary.post(
        f"/meetings/{meeting}/votes",
        question="Ý kiến về việc làm sạch đường thôn",
        kind="resolution",
        form="hands",
        item=item["id"],
        minutes=60,
    )
    entitled = [member for member in members if member.category == "official"]
    await asyncio.gather(*[cast_ballot(stage, vote["id"], member) for member in entitled])
    closed = await stage.secretary.post(f"/votes/{vote['id']}/close")
    expect(closed["result"]["passed"] is None, "a supplement has a verdict")
    await stage.say(f"Lấy ý kiến: {closed['result']['explanation']}")
    await stage.go_on_to(STARTS + timedelta(minutes=45))
    await stage.secretary.post(f"/agenda-items/{item['id']}/stop", conclusion="Ghi nhận các ý kiến.")


async def misuse(stage: Stage, meeting: str) -> bool:
    """Declare the supplement the month's meeting: by the API, then by SQL against the very database."""
    refusal = await refused(
        stage.secretary.post(f"/cells/{stage.cell}/months/2026-11/fulfilment", meeting=meeting),
        "supplement-never-fulfils",
    )
    await stage.say(f"Thử khai buổi bổ trợ là buổi thường kỳ qua API: bị từ chối. “{refusal.title}”")
    said = await asyncio.to_thread(_attack, stage, meeting)
    await stage.say(f"Thử sửa thẳng trong cơ sở dữ liệu, tắt cả khóa ngoại: {said}")
    return True


_ATTACKS = (
    "UPDATE meeting SET fulfils = 1 WHERE id = :id",
    "UPDATE meeting SET standing = 'mandatory', kind = 'regular', mode = 'in_person' WHERE id = :id",
    "UPDATE obligation SET fulfilled_by = :id WHERE month = '2026-11'",
    "INSERT INTO obligation (cell_id, month, fulfilled_by, fulfils) VALUES (:cell, '2026-10', :id, 1)",
    "INSERT OR REPLACE INTO obligation VALUES (:cell, '2026-11', :id, 1)",
)


_SEEN = (
    "SELECT id, kind, mode, standing, state, fulfils, fulfils_theme FROM meeting ORDER BY id",
    "SELECT * FROM obligation ORDER BY cell_id, month",
    "SELECT * FROM thematic_obligation ORDER BY cell_id, quarter",
)
# Raised by a guard alone: no other refusal (a lock, a column that is not there) shows that it stands.
_GUARDS_WORD = ("guard: ", "UNIQUE constraint failed: obligation.")


def _attack(stage: Stage, meeting: str) -> str:
    return attack(next(stage.server.data.glob("**/*.sqlite3")), stage.cell, meeting)


def attack(file: Path, cell: str, meeting: str) -> str:
    """Every statement against that database, as a person would read it. Raises Unexpected unless the guards themselves
    refuse each and the rows are as they were; sqlite3.Error for what no guard said."""
    refusals: list[str] = []
    with closing(sqlite3.connect(file, timeout=30)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        before = [connection.execute(query).fetchall() for query in _SEEN]
        for statement in _ATTACKS:
            refusals.append(_refusal(connection, statement, {"id": meeting, "cell": cell}))
        expect([connection.execute(query).fetchall() for query in _SEEN] == before, "rows were changed")
    return f"{len(refusals)}/{len(_ATTACKS)} câu lệnh bị từ chối ({refusals[0]})."


def _refusal(connection: sqlite3.Connection, statement: str, values: dict[str, str]) -> str:
    """What the guard says. Raises Unexpected, sqlite3.Error."""
    try:
        connection.execute(statement, values)
    except sqlite3.IntegrityError as exc:
        connection.rollback()
        expect(str(exc).startswith(_GUARDS_WORD), f"not refused by a guard: {exc}: {statement}")
        return str(exc)
    connection.rollback()
    raise Unexpected(f"the database took it: {statement}")
