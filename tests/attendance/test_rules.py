"""Which evidence may be kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from meetings.attendance.rules import (
    BadEvidence,
    Evidence,
    EvidenceKind,
    Finding,
    Reason,
    Source,
    check_evidence,
)
from tests.cell_s import HALL, at, confirmed, corrected, evidence, joined, left, marked, scanned

ANN = HALL[0]


@pytest.mark.parametrize(
    "good",
    [
        joined(ANN, 1, "PA_1"),
        left(ANN, 2, "PA_1"),
        scanned(ANN, 1),
        marked(EvidenceKind.LATE, ANN, 1, 1),
        corrected(EvidenceKind.ABSENT, ANN, 1, 2),
        confirmed(1, 3),
        evidence(EvidenceKind.LISTED, 1, Source.POLL),
        evidence(EvidenceKind.ROOM_ENDED, 1, Source.WEBHOOK),
        evidence(EvidenceKind.SEEN, 1, Source.HEARTBEAT, who=ANN, sid="PA_1"),
    ],
    ids=lambda one: one.kind,
)
def test_what_each_source_may_say(good: Evidence) -> None:
    check_evidence(good)


@pytest.mark.parametrize(
    "bad",
    [
        evidence(EvidenceKind.PRESENT, 1, Source.WEBHOOK, who=ANN, sid="PA_1"),
        evidence(EvidenceKind.CONFIRMED, 1, Source.CORRECTION, sequence=1),
        evidence(EvidenceKind.JOINED, 1, Source.HALL_QR, who=ANN),
        evidence(EvidenceKind.JOINED, 1, Source.WEBHOOK, who=ANN),
        evidence(EvidenceKind.SCANNED, 1, Source.KIOSK),
        marked(EvidenceKind.PRESENT, ANN, 1, 0),
        replace(marked(EvidenceKind.PRESENT, ANN, 1, 1), by=None),
        replace(corrected(EvidenceKind.PRESENT, ANN, 1, 1), reason=None),
        replace(confirmed(1, 1), member=ANN),
        replace(
            evidence(EvidenceKind.SEEN, 1, Source.HEARTBEAT, who=ANN, sid="PA_1"),
            until=at(1) - timedelta(seconds=1),
        ),
    ],
)
def test_what_no_source_may_say(bad: Evidence) -> None:
    with pytest.raises(BadEvidence):
        check_evidence(bad)


def test_every_finding_and_reason_has_words() -> None:
    assert all(one.text for one in Finding)
    assert [one.text for one in Reason] == ["ốm đau", "công tác", "đi làm xa", "việc gia đình", "khác"]
