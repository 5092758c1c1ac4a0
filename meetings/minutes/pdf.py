"""The minutes as PDF/A-3b with their canonical JSON attached. Deterministic up to the PDF/A step's own dates.

Synchronous and picklable: bytes in, bytes out, for a process pool.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import pikepdf
from pikepdf import pdfa

from meetings.minutes.blocks import PARTY, Document, characters
from meetings.minutes.document import compose
from meetings.minutes.layout import flowables
from meetings.minutes.pages import Paper, Place
from meetings.minutes.papers.document import ATTACHMENT as PAPER_ATTACHMENT
from meetings.minutes.papers.document import compose as compose_paper
from meetings.minutes.papers.reading import from_json as paper_from_json
from meetings.minutes.reading import from_json
from meetings.minutes.typefaces import check_characters, install_faces

ATTACHMENT = "bien-ban.json"
PDF_VERSION = "1.7"  # of PDF/A-3 (ISO 19005-3 rests on ISO 32000-1)


@dataclass(frozen=True, kw_only=True, slots=True)
class AttachedFile:
    """Under which name the data lie in the file."""

    name: str
    description: str


MINUTES_FILE = AttachedFile(name=ATTACHMENT, description="Dữ liệu gốc của biên bản")
PAPER_FILE = AttachedFile(name=PAPER_ATTACHMENT, description="Dữ liệu gốc của văn bản")


@dataclass(frozen=True, kw_only=True, slots=True)
class Printed:
    """A finished paper before any signature, and where the signatures go."""

    pdf: bytes
    places: dict[str, Place]


def print_minutes(data: bytes) -> Printed:
    """The paper of canonical minutes (facts.to_bytes).

    Raises BadMinutes, ContradictoryFacts, VerdictInSupplement, FontMissing, MissingGlyph, HiddenCharacter.
    """
    document = compose(from_json(data))
    drawn = draw(document)
    return Printed(pdf=_archival(drawn.pdf, data, MINUTES_FILE), places=drawn.places)


def print_paper(data: bytes) -> bytes:
    """Any other paper of canonical facts (papers.facts.to_bytes), with them attached.

    Raises BadPaper, BallotTooLong and as print_minutes.
    """
    return place_paper(data).pdf


def place_paper(data: bytes) -> Printed:
    """The same, and where its signature goes, if one person signs it. Raises as print_paper."""
    drawn = draw(compose_paper(paper_from_json(data)))
    return Printed(pdf=_archival(drawn.pdf, data, PAPER_FILE), places=drawn.places)


def draw(document: Document) -> Printed:
    """The pages alone, byte for byte the same for the same document. Raises as print_minutes."""
    install_faces()
    check_characters(characters(document) | set(PARTY))
    out = io.BytesIO()
    places: dict[str, Place] = {}
    paper = Paper(out, document)
    paper.build(flowables(document.blocks, places))
    return Printed(pdf=out.getvalue(), places=places)


def _archival(drawn: bytes, data: bytes, file: AttachedFile) -> bytes:
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        for page in pdf.pages:
            if "/Trans" in page.obj:
                del page.obj["/Trans"]  # reportlab leaves an empty one; PDF/A forbids it
        _attach(pdf, data, file)
        pdf.Root.Lang = pikepdf.String("vi-VN")
        pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        out = io.BytesIO()
        pdfa.save(pdf, out, "3b", deterministic_id=True, force_version=PDF_VERSION)
    return out.getvalue()


def _attach(pdf: pikepdf.Pdf, data: bytes, file: AttachedFile) -> None:
    spec = pikepdf.AttachedFileSpec(
        pdf,
        data,
        filename=file.name,
        mime_type="application/json",
        description=file.description,
        creation_date="",
        mod_date="",
    )
    spec.relationship = pikepdf.Name.Source
    pdf.attachments[file.name] = spec
    pdf.Root.AF = pdf.make_indirect(pikepdf.Array([spec.obj]))
