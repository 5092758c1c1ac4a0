"""The pieces of a paper, without any idea of how it is drawn.

The PDF and the web page are made from the same ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM"


class Weight(StrEnum):
    """How a run of text stands out."""

    PLAIN = "plain"
    BOLD = "bold"
    ITALIC = "italic"


class Sheets(StrEnum):
    """What becomes of the pages: bound (numbered, margins mirrored), loose leaves all alike, or cut into slips."""

    BOUND = "bound"
    LOOSE = "loose"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Run:
    """Some text in one weight. Raw text: whoever draws it escapes it."""

    text: str
    weight: Weight = Weight.PLAIN


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """The head of a Party paper: organisations at the left, the Party's name and the date at the right."""

    superior: str
    organisation: str
    number: str
    dateline: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Title:
    """Name of the paper, and what it is about."""

    name: str
    subject: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A framed sentence nobody should miss."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """Opens a numbered part."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of runs; `listed` ones carry a dash."""

    runs: tuple[Run, ...]
    listed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Rows under repeated headings; `widths` are shares of the text width in percent, `numbers` the columns
    (from 0) that hold figures."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Signatory:
    """Where one person signs: powers and position in capitals, then room, then the name. `field`: of the signature by
    a key, where the block does not say whose place is which."""

    powers: str
    position: str
    name: str
    field: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Closing:
    """Recorder at the left, chair at the right, recipients below."""

    recorder: Signatory
    chair: Signatory
    recipients: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """What lets anyone compare this paper with the record: code, hash of the JSON, ledger entry, log checkpoint.

    `paper`: what the paper is called in these lines; `attachment`: the file inside that holds the JSON; `address`:
    where anybody can have the file verified.
    """

    code: str
    hash: str
    head: str
    payload: str
    mark: str = ""
    paper: str = "biên bản"
    attachment: str = "bien-ban.json"
    address: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """Recipients at the left, the one who signs for the cell at the right."""

    signatory: Signatory
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signatories:
    """People who sign beside each other, each in a field, under a heading of their own or none."""

    people: tuple[Signatory, ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Fill:
    """A sentence whose dotted gaps are filled in by hand."""

    text: str


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a new leaf."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Slips:
    """Ballots, all alike, to be cut apart. `boxes`: headings of the boxes behind each line; none where names are
    crossed out instead. `stamp`: whose seal comes into the upper left corner."""

    copies: int
    superior: str
    organisation: str
    stamp: str
    title: Title
    head: str
    lines: tuple[str, ...]
    boxes: tuple[str, ...]
    notes: tuple[str, ...]


Block: TypeAlias = (
    "Header | Title | Notice | Heading | Paragraph | Table | Closing | Check"
    " | Ending | Signatories | Fill | NewPage | Slips"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A whole paper. `watermark` and `footer` are empty where there is none."""

    title: str
    author: str
    blocks: tuple[Block, ...]
    watermark: str = ""
    footer: str = ""
    sheets: Sheets = Sheets.BOUND


def plain(text: str, *, listed: bool = False) -> Paragraph:
    """A paragraph of one plain run."""
    return Paragraph((Run(text),), listed)


def labelled(label: str, text: str, *, listed: bool = False) -> Paragraph:
    """A bold label, then text."""
    return Paragraph((Run(f"{label} ", Weight.BOLD), Run(text)), listed)


def characters(document: Document) -> set[str]:
    """Every character that would be drawn: for the check against the font before drawing."""
    texts = [document.title, document.author, document.watermark, document.footer]
    for block in document.blocks:
        texts += _texts(block)
    return set().union(*texts)


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for inner in value for text in _texts(inner)]
    slots = getattr(value, "__slots__", ())
    return [text for name in slots for text in _texts(getattr(value, name))]
