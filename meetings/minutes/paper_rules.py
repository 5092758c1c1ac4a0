"""The rules for papers beside the minutes by data, pages and log, whether they are signed by keys or by hand."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader

from meetings.minutes.log_proof import KnownPapers
from meetings.minutes.nine_rules import proven
from meetings.minutes.papers.facts import to_bytes
from meetings.minutes.papers.reading import from_json
from meetings.minutes.papers.records import Addendum, AnyPaper, AttendanceList, Ballots, Convocation, Excerpt
from meetings.minutes.papers.titles import title_in
from meetings.minutes.reading import from_json as minutes_from_json
from meetings.minutes.records import Minutes
from meetings.minutes.sameness import same_paper
from meetings.minutes.verification import RuleResult, failed, not_applied, passed

_BY_HAND = "Tệp không mang chữ ký; chữ ký tay, nếu có, xem ở bản giấy."


def carries_signatures(pdf: bytes) -> bool:
    """Whether the file has any signature. Raises whatever pyHanko raises on a broken file."""
    return bool(list(PdfFileReader(io.BytesIO(pdf)).embedded_signatures))


def of_signatures(number: int) -> RuleResult:
    """Rules 1 to 6 are about signatures in the file."""
    return not_applied(number, _BY_HAND)


def in_the_log(data: bytes, known: KnownPapers | None) -> RuleResult:
    """Rule 7: what the paper rests on stands in the log, with a proof to a witnessed checkpoint."""
    if known is None:
        return not_applied(7, "Chưa có sổ ghi để đối chiếu.")
    resting = rests_on(data, known)
    if resting is None:
        return not_applied(7, "Văn bản này không có mục riêng trong sổ ghi.")
    act, digest = resting

    def is_it(entry: Mapping[str, Any]) -> bool:
        return bool(entry["act"] == act and entry["p"].get("data") == digest)

    return proven(known.proofs.get(digest), is_it, "Văn bản")


def as_recorded(data: bytes, known: KnownPapers | None) -> RuleResult:
    """Rule 8: the data are those of an issued paper, of one copy of it, or what the approved minutes state."""
    paper = from_json(data)
    if known is None:
        return not_applied(8, "Dữ liệu đúng dạng chuẩn; chưa có sổ ghi để đối chiếu.")
    resting = rests_on(data, known)
    if resting is None and _never_recorded(paper):
        return not_applied(8, "Văn bản này chưa được ban hành, nên không có gì trong sổ để đối chiếu.")
    if resting is None:
        return failed(8, "Văn bản này không có trong sổ ghi, hoặc nội dung khác với điều đã ghi.")
    if isinstance(paper, Addendum):
        return _beside_minutes(paper, known)
    if isinstance(paper, Excerpt | AttendanceList):
        return _of_minutes(paper, resting[0], known)
    return passed(8, "Đúng văn bản đã ban hành, có trong sổ ghi.")


def _of_minutes(paper: Excerpt | AttendanceList, act: str, known: KnownPapers) -> RuleResult:
    """What was issued of minutes says what they say; an exported log has only its own hash."""
    if act == "minutes.approve":
        return passed(8, "Nội dung đúng như biên bản đã thông qua, biên bản ấy có trong sổ ghi.")
    if known.minutes is None:
        return passed(8, "Đúng văn bản đã lập, có trong sổ ghi.")
    if _states(paper, known.minutes):
        return passed(8, "Đúng văn bản đã lập, có trong sổ ghi; nội dung đúng như biên bản đã thông qua.")
    return failed(8, "Văn bản không khớp với biên bản đã ghi trong sổ.")


def _beside_minutes(addendum: Addendum, known: KnownPapers) -> RuleResult:
    """An addendum quotes the very minutes that are approved here; an exported log has only its own hash."""
    if known.minutes is None:
        return passed(8, "Đúng phụ lục đã lập, có trong sổ ghi.")
    minutes = minutes_from_json(known.minutes)
    facts = minutes.facts
    same = sha256(known.minutes).hexdigest() == addendum.minutes and (
        (facts.sitting, facts.chair, facts.recorder) == (addendum.sitting, addendum.chair, addendum.recorder)
    )
    if same and all(minutes.texts.get(one.item, "") == one.was for one in addendum.corrections):
        return passed(8, "Đúng phụ lục đã lập, có trong sổ ghi; lời trích đúng như biên bản gốc.")
    return failed(8, "Phụ lục không khớp với biên bản gốc đã ghi trong sổ.")


def _never_recorded(paper: AnyPaper) -> bool:
    """Ballots, and letters and lists that were printed before there was anything to rest on."""
    match paper:
        case Ballots():
            return True
        case Convocation():
            return not paper.paper.number
        case AttendanceList():
            return not paper.minutes
        case _:
            return False


def rests_on(data: bytes, known: KnownPapers) -> tuple[str, str] | None:
    """(act, SHA-256 of its data) of the entry that this paper rests on; None where it rests on none."""
    digest = sha256(data).hexdigest()
    if digest in known.hashes:
        return "papers.issue", digest
    paper = from_json(data)
    for one in known.issued:
        if isinstance(paper, Convocation) and _is_copy(paper, from_json(one)):
            return "papers.issue", sha256(one).hexdigest()
    if known.minutes and isinstance(paper, Excerpt | AttendanceList) and _states(paper, known.minutes):
        return "minutes.approve", paper.minutes
    return None


def _is_copy(letter: Convocation, issued: AnyPaper) -> bool:
    """A letter to some of those to whom the issued one went."""
    if not isinstance(issued, Convocation) or not set(letter.people) <= set(issued.people):
        return False
    return to_bytes(replace(letter, people=issued.people)) == to_bytes(issued)


def _states(paper: Excerpt | AttendanceList, approved: bytes) -> bool:
    """Whether the paper says what the approved minutes say. Who signs it by hand is not judged."""
    minutes = minutes_from_json(approved)
    facts, head = minutes.facts, paper.paper
    same = (
        sha256(approved).hexdigest() == paper.minutes
        and (facts.sitting, facts.chair, facts.recorder) == (paper.sitting, paper.chair, paper.recorder)
        and (facts.organisation, facts.sitting.opened.day) == (head.organisation, head.day)
        and (facts.sitting.standing, facts.demonstration_clock) == (head.standing, head.demonstration_clock)
        and not head.number
    )
    if isinstance(paper, AttendanceList):
        return same and paper.attendance == facts.attendance
    return same and _is_item(paper, minutes)


def _is_item(excerpt: Excerpt, minutes: Minutes) -> bool:
    seen, items = minutes.facts.attendance, minutes.facts.items
    there = len(seen.hall or seen.by_phone)
    return (
        0 < excerpt.position <= len(items)
        and items[excerpt.position - 1] == excerpt.item
        and (excerpt.text, excerpt.there) == (minutes.texts.get(excerpt.item.id, ""), there)
    )


def pages_match(pdf: bytes, data: bytes) -> RuleResult:
    """Rule 9: as of minutes."""
    if same_paper(pdf, data):
        return passed(9, "In lại từ dữ liệu đính kèm được đúng những trang này.")
    return failed(9, "Chữ trên trang không khớp với dữ liệu đính kèm.")


def title_of(data: bytes) -> str:
    """What the paper is, with its number."""
    return title_in(from_json(data))
