"""The printed paper: right text, right form, refused where it would lose something."""

from __future__ import annotations

import io
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from pikepdf import pdfa

from meetings.minutes.document import compose
from meetings.minutes.facts import to_bytes
from meetings.minutes.pdf import ATTACHMENT, draw, print_minutes
from meetings.minutes.reading import BadMinutes
from meetings.minutes.records import Minutes, Officer
from meetings.minutes.sameness import attached_data, same_pages
from meetings.minutes.seating import CHAIR_FIELD, RECORDER_FIELD
from meetings.minutes.typefaces import HiddenCharacter, MissingGlyph
from tests.minutes.sittings import (
    EXPLANATION,
    HALL,
    PHONE,
    TEXTS,
    extraordinary,
    hybrid,
    practice,
    supplement,
)

ALL = pytest.mark.parametrize("make", [hybrid, supplement, extraordinary, practice])
MILLIMETRE = 72 / 25.4


def extracted(pdf: bytes, folder: Path) -> str:
    """The text that a reader copies out, spaces folded."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    (folder / "paper.pdf").write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", "-raw", str(folder / "paper.pdf"), "-"], capture_output=True, check=True, timeout=60
    )
    return " ".join(done.stdout.decode().split())


def printed(minutes: Minutes) -> bytes:
    return print_minutes(to_bytes(minutes)).pdf


def with_recorder(name: str) -> Minutes:
    facts = hybrid().facts
    recorder = Officer(member=facts.recorder.member, name=name, position="")
    return replace(hybrid(), facts=replace(facts, recorder=recorder))


def test_the_text_comes_out_as_it_went_in(tmp_path: Path) -> None:
    text = extracted(printed(hybrid()), tmp_path)
    assert unicodedata.is_normalized("NFC", text)
    assert all(name in text for name in (*HALL, *PHONE))
    assert EXPLANATION in text
    assert all(" ".join(words.split()) in text for words in TEXTS.values())


def test_a_supplement_says_what_it_is_and_no_verdict(tmp_path: Path) -> None:
    text = extracted(printed(supplement()), tmp_path)
    assert "BUỔI BỔ TRỢ." in text
    assert "buổi sinh hoạt bổ trợ trực tuyến ngày 24/11/2026" in text
    assert "thông qua" not in text.casefold()


def test_rehearsal_and_demonstration_marks_are_on_every_page(tmp_path: Path) -> None:
    pdf = printed(practice())
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        pages = len(opened.pages)
    text = extracted(pdf, tmp_path)
    assert text.count("đồng hồ trình diễn") == pages
    assert text.replace(" ", "").count("BUỔITẬP") > pages  # turned letters come out spaced


def test_entered_afterwards_is_printed(tmp_path: Path) -> None:
    assert "nhập sau, ngày 28/11/2026" in extracted(printed(extraordinary()), tmp_path)


@ALL
def test_the_same_minutes_give_the_same_bytes(make: Callable[[], Minutes]) -> None:
    first, second = draw(compose(make())), draw(compose(make()))
    assert first == second
    assert same_pages(printed(make()), to_bytes(make())) is False  # no fields yet
    assert {RECORDER_FIELD, CHAIR_FIELD} == set(first.places)


@ALL
def test_it_is_archival_with_its_data_inside(make: Callable[[], Minutes], tmp_path: Path) -> None:
    pdf = printed(make())
    (tmp_path / "paper.pdf").write_bytes(pdf)
    assert pdfa.validate_written(tmp_path / "paper.pdf", "3b").verdict == "pass"
    assert attached_data(pdf) == to_bytes(make())
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert str(opened.Root.AF[0].AFRelationship) == "/Source"
        assert list(opened.attachments) == [ATTACHMENT]
        assert str(opened.Root.Lang) == "vi-VN"


def test_every_font_is_embedded() -> None:
    with pikepdf.open(io.BytesIO(printed(hybrid()))) as opened:
        fonts = [font for page in opened.pages for font in page.obj.Resources.Font.values()]
        assert fonts
        assert all("Tinos" in str(font.BaseFont) for font in fonts)
        assert all("/FontFile2" in font.FontDescriptor for font in fonts)


def test_signatures_stand_side_by_side_inside_the_page() -> None:
    places = print_minutes(to_bytes(hybrid())).places
    left, right = places[RECORDER_FIELD], places[CHAIR_FIELD]
    assert left.page == right.page
    assert left.box[2] < right.box[0]
    assert left.box[0] >= 15 * MILLIMETRE
    assert right.box[2] <= (210 - 15) * MILLIMETRE


@pytest.mark.parametrize("name", ["<b>Nụ</b>", "Nụ & Khánh", "</para>", 'a"><font size=40>', "Nụ &lt; &#60;"])
def test_markup_in_a_name_is_only_a_name(name: str, tmp_path: Path) -> None:
    assert name in extracted(printed(with_recorder(name)), tmp_path)


@pytest.mark.parametrize(
    ("name", "refusal"),
    [("Nụ 😀", MissingGlyph), ("Nụ\u202e", HiddenCharacter), ("N\u200bụ", HiddenCharacter)],
)
def test_what_cannot_be_shown_is_refused(name: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        printed(with_recorder(name))


def test_decomposed_text_never_reaches_the_paper() -> None:
    split = to_bytes(hybrid()).decode()
    with pytest.raises(BadMinutes):
        print_minutes(unicodedata.normalize("NFD", split).encode())


def test_a_large_cell_fits() -> None:
    facts = hybrid().facts
    many = tuple(replace(one, member=f"{one.member}{n}") for n in range(15) for one in facts.attendance.hall)
    large = replace(facts, attendance=replace(facts.attendance, hall=many))
    with pikepdf.open(io.BytesIO(printed(Minutes(facts=large)))) as opened:
        assert len(opened.pages) > 8


def test_long_names_and_words_do_not_break_the_page() -> None:
    long = "Đảng ủy " + "rất " * 40 + "xa"
    facts = hybrid().facts
    words = {facts.items[0].id: "Ý kiến rất dài. " * 900 + "a" * 300}
    wide = replace(facts, organisation=replace(facts.organisation, superior=long, cell=long))
    with pikepdf.open(io.BytesIO(printed(Minutes(facts=wide, texts=words)))) as opened:
        assert len(opened.pages) > 4
