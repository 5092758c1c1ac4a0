"""Every Vietnamese text that people can meet, and the catalogue of its English.

`python -m tests.http.catalogue` refreshes meetings/locale/en/LC_MESSAGES/chibo.po: new texts come in without
English, texts that nobody says any more go out, what is translated stays.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

import meetings
from meetings.attendance.leave import member_text
from meetings.attendance.rules import Absence, AbsenceState, Reason
from meetings.convening import titles
from meetings.http.language import LOCALES
from meetings.kernel.errors import Refused
from meetings.notices import wording
from meetings.sitting.rules import Step
from meetings.voting import receipts
from meetings.voting.rules import Choice

HOUSE = Path(meetings.__file__).parent
FILE = LOCALES / "en" / "LC_MESSAGES" / "chibo.po"
# Called with a text, these mark it: `_` in templates, `source` and `say` in code.
_MARKS = {"_": None, "source": None, "say": None}


def texts() -> list[str]:
    """All of them, each once, sorted."""
    found = {*refusals(), *marked(), *from_rules()}
    return sorted(text for text in found if text)


def refusals() -> Iterator[str]:
    """The messages of every refusal of the house."""
    for module in pkgutil.walk_packages(meetings.__path__, "meetings."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)
    yield from (family.message for family in families(Refused) if family.__module__.startswith("meetings."))


def families(family: type[Refused]) -> Iterator[type[Refused]]:
    """The refusal and everything below it."""
    yield family
    for below in family.__subclasses__():
        yield from families(below)


def marked() -> Iterator[str]:
    """Texts marked in templates and in code."""
    for file in sorted(HOUSE.glob("*/templates/*.html")):
        yield from _marked_in(file, "jinja2.ext:babel_extract")
    for file in sorted(HOUSE.rglob("*.py")):
        yield from _marked_in(file, "python")


def _marked_in(file: Path, method: str) -> Iterator[str]:
    for found in extract_from_file(method, file, keywords=_MARKS):
        yield str(found[1])


def from_rules() -> Iterator[str]:
    """Texts that pages take from pure files, which mark nothing."""
    yield from (choice.text for choice in Choice)
    yield from (reason.text for reason in Reason)
    yield from (step.value for step in Step)
    yield from titles.KINDS.values()
    yield from (wording.SUPPLEMENT_NOTICE, wording.SUPPLEMENT_LINK, wording.SUPPLEMENT_ALONE)
    yield from (wording.HYBRID_NOTICE, wording.HYBRID_COMES, wording.HYBRID_PHONE)
    yield from (receipts.HALL, receipts.PHONE, receipts.SUPPLEMENT, receipts.LATE)
    for state in AbsenceState:
        for reason in (None, *Reason):
            yield member_text(Absence(member="", state=state, reason=reason, asked=True))


def kept() -> Catalog:
    """The catalogue as it stands in the repository."""
    if not FILE.exists():
        return Catalog()
    with FILE.open("rb") as file:
        return read_po(file)


def refresh() -> None:
    """Write the catalogue anew."""
    before, after = kept(), Catalog()
    for text in texts():
        known = before.get(text)
        after.add(text, known.string if known is not None else "")
    FILE.parent.mkdir(parents=True, exist_ok=True)
    with FILE.open("wb") as file:
        write_po(file, after, width=0, omit_header=True)


if __name__ == "__main__":
    refresh()
