"""Every other paper as a file: right text, archival, the same each time, refused where it would lose something."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import pdfa

from meetings.minutes.blocks import Paragraph, Table
from meetings.minutes.papers.document import ATTACHMENT, compose
from meetings.minutes.papers.facts import to_bytes
from meetings.minutes.papers.records import AnyPaper
from meetings.minutes.pdf import draw, print_paper
from meetings.minutes.typefaces import HiddenCharacter, MissingGlyph
from tests.minutes.papers.samples import MAKERS, attendance, convocation, rehearsed, resolution, with_name
from tests.minutes.sittings import HALL, PHONE
from tests.minutes.test_pdf import extracted

ALL = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())
HASH = 64  # hexadecimal digits
MARKUP = ["<b>Nụ</b>", "Nụ & Khánh", "</para>", 'a"><font size=40>', "Nụ &lt; &#60;"]
REFUSED = [
    ("Nụ 😀", MissingGlyph),
    ("Nụ 䀀", MissingGlyph),
    ("Nụ\u202e", HiddenCharacter),
    ("Nụ\u2066x\u2069", HiddenCharacter),
    ("N\u200bụ", HiddenCharacter),
    ("N\u00adụ", HiddenCharacter),
    ("N\ufeffụ", HiddenCharacter),
    ("N\x07ụ", HiddenCharacter),
    ("N\ue000ụ", HiddenCharacter),
    ("Nụ\u2028", HiddenCharacter),
]


@ALL
def test_it_is_archival_with_its_data_inside(make: Callable[[], AnyPaper], tmp_path: Path) -> None:
    pdf = print_paper(to_bytes(make()))
    (tmp_path / "paper.pdf").write_bytes(pdf)
    assert pdfa.validate_written(tmp_path / "paper.pdf", "3b").verdict == "pass"
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert list(opened.attachments) == [ATTACHMENT]
        assert bytes(opened.attachments[ATTACHMENT].get_file().read_bytes()) == to_bytes(make())
        assert str(opened.Root.AF[0].AFRelationship) == "/Source"
        fonts = [font for page in opened.pages for font in page.obj.Resources.Font.values()]
        assert all("/FontFile2" in font.FontDescriptor for font in fonts)


@ALL
def test_the_same_facts_give_the_same_pages(make: Callable[[], AnyPaper]) -> None:
    assert draw(compose(make())) == draw(compose(make()))


@ALL
def test_text_comes_out_composed_and_whole(make: Callable[[], AnyPaper], tmp_path: Path) -> None:
    text = extracted(print_paper(to_bytes(make())), tmp_path)
    assert unicodedata.is_normalized("NFC", text)
    blocks = compose(make()).blocks
    shown = [" ".join(run.text for run in one.runs) for one in blocks if isinstance(one, Paragraph)]
    shown += [cell for one in blocks if isinstance(one, Table) for row in one.rows for cell in row]
    words = {word for each in shown for word in each.split()}
    broken = words - set(text.split())
    assert all(len(word) == HASH for word in broken)  # a hash takes two lines of its cell
    assert all(word in "".join(text.split()) for word in broken)


@ALL
@pytest.mark.parametrize("name", MARKUP)
def test_markup_in_a_name_is_only_a_name(make: Callable[[], AnyPaper], name: str, tmp_path: Path) -> None:
    shown = extracted(print_paper(to_bytes(with_name(make(), name))), tmp_path)
    assert "".join(name.split()) in "".join(shown.split())


@ALL
@pytest.mark.parametrize(("name", "refusal"), REFUSED)
def test_what_cannot_be_shown_is_refused(
    make: Callable[[], AnyPaper], name: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        draw(compose(with_name(make(), name)))


def test_names_and_signature_are_in_the_text(tmp_path: Path) -> None:
    text = extracted(print_paper(to_bytes(attendance())), tmp_path)
    assert all(name in text for name in (*HALL, *PHONE))
    assert "Nơi nhận:" in extracted(print_paper(to_bytes(resolution())), tmp_path)


def test_loose_letters_have_no_page_numbers_and_one_margin() -> None:
    with pikepdf.open(io.BytesIO(print_paper(to_bytes(convocation())))) as opened:
        starts = {page.Contents.read_bytes().split(b"cm")[1] for page in opened.pages}
        assert len(opened.pages) == 2
    assert len(starts) == 1


def test_a_rehearsed_ballot_is_marked(tmp_path: Path) -> None:
    made = rehearsed(MAKERS["question-ballots"]())
    assert "BUỔITẬP" in extracted(print_paper(to_bytes(made)), tmp_path).replace(" ", "")
