"""How the pages say things, in the language of one request."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from aiohttp import web
from babel.dates import format_date

from meetings.attendance.leave import member_text
from meetings.attendance.rules import Absence, Reason
from meetings.committees.members import CountsAs
from meetings.committees.rules import Category, Leaving
from meetings.convening.rules import AnySitting, Kind, Meeting, Mode, Standing, State
from meetings.convening.titles import KINDS
from meetings.http.language import language_of, source, translator
from meetings.kernel.errors import Refused
from meetings.kernel.months import Quarter, zone_of
from meetings.kernel.text import date_text, time_text
from meetings.minutes.results import Results
from meetings.notices.rules import RingReason
from meetings.notices.wording import HYBRID_NOTICE, SUPPLEMENT_NOTICE, WEEKDAYS
from meetings.sitting.rules import Step
from meetings.voting.rules import Choice, DecisionKind, Form
from meetings.voting.subjects import FORMS
from meetings.voting.subjects import KINDS as DECISIONS

# What a membership counts for (domain.md 2.1), said to the member.
COUNTS_FOR = {
    Category.OFFICIAL: source("Đảng viên chính thức: được tính dự họp và biểu quyết ở đây."),
    Category.PROBATIONARY: source("Đảng viên dự bị: được tính dự họp ở đây, chưa biểu quyết."),
    Category.TEMPORARY_ARRIVED: source(
        "Sinh hoạt tạm thời ở đây: được tính dự họp, biểu quyết ở chi bộ chính thức của mình."
    ),
    Category.TEMPORARY_AWAY: source(
        "Đang sinh hoạt tạm thời nơi khác: vắng ở đây thì không tính, về dự thì được tính và biểu quyết."
    ),
    Category.EXEMPT: source("Được miễn sinh hoạt: dự khi có thể, không tính vào tỷ lệ dự họp."),
    Category.SUSPENDED: source("Đang đình chỉ sinh hoạt: tạm thời chưa dự họp."),
}
STATES = {
    State.DRAFT: source("Chưa báo họp"),
    State.CONVENED: source("Sắp họp"),
    State.OPEN: source("Đang họp"),
    State.CLOSED: source("Đã họp"),
    State.MINUTED: source("Đã có biên bản"),
    State.SIGNED: source("Đã ký biên bản"),
    State.CANCELLED: source("Đã hủy"),
}
LEAVINGS = {
    Leaving.TRANSFERRED: source("chuyển sinh hoạt đến nơi khác"),
    Leaving.TEMPORARY_OVER: source("hết thời hạn sinh hoạt tạm thời"),
    Leaving.DIED: source("từ trần"),
    Leaving.RESIGNED: source("xin ra khỏi Đảng"),
    Leaving.STRUCK_OFF: source("xóa tên trong danh sách đảng viên"),
    Leaving.EXPELLED: source("khai trừ khỏi Đảng"),
}
NOT_ON_ROSTER = source("không có trong danh sách")
CATEGORIES = {
    Category.OFFICIAL: source("chính thức"),
    Category.PROBATIONARY: source("dự bị"),
    Category.TEMPORARY_ARRIVED: source("sinh hoạt tạm thời ở đây"),
    Category.TEMPORARY_AWAY: source("sinh hoạt tạm thời nơi khác"),
    Category.EXEMPT: source("được miễn sinh hoạt"),
    Category.SUSPENDED: source("đang đình chỉ sinh hoạt"),
}
KIND_HINTS = {
    Kind.REGULAR: source("Buổi hằng tháng, ít nhất 90 phút."),
    Kind.REGULAR_WITH_THEMATIC: source("Tính cho tháng và cho chuyên đề của quý, ít nhất 120 phút."),
    Kind.ONLINE_SESSION: source("Chỉ bổ trợ, không thay buổi thường kỳ."),
    Kind.PRACTICE: source("Chỉ để làm quen, không tính vào đâu cả."),
}
JOINING = {
    Mode.IN_PERSON: source("Họp trực tiếp, không dự qua điện thoại"),
    Mode.HYBRID: source("Họp trực tiếp; ai vắng thì dự được qua điện thoại (bổ trợ)"),
    Mode.ONLINE: source("Dự qua điện thoại (bổ trợ)"),
}
RINGS = {
    RingReason.NO_SMARTPHONE: source("không dùng điện thoại thông minh"),
    RingReason.NO_ACCOUNT: source("chưa mở đường dẫn của mình"),
}
STEPS = tuple(Step)
_ROMAN = ("I", "II", "III", "IV")


class Words:
    """`say` translates a Vietnamese source text."""

    def __init__(self, request: web.Request) -> None:
        self.language = language_of(request)
        self.say = translator(request)

    def day(self, sitting: AnySitting) -> str:
        """Thứ Ba ngày 24 tháng 11, for people of that zone."""
        local = day_of(sitting)
        if self.language == "en":
            return format_date(local, "EEEE d MMMM", locale="en_GB")
        weekday = WEEKDAYS[local.weekday()]
        return f"{weekday} ngày {local.day} tháng {local.month}"

    def leaf(self, sitting: AnySitting) -> tuple[str, int, str]:
        """The leaf of a tear-off calendar: weekday, day, month."""
        local = day_of(sitting)
        if self.language == "en":
            return (
                format_date(local, "EEE", locale="en_GB"),
                local.day,
                format_date(local, "MMMM", locale="en_GB"),
            )
        weekday = WEEKDAYS[local.weekday()]
        return weekday[0].upper() + weekday[1:], local.day, f"tháng {local.month}"

    def near(self, sitting: AnySitting, now: datetime) -> str:
        """Hôm nay, ngày mai, or nothing."""
        days = (day_of(sitting) - now.astimezone(zone_of(sitting.zone)).date()).days
        return {0: self.say("hôm nay"), 1: self.say("ngày mai")}.get(days, "")

    def days_left(self, sitting: AnySitting, now: datetime) -> str:
        """How long until a sitting that is still to come; nothing on its day."""
        days = (day_of(sitting) - now.astimezone(zone_of(sitting.zone)).date()).days
        return self.say("Còn {days} ngày").format(days=days) if days > 0 else ""

    def time(self, moment: datetime, sitting: AnySitting) -> str:
        """19:30, local."""
        return time_text(moment, zone_of(sitting.zone))

    def standing(self, sitting: AnySitting) -> str:
        """What it is, in words; a supplement never looks like a meeting of the month."""
        kind = Kind.ONLINE_SESSION if is_supplement(sitting) else sitting.kind
        return self.say(KINDS[kind])

    def joining(self, sitting: AnySitting) -> str:
        """Whether one may take part by phone, and what that is worth."""
        return self.say(JOINING[sitting.mode])

    def category(self, category: Category) -> str:
        """What a member is, in a list."""
        return self.say(CATEGORIES[category])

    def counted(self, counts: CountsAs | None) -> str:
        """As what a sitting counts somebody; None: they are not on its roster."""
        return self.say(CATEGORIES[counts.category] if counts else NOT_ON_ROSTER)

    def leaving(self, reason: Leaving) -> str:
        """Why somebody left the cell."""
        return self.say(LEAVINGS[reason])

    def day_of_moment(self, moment: datetime, sitting: AnySitting) -> str:
        """24/11/2026, where the sitting is held."""
        return date_text(moment.astimezone(zone_of(sitting.zone)).date())

    def plain_day(self, day: date) -> str:
        """24/11/2026."""
        return date_text(day)

    def clock_day(self, sitting: AnySitting) -> str:
        """19:30 ngày 24/11/2026, for paper."""
        return f"{self.time(sitting.starts_at, sitting)} ngày {date_text(day_of(sitting))}"

    def kind(self, kind: Kind) -> str:
        """A kind of sitting, as one chooses it."""
        return self.say(KINDS[kind])

    def kind_hint(self, kind: Kind) -> str:
        """What choosing it means; nothing for most."""
        return self.say(KIND_HINTS[kind]) if kind in KIND_HINTS else ""

    def ring(self, reason: RingReason) -> str:
        """Why somebody should be rung up."""
        return self.say(RINGS[reason])

    def state(self, sitting: AnySitting) -> str:
        """Where it stands, in words."""
        return self.say(STATES[sitting.state])

    def counts_for(self, category: Category) -> str:
        """What a membership counts for."""
        return self.say(COUNTS_FOR[category])

    def supplement_notice(self, sitting: AnySitting) -> str:
        """rules.md 6.1."""
        return self.say(SUPPLEMENT_NOTICE).format(month=sitting.month.spoken())

    def hybrid_notice(self, sitting: AnySitting) -> str:
        """rules.md 6.2."""
        return self.say(HYBRID_NOTICE).format(place=sitting.place)

    def see_you(self, sitting: AnySitting) -> str:
        """To who said that they will come."""
        text = self.say(
            "Hẹn gặp đồng chí tại {place}, {time}, {day}. Có mặt được ghi khi điểm danh tại hội trường."
        )
        when = {"time": self.time(sitting.starts_at, sitting), "day": self.day(sitting)}
        return text.format(place=sitting.place, **when)

    def answered_before(self, sitting: AnySitting, start: datetime | None, absence: Absence | None) -> str:
        """To who said that they will come (for `start`), or asked leave, before the sitting was moved, and has not
        answered since; else empty."""
        leave = absence.asked_before if absence else None
        if (asked := leave or start) is None or (absence and absence.asked):
            return ""
        text = self.say("Đồng chí đã báo sẽ đến vào {time}, {day}. Giờ họp đã đổi, xin đồng chí trả lời lại.")
        if leave:
            text = self.say(
                "Đồng chí đã xin vắng buổi {time}, {day}. Giờ họp đã đổi, xin đồng chí trả lời lại."
            )
        old = replace(sitting, starts_at=asked)
        return text.format(time=self.time(asked, old), day=self.day(old))

    def absence(self, absence: Absence | None) -> str:
        """rules.md 6.6, to the member; empty where nothing was asked or decided."""
        text = member_text(absence) if absence else ""
        return self.say(text) if text else ""

    def reason(self, reason: Reason) -> str:
        """A short choice, as a button reads it."""
        text = self.say(reason.text)
        return text[0].upper() + text[1:]

    def decision(self, kind: DecisionKind) -> str:
        """What is put to the vote."""
        return DECISIONS[kind][1 if self.language == "en" else 0]

    def form(self, form: Form) -> str:
        """How it is voted on, with a capital letter."""
        text = FORMS[form][1 if self.language == "en" else 0]
        return text[0].upper() + text[1:]

    def refusal(self, refusal: Refused) -> str:
        """What stands in the way."""
        return self.say(type(refusal).message).format(**refusal.facts)

    def choice(self, choice: Choice) -> str:
        """As on the buttons."""
        return self.say(choice.text)

    def results(self, results: Results) -> str:
        """By when the results of a sitting are due, or how late they are; calm."""
        last = date_text(results.last_day)
        if results.done_on is not None and results.late:
            done = date_text(results.done_on)
            said = self.say("Kết quả xong ngày {done}, chậm {days} ngày so với hạn (hết ngày {last}).")
            return said.format(done=done, days=results.late, last=last)
        if results.done_on is not None:
            return self.say("Kết quả xong ngày {done}, đúng hạn.").format(done=date_text(results.done_on))
        if results.late:
            said = self.say("Kết quả đã quá hạn {days} ngày (hạn: hết ngày {last}). Ký xong sớm thì tốt.")
            return said.format(days=results.late, last=last)
        said = self.say("Kết quả cần xong trong {within} ngày: ký xong biên bản trước hết ngày {last}.")
        return said.format(within=results.within, last=last)

    def quarter(self, quarter: Quarter) -> str:
        """Quý IV/2026."""
        if self.language == "en":
            return f"Q{quarter.number} {quarter.year}"
        return f"Quý {_ROMAN[quarter.number - 1]}/{quarter.year}"


def day_of(sitting: AnySitting) -> date:
    """The planned local day."""
    return sitting.starts_at.astimezone(zone_of(sitting.zone)).date()


def is_supplement(sitting: AnySitting) -> bool:
    """Whether it is an online supplement."""
    return isinstance(sitting, Meeting) and sitting.standing is Standing.SUPPLEMENT


def is_practice(sitting: AnySitting) -> bool:
    """Whether it is a practice, which counts for nothing."""
    return not isinstance(sitting, Meeting)


def asks_hybrid(sitting: AnySitting) -> bool:
    """Whether people choose between the hall and the leave question."""
    return sitting.mode is Mode.HYBRID and sitting.state in {State.CONVENED, State.OPEN}
