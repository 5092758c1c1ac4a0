"""One sitting's evidence as people read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from meetings.attendance.rules import AbsenceState, Channel, Evidence, EvidenceKind, Source
from meetings.committees.members import CountsAs
from meetings.committees.rules import Category
from meetings.convening.rosters import RosterNote
from meetings.convening.rules import Meeting, Mode, Standing
from meetings.kernel.ids import Id
from meetings.kernel.months import zone_of
from meetings.kernel.text import date_text, time_text
from meetings.minutes.results import Results, results_text
from meetings.offline.service import Brought
from meetings.oversight.acts import ACTS
from meetings.oversight.figures import rate_in
from meetings.oversight.service import MeetingEvidence, MemberLine
from meetings.oversight.tables import moment_text

_CATEGORIES = {
    Category.OFFICIAL: "chính thức",
    Category.PROBATIONARY: "dự bị",
    Category.TEMPORARY_ARRIVED: "sinh hoạt tạm thời tại đây",
    Category.TEMPORARY_AWAY: "sinh hoạt tạm thời nơi khác",
    Category.EXEMPT: "được miễn sinh hoạt",
    Category.SUSPENDED: "đang đình chỉ sinh hoạt",
}
_CHANNELS = {
    Channel.HALL: "tại hội trường",
    Channel.BOTH: "tại hội trường (có kết nối điện thoại)",
    Channel.ONLINE: "qua điện thoại (bổ trợ)",
}
_ABSENCES = {
    AbsenceState.EXCUSED: "vắng có lý do",
    AbsenceState.UNEXCUSED: "vắng không có lý do",
    AbsenceState.UNDECIDED: "vắng, chưa rõ lý do",
    AbsenceState.NOT_REQUIRED: "vắng, không phải nêu lý do",
}
_SOURCES = {
    Source.WEBHOOK: "phòng họp trực tuyến",
    Source.POLL: "danh sách phòng họp",
    Source.HEARTBEAT: "máy của đảng viên",
    Source.HALL_QR: "quét mã tại hội trường",
    Source.KIOSK: "máy điểm danh tại hội trường",
    Source.ROLL_CALL: "điểm danh",
    Source.CORRECTION: "sửa điểm danh",
}
_KINDS = {
    EvidenceKind.JOINED: "vào",
    EvidenceKind.LEFT: "ra",
    EvidenceKind.SEEN: "đang kết nối",
    EvidenceKind.SCANNED: "đã quét",
    EvidenceKind.PRESENT: "có mặt",
    EvidenceKind.ABSENT: "vắng mặt",
    EvidenceKind.LATE: "đến muộn",
    EvidenceKind.LEFT_EARLY: "về sớm",
}
_STANDINGS = {
    Standing.MANDATORY: "sinh hoạt thường kỳ",
    Standing.ADDITIONAL: "buổi họp khác, không thay sinh hoạt thường kỳ",
    Standing.SUPPLEMENT: "buổi bổ trợ, không thay sinh hoạt thường kỳ",
    Standing.NONE: "buổi tập",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class LineText:
    """One member's row."""

    name: str
    category: str
    where: str
    sources: tuple[str, ...]
    disagreements: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceText:
    """The whole page: facts as (label, text), members, further lists; `entries`: number, moment, source text of the
    act, hash; `papers`: kept scans as (what, address); `addenda` likewise, the address empty for who does not read the
    minutes."""

    cell: Id
    title: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[LineText, ...]
    left_out: tuple[str, ...]
    roster_notes: tuple[str, ...]
    restated: tuple[str, ...]
    entries: tuple[tuple[int, str, str, str], ...]
    papers: tuple[tuple[str, str], ...]
    addenda: tuple[tuple[str, str], ...]


def evidence_text(found: MeetingEvidence) -> EvidenceText:
    """Everything people read about one sitting."""
    meeting = found.meeting
    zone = zone_of(meeting.zone)
    owners = {line.member.person: line.member.full_name for line in found.lines}
    day = date_text((meeting.opened_at or meeting.starts_at).astimezone(zone).date())
    return EvidenceText(
        cell=meeting.cell,
        title=f"Căn cứ của buổi họp ngày {day}",
        facts=tuple(_facts(found, zone)),
        lines=tuple(_line(line, meeting, zone, owners) for line in found.lines),
        left_out=tuple(f"{one.full_name}: {one.reason}" for one in found.left_out),
        roster_notes=tuple(_noted(one) for one in found.roster_notes),
        restated=tuple(
            f"{moment_text(one.at)}: {one.what}: {one.before} → {one.after}. Lý do: {one.reason}"
            for one in found.restatements
        ),
        entries=tuple(
            (one.seq, moment_text(one.at), ACTS.get(one.act, one.act), one.hash[:16]) for one in found.entries
        ),
        papers=tuple(_papers(found)),
        addenda=tuple(
            (
                f"{one.beside.title}, ngày {one.beside.day}. {one.beside.said}",
                one.beside.address if found.reads_minutes else "",
            )
            for one in found.addenda
        ),
    )


def _noted(one: RosterNote) -> str:
    """What was written of a member's place in the cell, in the order in which it was."""
    said = [f"lúc kết thúc buổi họp: {_counted(one.at_close)}"]
    if (made := one.correction) is not None and made.at is not None:
        said.append(f"sửa {moment_text(made.at)}: {_counted(made.counts)}. Lý do: {made.reason}")
    if one.differs:
        said.append(f"nay ghi cho ngày họp: {_counted(one.known)}")
    return f"{one.full_name}: {'; '.join(said)}"


