"""Invented sittings (cell S of rules.md 7) from which every test of the minutes starts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from meetings.committees.rules import Category
from meetings.convening.rules import Kind, Mode, Standing
from meetings.kernel.ids import derived_id
from meetings.kernel.text import name_key
from meetings.minutes.records import (
    Absentee,
    Attendance,
    Attendee,
    Guest,
    Head,
    ItemFacts,
    Layout,
    Minimum,
    Minutes,
    MinutesFacts,
    Moment,
    Officer,
    Organisation,
    Share,
    Sitting,
    Supplemented,
    Tally,
    Task,
    VoteFacts,
    moment_of,
)

START = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
HALL = [
    "Ma Văn Thịnh",
    "Hoàng Thị Nụ",
    "Lý Quốc Khánh",
    "Nông Văn Ửng",
    "Triệu Thị Ưởng",
    "Đặng Hữu Ẩn",
    "Bùi Thị Ỡm",
    "Quách Văn Đỗ",
    "Lò Thị Ngoãn",
    "Vàng A Của",
    "Phùng Thị Mỵ",
    "Tẩn Văn Sỹ",
    "Giàng Thị Ỵ",
    "Chu Văn Ruộng",
    "Đèo Thị Quỳnh",
    "Sầm Văn Nghĩa",
]
PHONE = ["Hà Thị Xuyến", "Lục Văn Ỏn", "Tô Thị Vượng", "Mùa A Sếnh"]


def at(minutes: int) -> Moment:
    return moment_of(START + timedelta(minutes=minutes))


def people(names: list[str], categories: list[Category]) -> tuple[Attendee, ...]:
    made = [
        Attendee(member=derived_id(name), name=name, category=category)
        for name, category in zip(names, categories, strict=True)
    ]
    return tuple(sorted(made, key=lambda one: name_key(one.name)))


def absent(name: str, reason: str, *, excused: bool = True, by_phone: bool = False) -> Absentee:
    return Absentee(member=derived_id(name), name=name, excused=excused, reason=reason, by_phone=by_phone)


EXPLANATION = (
    "Số đảng viên làm căn cứ tính: 20, gồm 24 đảng viên chính thức được triệu tập, trừ 2 đồng chí đang "
    "sinh hoạt tạm thời nơi khác vắng mặt và 2 đồng chí được miễn sinh hoạt vắng mặt. 6 đồng chí vắng mặt "
    "khác (kể cả 3 đồng chí dự qua điện thoại) vẫn được tính. Cần ít nhất 11 tán thành (quá một nửa). Kết "
    "quả: tán thành 12, không tán thành 1, không có ý kiến 1, vắng mặt 6. Nghị quyết được thông qua. Căn "
    "cứ: 294-QĐ/TW ngày 26/05/2025."
)
VOTE = VoteFacts(
    id=derived_id("vote"),
    question="Dự thảo nghị quyết sinh hoạt tháng 11/2026",
    form="giơ tay tại hội trường",
    explanation=EXPLANATION,
    base=20,
    needed=11,
    counted=Tally(favour=12, against=1, abstain=1),
    absent=6,
    passed=True,
    opinions=Tally(favour=3, against=0, abstain=0),
    devices=Tally(favour=11, against=1, abstain=1),
    late=1,
)
ITEMS = (
    ItemFacts(
        id=derived_id("news"),
        title="Thông tin thời sự, văn bản mới",
        planned=15,
        presenter="Ma Văn Thịnh",
        started=at(5),
        ended=at(21),
        speakers=("Hoàng Thị Nụ", "Lý Quốc Khánh"),
        conclusion="Chi bộ nắm rõ nội dung.",
    ),
    ItemFacts(
        id=derived_id("resolution"),
        title="Thảo luận và biểu quyết nghị quyết tháng",
        planned=40,
        presenter="Lý Quốc Khánh",
        started=at(21),
        ended=at(70),
        votes=(VOTE,),
    ),
)
OFFICIAL, PROBATIONARY = Category.OFFICIAL, Category.PROBATIONARY
ROLL = {
    "official": 19,
    "probationary": 2,
    "temporary_arrived": 1,
    "temporary_away": 2,
    "exempt": 3,
    "suspended": 1,
}
TEXTS = {
    ITEMS[0].id: "Đồng chí Nụ đề nghị phổ biến thêm về vụ đông.\n"
    "Đồng chí Khánh trả lời: giá giống < 20.000 đồng & đủ hạt."
}


def november() -> Sitting:
    return Sitting(
        id=derived_id("november"),
        kind=Kind.REGULAR,
        mode=Mode.HYBRID,
        standing=Standing.MANDATORY,
        month="2026-11",
        quarter="2026-Q4",
        place="Nhà văn hóa thôn Nà Mây",
        planned=at(0),
        opened=at(2),
        closed=at(97),
        device_opened=at(2),
        device_closed=at(98),
        minutes=95,
        fulfils_obligation=True,
        approved=at(94),
        fixed=at(101),
    )


def hybrid_attendance() -> Attendance:
    ill = [absent("Ngô Thị Ửu", "ốm đau"), absent("Vi Văn Ổn", "công tác")]
    far = [absent(name, "đi làm xa", by_phone=True) for name in PHONE]
    none = [absent("Đinh Văn Ất", "", excused=False)]
    return Attendance(
        roll=ROLL,
        hall=people(HALL, [OFFICIAL] * 13 + [PROBATIONARY, Category.TEMPORARY_ARRIVED, Category.EXEMPT]),
        by_phone=people(PHONE, [OFFICIAL] * 3 + [PROBATIONARY]),
        absent=tuple(sorted([*ill, *far, *none], key=lambda one: name_key(one.name))),
        away_absent=2,
        exempt_absent=2,
        rate=Share(part=15, whole=22),
        minimum=Minimum(present=14, required=11, set_by="Đảng ủy xã Tân Sương"),
    )


def hybrid() -> Minutes:
    """November, mandatory: 16 in the hall, 4 on the phone."""
    facts = MinutesFacts(
        organisation=Organisation(
            cell="Chi bộ thôn Nà Mây", superior="Đảng ủy xã Tân Sương", locality="Tân Sương"
        ),
        sitting=november(),
        chair=Officer(member=derived_id(HALL[0]), name=HALL[0], position="Bí thư chi bộ"),
        recorder=Officer(member=derived_id(HALL[1]), name=HALL[1], position="Chi ủy viên"),
        attendance=hybrid_attendance(),
        head=Head(seq=214, hash="9f" * 32),
        guests=(Guest(name="Âu Thị Diễm", title="Đảng ủy viên phụ trách"),),
        fees=Share(part=21, whole=22),
        items=ITEMS,
        tasks=(Task(title="Rà soát hộ cần giúp ngày công", assignee="Đặng Hữu Ẩn", due="15/12/2026"),),
        sources={"opening": (derived_id("open"),)},
        layout=Layout(recipients=("Đảng ủy xã Tân Sương (để báo cáo)", "Cấp ủy viên phụ trách chi bộ")),
    )
    return Minutes(facts=facts, texts=TEXTS)


def supplement() -> Minutes:
    """Online, twelve people, opinions only."""
    facts = hybrid().facts
    asked = VoteFacts(
        id=VOTE.id,
        question="Kế hoạch giúp nhau ngày công",
        form="trả lời trên điện thoại",
        opinions=Tally(favour=9, against=1, abstain=2),
        late=1,
    )
    sitting = replace(
        facts.sitting,
        kind=Kind.ONLINE_SESSION,
        mode=Mode.ONLINE,
        standing=Standing.SUPPLEMENT,
        fulfils_obligation=False,
        place="Phòng họp trên phần mềm",
        supplements=Supplemented(meeting=derived_id("november"), day="24/11/2026"),
    )
    seen = Attendance(roll=ROLL, by_phone=people(HALL[:12], [OFFICIAL] * 12))
    items = (facts.items[0], replace(facts.items[1], title="Lấy ý kiến về kế hoạch", votes=(asked,)))
    return Minutes(facts=replace(facts, sitting=sitting, attendance=seen, items=items, fees=None, tasks=()))


def extraordinary() -> Minutes:
    """In person, held on paper and entered afterwards."""
    facts = hybrid().facts
    sitting = replace(
        facts.sitting,
        kind=Kind.EXTRAORDINARY,
        mode=Mode.IN_PERSON,
        standing=Standing.ADDITIONAL,
        fulfils_obligation=False,
        entered_late_on="28/11/2026",
    )
    seen = replace(facts.attendance, by_phone=(), minimum=None, absent=(absent("Ngô Thị Ửu", "ốm đau"),))
    return Minutes(facts=replace(facts, sitting=sitting, attendance=seen))


def practice() -> Minutes:
    """A rehearsal under a demonstration clock."""
    facts = hybrid().facts
    sitting = replace(facts.sitting, kind=Kind.PRACTICE, standing=Standing.NONE, fulfils_obligation=False)
    seen = replace(facts.attendance, minimum=None)
    return Minutes(facts=replace(facts, sitting=sitting, attendance=seen, demonstration_clock=True))
