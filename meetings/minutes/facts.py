"""Minutes to canonical JSON, and what must hold between their facts. Pure; the way back is in reading.py."""

from __future__ import annotations

import base64
from dataclasses import asdict

from meetings.convening.rules import Kind, Mode, Standing
from meetings.convening.verdict import VerdictInSupplement, has_verdict
from meetings.kernel.canonical import Json, canonical, digest
from meetings.kernel.errors import Conflict
from meetings.minutes.records import FORMAT, Minutes, MinutesFacts, VoteFacts


class ContradictoryFacts(Conflict):
    """Facts that cannot be true together, named by `what`; nothing may be written from them."""

    code = "contradictory-facts"
    message = "Số liệu của biên bản mâu thuẫn với nhau ({what})."


def to_json(minutes: Minutes) -> Json:
    """The JSON value; facts and the recorder's words in their own parts."""
    return {"format": FORMAT, **asdict(minutes)}


def to_bytes(minutes: Minutes) -> bytes:
    """The canonical bytes that are hashed, attached and logged. Raises ValueError for text not in NFC."""
    return canonical(to_json(minutes))


def minutes_hash(minutes: Minutes) -> str:
    """SHA-256 of the canonical bytes, in hex."""
    return digest(to_json(minutes))


def verification_code(hash_hex: str) -> str:
    """The short code people compare by eye: the first 80 bits of the hash, as XXXX-XXXX-XXXX-XXXX."""
    short = base64.b32encode(bytes.fromhex(hash_hex)[:10]).decode("ascii")
    return "-".join(short[start : start + 4] for start in range(0, 16, 4))


def check(minutes: Minutes) -> None:
    """Refuse what must never be printed. Raises ContradictoryFacts, VerdictInSupplement."""
    _check_sitting(minutes.facts)
    _check_people(minutes.facts)
    for item in minutes.facts.items:
        for vote in item.votes:
            _check_vote(vote, minutes.facts.supplement)
    if minutes.facts.supplement:
        _check_no_verdict(minutes)


def _check_sitting(facts: MinutesFacts) -> None:
    sitting = facts.sitting
    _must((sitting.kind is Kind.PRACTICE) == facts.practice, "buổi tập")
    _must(facts.practice or (sitting.mode is Mode.ONLINE) == facts.supplement, "buổi bổ trợ")
    if sitting.standing is Standing.MANDATORY:
        _must(sitting.kind in {Kind.REGULAR, Kind.REGULAR_WITH_THEMATIC}, "loại buổi")
    minimum = facts.attendance.minimum
    enough = minimum is not None and minimum.present >= minimum.required >= 1
    _must(
        not sitting.fulfils_obligation or (sitting.standing is Standing.MANDATORY and enough),
        "hoàn thành tháng",
    )
    opened, closed = sitting.opened.utc, sitting.closed.utc
    _must(opened <= closed, "giờ họp")
    _must(sitting.approved is None or opened <= sitting.approved.utc <= closed, "giờ thông qua biên bản")
    _must(sitting.fixed is None or closed <= sitting.fixed.utc, "giờ chốt bản in")


def _check_people(facts: MinutesFacts) -> None:
    """Who listens by phone in a hybrid sitting is also absent; nobody is in two places."""
    seen = facts.attendance
    hall = {one.member for one in seen.hall}
    phone = {one.member for one in seen.by_phone}
    absent = {one.member for one in seen.absent}
    _must(not hall & (phone | absent), "có mặt")
    if facts.sitting.mode is Mode.HYBRID:
        _must(phone == {one.member for one in seen.absent if one.by_phone}, "dự qua điện thoại")
    _must(not (facts.supplement and hall), "hội trường")


def _check_vote(vote: VoteFacts, supplement: bool) -> None:
    decided = vote.counted is not None or vote.passed is not None or vote.base is not None
    if supplement and decided:
        raise VerdictInSupplement
    _must(vote.passed is None or vote.counted is not None, "biểu quyết")


def _check_no_verdict(minutes: Minutes) -> None:
    words = [*minutes.texts.values()]
    for item in minutes.facts.items:
        words += [item.title, item.conclusion]
        words += [text for vote in item.votes for text in (vote.question, vote.explanation, *vote.reserved)]
        words += [*item.reserved, item.draft]
        words += [text for one in item.motions for text in (one.words, one.reason, one.outcome)]
    words += [task.title for task in minutes.facts.tasks]
    words += [text for one in minutes.facts.looked_back for text in (one.title, one.note)]
    if any(has_verdict(text) for text in words):
        raise VerdictInSupplement


def _must(holds: bool, what: str) -> None:
    if not holds:
        raise ContradictoryFacts(what=what)
