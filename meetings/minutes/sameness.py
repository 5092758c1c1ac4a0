"""Whether the pages shown are those that the attached data give, with nothing else hidden in the file."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace

import pikepdf

from meetings.minutes.pages import Place
from meetings.minutes.papers.document import ATTACHMENT as PAPER_ATTACHMENT
from meetings.minutes.pdf import ATTACHMENT, Printed, place_paper, print_minutes

_OF_THE_TREE = {"/Parent", "/Annots", "/StructParents", "/Tabs"}
_FORBIDDEN = ("/OCProperties", "/OpenAction", "/AA", "/Collection", "/Outlines")
_DEEPEST = 40


class Strange(Exception):
    """The file holds something that minutes never hold."""


def attached_data(pdf: bytes) -> bytes | None:
    """The attached JSON as it stands in the file now, or None unless there is exactly that one attachment."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        if list(opened.attachments) != [ATTACHMENT]:
            return None
        return bytes(opened.attachments[ATTACHMENT].get_file().read_bytes())


def attached_paper(pdf: bytes) -> bytes | None:
    """The attached JSON of another paper, or None unless there is exactly that one attachment."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        if list(opened.attachments) != [PAPER_ATTACHMENT]:
            return None
        return bytes(opened.attachments[PAPER_ATTACHMENT].get_file().read_bytes())


def same_pages(pdf: bytes, data: bytes) -> bool:
    """Whether printing the data again gives these pages.

    Contents, fonts, sizes, and room only for two signatures.
    """
    return _alike(pdf, print_minutes(data))


def same_paper(pdf: bytes, data: bytes) -> bool:
    """The same of another paper: as printed without a field, or with the one field of its signature."""
    fresh = place_paper(data)
    with pikepdf.open(io.BytesIO(pdf)) as shown:
        bare = "/AcroForm" not in shown.Root
    return _alike(pdf, replace(fresh, places={}) if bare else fresh)


def _alike(pdf: bytes, fresh: Printed) -> bool:
    with pikepdf.open(io.BytesIO(pdf)) as shown, pikepdf.open(io.BytesIO(fresh.pdf)) as wanted:
        try:
            _check_root(shown)
            marks = [_marks(page) for page in shown.pages]
            alike = [_digest(page.obj) for page in shown.pages] == [
                _digest(page.obj) for page in wanted.pages
            ]
        except Strange:
            return False
    return alike and marks == _expected(fresh.places, len(marks))


def _check_root(pdf: pikepdf.Pdf) -> None:
    if any(name in pdf.Root for name in _FORBIDDEN):
        raise Strange
    if "/Names" in pdf.Root and set(pdf.Root.Names.keys()) - {"/EmbeddedFiles"}:
        raise Strange
    form = pdf.Root.get("/AcroForm", pikepdf.Dictionary())
    if "/XFA" in form or "/NeedAppearances" in form:
        raise Strange


def _marks(page: pikepdf.Page) -> list[tuple[str, tuple[int, ...]]]:
    """Annotations of a page as (field, box); anything but a signature field is strange."""
    found = []
    for mark in page.obj.get("/Annots", pikepdf.Array()):
        if mark.get("/Subtype") != pikepdf.Name.Widget or mark.get("/FT") != pikepdf.Name.Sig:
            raise Strange
        if _is_archive_stamp(mark):
            continue
        found.append((str(mark.T), tuple(round(float(edge)) for edge in mark.Rect)))
    return sorted(found)


def _is_archive_stamp(mark: pikepdf.Object) -> bool:
    """A document time stamp, which has no place on the page."""
    value, (left, bottom, right, top) = mark.get("/V"), (float(edge) for edge in mark.Rect)
    stamp = value is not None and value.get("/Type") == pikepdf.Name.DocTimeStamp
    return stamp and left == right and bottom == top and "/AP" not in mark


def _expected(places: dict[str, Place], pages: int) -> list[list[tuple[str, tuple[int, ...]]]]:
    return [
        sorted((field, place.box) for field, place in places.items() if place.page == number)
        for number in range(1, pages + 1)
    ]


def _digest(page: pikepdf.Object) -> str:
    """A hash of all that the page draws with: streams decoded, references followed."""
    sink = hashlib.sha256()
    for part in _parts(page, 0):
        sink.update(len(part).to_bytes(8, "big") + part)
    return sink.hexdigest()


def _parts(value: object, depth: int) -> Iterator[bytes]:
    if depth > _DEEPEST:
        raise Strange
    if isinstance(value, pikepdf.Stream):
        yield bytes(value.read_bytes())
        yield from _members(value, depth, without={"/Length", "/Filter", "/DecodeParms"})
    elif isinstance(value, pikepdf.Dictionary):
        yield from _members(value, depth, without=_OF_THE_TREE)
    elif isinstance(value, pikepdf.Array):
        yield b"["
        for inner in value:
            yield from _parts(inner, depth + 1)
        yield b"]"
    else:
        yield str(value).encode()


def _members(value: pikepdf.Object, depth: int, without: set[str]) -> Iterator[bytes]:
    yield b"<<"
    for name in sorted(set(value.keys()) - without):
        yield name.encode()
        yield from _parts(value[name], depth + 1)
    yield b">>"