def _counted(counts: CountsAs | None) -> str:
    return _CATEGORIES[counts.category] if counts else "không có trong danh sách"


def _facts(found: MeetingEvidence, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    meeting = found.meeting
    yield "Tính chất", _STANDINGS[meeting.standing]
    if found.brought is not None:
        yield "Họp không có mạng", _brought(found.brought)
    yield "Giờ ghi trong biên bản", _span(meeting.opened_at, meeting.closed_at, zone) + _whose(found)
    yield "Giờ máy ghi nhận", _span(meeting.device_opened_at, meeting.device_closed_at, zone)
    yield from _attended(found)
    yield "Biên bản", _minutes(found)
    if found.results is not None:
        yield "Hạn kết quả", _results(found.results)
    yield "Nhật ký của chi bộ", _chain(found)
    yield "Mã căn cứ (SHA-256)", found.evidence_hash
    if found.score is not None:
        whose = found.score.set_by_name or "mặc định của phần mềm"
        yield "Chấm điểm", f"{found.score.total}/{found.score.of}, {found.score.rank} (tiêu chí: {whose})"
    if found.cautions:
        yield "Phần mềm đã lưu ý bí thư", " ".join(found.cautions)
    if meeting.entered_late_on is not None:
        yield "Ghi chú", f"nhập sau, ngày {date_text(meeting.entered_late_on)}"


def _attended(found: MeetingEvidence) -> Iterator[tuple[str, str]]:
    """A supplement has only those on the phone: it has no rate that could be taken for a meeting's."""
    meeting = found.meeting
    if (rate := rate_in(meeting, found.figures)) is not None:
        yield "Chính thức tại hội trường", f"{meeting.hall_present} (mức tối thiểu {meeting.hall_required})"
        yield "Tỷ lệ dự họp", rate.text()
    if found.head_count is not None:
        yield "Đếm trong hội trường", _heads(*found.head_count)
    if meeting.mode is not Mode.IN_PERSON:
        yield "Qua điện thoại (bổ trợ, không cộng)", str(found.figures.joined)


def _heads(heads: int, marked: int) -> str:
    same = "khớp với danh sách" if heads == marked else f"danh sách khi đó ghi {marked}"
    return f"{heads} đảng viên, {same}"


def _papers(found: MeetingEvidence) -> Iterator[tuple[str, str]]:
    base = f"/api/v1/meetings/{found.meeting.id}/papers"
    if found.photo_sha256:
        yield "Ảnh chụp biên bản giấy", f"{base}/{found.photo_sha256}"
    if found.paperwork.scan_sha256:
        yield "Bản chụp biên bản đã ký tay", f"{base}/{found.paperwork.scan_sha256}"


def _span(start: datetime | None, end: datetime | None, zone: ZoneInfo) -> str:
    return " – ".join(time_text(one, zone) if one else "chưa có" for one in (start, end))


def _whose(found: MeetingEvidence) -> str:
    return " (giờ của máy giữ buổi họp)" if found.brought else ""


def _brought(kept: Brought) -> str:
    looked = f"{kept.differences} chỗ khác đã được xem lại" if kept.differences else "không có chỗ khác"
    return (
        f"ghi trên máy tại hội trường; máy gửi lúc {moment_text(kept.sent_at)} (giờ của máy), nhận lúc"
        f" {moment_text(kept.at)}; {looked}; SHA-256 {kept.body_hash[:16]}…"
    )


def _minutes(found: MeetingEvidence) -> str:
    work = found.paperwork
    if work.ink_at is not None:
        return f"ký tay trên giấy, kèm bản chụp, {moment_text(work.ink_at)}"
    if work.signatures:
        return f"{len(work.signatures)}/2 chữ ký điện tử nội bộ"
    return "đã thông qua, chưa ký" if work.approved_at else "chưa có biên bản được thông qua"


def _results(results: Results) -> str:
    said = results_text(results)
    source = f" Căn cứ: {results.citation}." if results.citation else ""
    return f"{said[0].upper()}{said[1:]}.{source}"


def _chain(found: MeetingEvidence) -> str:
    if found.chain.broken is None:
        return f"chuỗi liên kết nguyên vẹn, {found.chain.entries} mục"
    return f"CHUỖI BỊ ĐỨT ở mục {found.chain.broken.seq}"


def _line(line: MemberLine, meeting: Meeting, zone: ZoneInfo, owners: Mapping[Id, str]) -> LineText:
    where = _CHANNELS.get(line.channel, "")
    absent = _ABSENCES[line.absence] if line.absence else ""
    if absent and meeting.standing is Standing.SUPPLEMENT:
        absent = "không dự"  # nobody is absent from what they need not come to
    suffixes = [word for word, true in (("đến muộn", line.late), ("về sớm", line.left_early)) if true]
    return LineText(
        name=line.member.full_name,
        category=_CATEGORIES[line.member.category],
        where="; ".join(part for part in (where, absent, *suffixes) if part),
        sources=tuple(_source(one, zone, owners) for one in line.sources),
        disagreements=line.disagreements,
    )


def _source(one: Evidence, zone: ZoneInfo, owners: Mapping[Id, str]) -> str:
    said = f"{_SOURCES[one.source]}: {_KINDS.get(one.kind, one.kind.value)} {time_text(one.at, zone)}"
    device = f", giờ máy {time_text(one.device_at, zone)}" if one.device_at else ""
    shared = one.source is Source.HALL_QR and one.by is not None
    whose = f", trên máy dùng chung của {owners.get(one.by or '', 'người khác')}" if shared else ""
    return f"{said}{whose}{device}, nhận lúc {time_text(one.received_at, zone)}"
