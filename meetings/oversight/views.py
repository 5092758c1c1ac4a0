"""Records of oversight turned into its JSON shapes."""

from __future__ import annotations

from meetings.attendance.handlers.roll import roster_notes_view
from meetings.convening.obligations import month_word
from meetings.db.types import load
from meetings.ledger.rules import Chain
from meetings.minutes.addenda_views import addendum_note
from meetings.oversight import evidence_shapes, shapes
from meetings.oversight.figures import rate_in
from meetings.oversight.rules import Rate
from meetings.oversight.service import (
    CellAudit,
    Installs,
    LedgerLook,
    MeetingEvidence,
    MemberLine,
    QuarterLook,
    SittingLook,
)
from meetings.oversight.store import LedgerLine

_SAME = (
    *("opened_at", "closed_at", "device_opened_at", "device_closed_at", "hall_present", "hall_required"),
    *("fulfils", "cell"),
)


def quarter_view(look: QuarterLook) -> shapes.QuarterView:
    """The whole report."""
    frozen = None if look.frozen is None else shapes.FrozenView.model_validate(look.frozen)
    since = [shapes.SinceView.model_validate(one) for one in look.since]
    return shapes.QuarterView.model_validate({**look.facts, "frozen": frozen, "since_frozen": since})


def installs_view(found: Installs) -> shapes.InstallsView:
    """Figures of today."""
    figures = found.figures
    return shapes.InstallsView(
        day=found.day,
        inside=figures.inside or 0,
        required=figures.required or 0,
        outside=figures.outside or 0,
        all_installed=figures.all_installed,
        all_members=figures.all_members,
        text=found.text,
    )


def evidence_view(found: MeetingEvidence) -> evidence_shapes.EvidenceView:
    """Everything about one sitting."""
    meeting = found.meeting
    late = meeting.entered_late_on
    heads, marked = found.head_count or (None, None)
    return evidence_shapes.EvidenceView(
        **{name: getattr(meeting, name) for name in _SAME},
        meeting=meeting.id,
        kind=meeting.kind.value,
        mode=meeting.mode.value,
        standing=meeting.standing.value,
        state=meeting.state.value,
        month=str(meeting.month),
        entered_late_on=late.isoformat() if late else None,
        rate=_rate(rate) if (rate := rate_in(meeting, found.figures)) else None,
        joined=found.figures.joined,
        head_count=heads,
        marked_then=marked,
        roll_confirmed=found.roll_confirmed,
        lines=[_line(line) for line in found.lines],
        roster_notes=roster_notes_view(found.roster_notes).notes,
        left_out=[evidence_shapes.LeftOutView.model_validate(one) for one in found.left_out],
        restatements=[shapes.RestatedView.model_validate(one) for one in found.restatements],
        evidence_hash=found.evidence_hash,
        photo_sha256=found.photo_sha256,
        cautions=list(found.cautions),
        minutes=evidence_shapes.PaperworkView.model_validate(found.paperwork),
        addenda=[addendum_note(one) for one in found.addenda],
        results=evidence_shapes.ResultsView.model_validate(found.results) if found.results else None,
        entries=[_entry(one) for one in found.entries],
        chain=_chain(found.chain),
        offline=evidence_shapes.OfflineView.model_validate(found.brought) if found.brought else None,
        score=evidence_shapes.EvidenceScoreView.model_validate(found.score) if found.score else None,
    )


def ledger_view(look: LedgerLook) -> evidence_shapes.LedgerView:
    """Entries and the chain."""
    return evidence_shapes.LedgerView(entries=[_entry(one) for one in look.lines], chain=_chain(look.chain))


def cell_view(found: CellAudit) -> evidence_shapes.CellAuditView:
    """A cell's year."""
    months = [
        evidence_shapes.AuditedMonthView(
            month=str(one.status.month),
            state=one.status.state.value,
            word=month_word(one.status.state),
            text=one.text,
            sittings=[_cell_sitting(look) for look in one.sittings],
        )
        for one in found.months
    ]
    return evidence_shapes.CellAuditView(cell=found.cell, name=found.name, months=months)


def _cell_sitting(look: SittingLook) -> evidence_shapes.CellSittingView:
    meeting, figures = look.meeting, look.figures
    rate = rate_in(meeting, figures) if figures else None
    late = meeting.entered_late_on
    same = ("starts_at", "opened_at", "fulfils", "hall_present", "hall_required")
    return evidence_shapes.CellSittingView(
        **{name: getattr(meeting, name) for name in same},
        meeting=meeting.id,
        kind=meeting.kind.value,
        mode=meeting.mode.value,
        standing=meeting.standing.value,
        state=meeting.state.value,
        entered_late_on=late.isoformat() if late else None,
        present=rate.part if rate else None,
        counted=rate.whole if rate else None,
        joined=figures.joined if figures else None,
        minutes=evidence_shapes.PaperworkView.model_validate(look.paperwork),
    )


def _rate(rate: Rate) -> shapes.RateView:
    return shapes.RateView(
        part=rate.part,
        whole=rate.whole,
        text=rate.text(),
        present=sorted(rate.present & rate.counted),
        counted=sorted(rate.counted),
    )


def _line(line: MemberLine) -> evidence_shapes.EvidenceLineView:
    return evidence_shapes.EvidenceLineView(
        member=line.member.id,
        full_name=line.member.full_name,
        category=line.member.category.value,
        channel=line.channel.value,
        late=line.late,
        left_early=line.left_early,
        hall=None if line.hall is None else evidence_shapes.SpanView.model_validate(line.hall),
        online=[evidence_shapes.SpanView.model_validate(one) for one in line.online],
        absence=None if line.absence is None else line.absence.value,
        disagreements=list(line.disagreements),
        sources=[evidence_shapes.SourceView.model_validate(one) for one in line.sources],
    )


def _entry(line: LedgerLine) -> evidence_shapes.EntryView:
    return evidence_shapes.EntryView(
        seq=line.seq,
        hash=line.hash,
        at=line.at,
        act=line.act,
        actor=line.actor,
        meeting=line.meeting,
        public=load(line.leaf)["p"],
    )


def _chain(chain: Chain) -> evidence_shapes.ChainView:
    broken = chain.broken
    return evidence_shapes.ChainView(
        valid=chain.valid,
        entries=chain.entries,
        head=chain.head,
        broken_at=broken.seq if broken else None,
        broken_how=broken.reason if broken else None,
    )
