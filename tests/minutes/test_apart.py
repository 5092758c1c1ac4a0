"""Files of strangers: judged as any other, and whatever they break ends with their own process."""

from __future__ import annotations

import io
import zlib
from collections.abc import Awaitable, Callable
from pathlib import Path

import pikepdf
import pytest

from meetings.kernel.ids import Id
from meetings.minutes.apart import Bounds, Unreadable, judge
from meetings.minutes.pdf import ATTACHMENT
from meetings.minutes.work import Known
from tests.minutes.office import Signed

SMALL = Bounds(memory=1 << 30, cpu=15, wait=400)


def knowing(signed: Signed, asked: list[Id | None]) -> Callable[[Id | None], Awaitable[Known]]:
    trust = signed.office.trust()

    async def known_for(meeting: Id | None) -> Known:
        asked.append(meeting)
        return Known(root=trust.roots[0], crl=trust.crls[0])

    return known_for


async def test_sound_minutes_are_accepted_apart(signed: Signed) -> None:
    asked: list[Id | None] = []
    report = await judge(signed.pdf, knowing(signed, asked), SMALL)
    assert report.accepted
    assert [rule.number for rule in report.rules] == list(range(1, 10))
    assert asked == [signed.minutes.facts.sitting.id]


def attach(made: pikepdf.Pdf, data: bytes, name: str = ATTACHMENT) -> None:
    """As our own files carry their data."""
    made.attachments[name] = pikepdf.AttachedFileSpec(
        made,
        data,
        filename=name,
        mime_type="application/json",
        description="",
        creation_date="",
        mod_date="",
    )


def bomb(size: int) -> bytes:
    """A file whose attached data unpack to `size` bytes."""
    made = pikepdf.new()
    made.add_blank_page()
    packer = zlib.compressobj(9)
    block = b" " * (1 << 20)
    packed = b"".join(packer.compress(block) for _ in range(size >> 20)) + packer.flush()
    attach(made, b"{}")
    stream = made.attachments[ATTACHMENT].obj.EF.F
    stream.write(packed, filter=pikepdf.Name.FlateDecode)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def nested() -> bytes:
    """Attached data of a hundred thousand brackets."""
    made = pikepdf.new()
    made.add_blank_page()
    attach(made, b"[" * 100_000)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "a bomb": lambda: bomb(2 << 30),
    "deep data": nested,
    "no objects": lambda: b"%PDF-1.7\n%%EOF",
    "noise": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 64,
    "a page tree that contains itself": lambda: (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R]/Count 99999999>>endobj\ntrailer<</Root 1 0 R/Size 3>>\n%%EOF"
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
async def test_hostile_files_are_refused_calmly(signed: Signed, kind: str) -> None:
    """Nothing is accepted, nothing raises but the one refusal."""
    try:
        report = await judge(HOSTILE[kind](), knowing(signed, []), SMALL)
    except Unreadable:
        return
    assert not report.accepted
    assert report.bottom_line.startswith("Tệp này chưa được ký, hoặc không đọc được.")


@pytest.mark.parametrize("bounds", [Bounds(cpu=1), Bounds(memory=1 << 20), Bounds(wait=0.01)])
async def test_what_takes_too_much_is_unreadable(signed: Signed, bounds: Bounds) -> None:
    """Time of the processor, memory and patience end, each by itself."""
    pdf = bomb(64 << 20)
    with pytest.raises(Unreadable):
        await judge(pdf, knowing(signed, []), bounds)


def names(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir()]


async def test_nothing_is_written(signed: Signed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process may write no file, so that it can keep none."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert (await judge(signed.pdf, knowing(signed, []), SMALL)).accepted
    assert not names(tmp_path)
