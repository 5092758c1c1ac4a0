"""Pure: what one look found, and how old things may become before somebody should do something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from meetings.kernel.months import DEFAULT_ZONE, zone_of
from meetings.kernel.text import date_text, time_text
from meetings.ledger.rules import LogState
from meetings.notices.rules import Waiting

BACKUP_AGE = timedelta(days=7)
WITNESS_AGE = timedelta(days=7)
LOG_LAG = timedelta(minutes=2)  # the sequencer runs every five seconds
NOTICE_LAG = timedelta(minutes=15)  # notices are sent every twenty seconds
SLOW = 0.5  # seconds for the database's answer to nothing at all


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What one look found: a stable name, whether it is well, and one line in both languages."""

    name: str
    ok: bool
    vi: str
    en: str


NO_DATABASE = Finding(
    name="database",
    ok=False,
    vi="Cơ sở dữ liệu không trả lời đúng hoặc thiếu chốt bảo vệ: hãy chạy chibo doctor trên máy chủ.",
    en="The database does not answer as it should, or lacks a guard: run chibo doctor on the server.",
)
EMBEDDED_AWAY = Finding(
    name="media",
    ok=False,
    vi="Máy chủ âm thanh không chạy; máy tự thử lại, họp vẫn được. Nếu lâu: hãy chạy chibo doctor trên máy chủ.",
    en="The media server is not running; it is tried again. If it lasts: run chibo doctor on the server.",
)
LIVEKIT_AWAY = Finding(
    name="media",
    ok=False,
    vi="Máy chủ LiveKit không trả lời: hãy kiểm tra livekit.url, livekit.api_key và khóa bí mật.",
    en="The LiveKit server does not answer: check livekit.url, livekit.api_key and the secret.",
)
NO_NETWORK = Finding(
    name="media",
    ok=False,
    vi="Máy chưa nối mạng nào nên phòng họp không có âm thanh: hãy bật Wi-Fi hoặc cắm dây mạng.",
    en="No network interface is up, so rooms have no sound: switch on Wi-Fi or plug in a cable.",
)
SOUND = Finding(name="media", ok=True, vi="Máy chủ âm thanh trả lời.", en="The media server answers.")


def database_finding(kind: str, seconds: float) -> Finding:
    """How fast the database answered; its guards are all there."""
    ok, ms = seconds < SLOW, round(seconds * 1000)
    return Finding(
        name="database",
        ok=ok,
        vi=f"{kind} trả lời trong {ms} ms, đủ các chốt bảo vệ."
        + ("" if ok else " Chậm: hãy xem máy có đang quá tải không."),
        en=f"{kind} answers in {ms} ms, with all its guards."
        + ("" if ok else " Slow: see whether the machine is overloaded."),
    )


def notices_finding(queue: Waiting, now: datetime) -> Finding:
    """Whether what is due goes out."""
    if not queue.sends:
        return Finding(
            name="notices",
            ok=True,
            vi="Tin báo hiện trên trang đầu của từng người; phần mềm không gửi ra ngoài.",
            en="Notices are shown on everybody's first page; nothing is sent outside.",
        )
    late = queue.since is not None and now - queue.since > NOTICE_LAG
    facts = (
        f"{queue.count} tin báo đang chờ gửi, {queue.given_up} tin không gửi được.",
        f"{queue.count} notices wait to be sent, {queue.given_up} could not be sent.",
    )
    if late or queue.given_up:
        return Finding(
            name="notices",
            ok=False,
            vi=f"{facts[0]} Hãy kiểm tra kênh gửi tin; báo những người đó bằng điện thoại.",
            en=f"{facts[1]} Check the channel that sends; tell those people by telephone.",
        )
    return Finding(name="notices", ok=True, vi=facts[0], en=facts[1])


def log_finding(log: LogState, now: datetime) -> Finding:
    """Whether the common log keeps up with the cells' ledgers. `now`: domain time, as the entries' own."""
    late = log.since is not None and now - log.since > LOG_LAG
    if late:
        return Finding(
            name="log",
            ok=False,
            vi=f"Sổ ghi chung chậm: {log.waiting} mục chờ ghi. Hãy khởi động lại phần mềm; nếu vẫn chậm, báo cấp trên.",
            en=f"The common log lags: {log.waiting} entries wait. Start chibo again; if it lasts, tell your superiors.",
        )
    return Finding(
        name="log",
        ok=True,
        vi=f"Sổ ghi chung theo kịp ({log.waiting} mục đang chờ).",
        en=f"The common log keeps up ({log.waiting} entries wait).",
    )


def witness_finding(log: LogState, witnesses: int, real_now: datetime) -> Finding:
    """When somebody outside last countersigned the log."""
    if not witnesses:
        return Finding(
            name="witness",
            ok=True,
            vi="Chưa có cấp ủy nào làm chứng cho sổ ghi chung (log.witnesses trống).",
            en="No committee witnesses the common log (log.witnesses is empty).",
        )
    if log.seen_at is None or (_behind(log) and real_now - log.seen_at > WITNESS_AGE):
        return Finding(
            name="witness",
            ok=False,
            vi=f"Nơi làm chứng ký lần cuối: {_when(log.seen_at)[0]}. Hãy nhắc cấp ủy chạy chibo witness.",
            en=f"Last countersigned: {_when(log.seen_at)[1]}. Ask the committee to run chibo witness.",
        )
    vi, en = _when(log.seen_at)
    return Finding(
        name="witness", ok=True, vi=f"Nơi làm chứng ký lần cuối: {vi}.", en=f"Last countersigned: {en}."
    )


def _behind(log: LogState) -> bool:
    """Whether the log signed anything after the witness did."""
    return log.signed_at is not None and log.seen_at is not None and log.signed_at > log.seen_at


def backup_finding(made_at: datetime | None, real_now: datetime) -> Finding:
    """How old the newest backup is that was made on this machine."""
    vi, en = _when(made_at)
    if made_at is None or real_now - made_at > BACKUP_AGE:
        return Finding(
            name="backup",
            ok=False,
            vi=f"Bản sao lưu gần nhất trên máy này: {vi}. Hãy chạy chibo backup và cất bản sao ở nơi khác.",
            en=f"Newest backup made on this machine: {en}. Run chibo backup and keep the file elsewhere.",
        )
    return Finding(
        name="backup",
        ok=True,
        vi=f"Bản sao lưu gần nhất trên máy này: {vi}.",
        en=f"Newest backup made on this machine: {en}.",
    )


def _when(moment: datetime | None) -> tuple[str, str]:
    if moment is None:
        return "chưa có lần nào", "never"
    zone = zone_of(DEFAULT_ZONE)
    said = f"{time_text(moment, zone)} {date_text(moment.astimezone(zone).date())}"
    return said, said


def worst_first(found: list[Finding]) -> list[Finding]:
    """What needs somebody comes first; otherwise as it was looked at."""
    return sorted(found, key=lambda one: one.ok)
