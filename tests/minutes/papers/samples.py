"""Invented papers of cell S from which every test of papers starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from meetings.convening.rules import Kind, Mode, Standing
from meetings.kernel.ids import derived_id
from meetings.minutes.facts import minutes_hash
from meetings.minutes.papers.corrections import Correction, Remark, Stated
from meetings.minutes.papers.records import (
    Addendum,
    AnyPaper,
    AttendanceList,
    Ballots,
    Convocation,
    CountedLine,
    Counting,
    Excerpt,
    Paper,
    Resolution,
)
from meetings.minutes.records import Minutes, Officer
from tests.minutes.sittings import HALL, PHONE, VOTE, at, hybrid, supplement

TEXT = """I. Đánh giá kết quả tháng 10/2026
Chi bộ hoàn thành 5/6 nhiệm vụ; nhiệm vụ rà soát hộ cần giúp ngày công chuyển sang tháng 11.
II. Phương hướng tháng 11/2026
a) Vận động các hộ làm xong vụ đông trước ngày 20/12/2026.
b) Giúp hai hộ neo đơn thu hoạch; giá giống < 20.000 đồng & đủ hạt.
III. Tổ chức thực hiện
Đồng chí Đặng Hữu Ẩn rà soát danh sách, báo cáo tại buổi sinh hoạt tháng 12."""
EXPLANATION = (
    "Số đảng viên làm căn cứ tính: 19, gồm 23 đảng viên chính thức được triệu tập, trừ 2 đồng chí đang sinh hoạt "
    "tạm thời nơi khác vắng mặt và 2 đồng chí được miễn sinh hoạt vắng mặt. Cần ít nhất 13 tán thành (ít nhất hai "
    "phần ba). Kết quả: tán thành 13, phiếu không hợp lệ 1, vắng mặt 5. Đề nghị kết nạp được thông qua."
)


def paper(minutes: Minutes | None = None, number: str = "") -> Paper:
    facts = (minutes or hybrid()).facts
    return Paper(
        organisation=facts.organisation,
        day="24/11/2026",
        standing=facts.sitting.standing,
        authority="T/M CHI BỘ",
        signer=facts.chair,
        number=number,
        ledger=facts.head,
        demonstration_clock=facts.demonstration_clock,
    )


def question_ballots(copies: int = 14) -> Ballots:
    question = "Đề nghị kết nạp quần chúng Lường Thị Mẫu vào Đảng"
    return Ballots(paper=paper(), vote=derived_id("kn"), question=question, copies=copies)


def person_ballots() -> Ballots:
    """A question about one person, who is the only line."""
    return replace(question_ballots(), question="Đề nghị kết nạp vào Đảng", names=("Lường Thị Mẫu",))


def even_ballots() -> Ballots:
    """As many names as seats: boxes."""
    return replace(question_ballots(), question="Bầu chi ủy chi bộ", names=tuple(HALL[:3]), seats=3)


def surplus_ballots() -> Ballots:
    """One name more than seats: crossing out."""
    return replace(even_ballots(), names=tuple(HALL[:4]))


def teller(name: str) -> Officer:
    return Officer(member=derived_id(name), name=name, position="Ban kiểm phiếu")


def counting() -> Counting:
    """An admission on paper."""
    return Counting(
        paper=paper(number="07-BB/CB"),
        vote=derived_id("kn"),
        question="Đề nghị kết nạp quần chúng Lường Thị Mẫu vào Đảng",
        kind=Kind.REGULAR,
        month="2026-11",
        place="Nhà văn hóa thôn Nà Mây",
        opened=at(60),
        closed=at(82),
        base=19,
        entitled=14,
        needed=13,
        issued=14,
        returned=14,
        valid=13,
        invalid=1,
        blank=0,
        lines=(CountedLine(name="Lường Thị Mẫu", in_favour=13, against=0),),
        person="Lường Thị Mẫu",
        board=tuple(map(teller, ("Nông Văn Ửng", "Bùi Thị Ỡm", "Chu Văn Ruộng"))),
        explanation=EXPLANATION,
        passed=True,
    )


def election() -> Counting:
    """Four names for three seats, one tied away."""
    lines = tuple(
        CountedLine(name=name, in_favour=yes, against=13 - yes, elected=yes > 10, tied=yes == 10)
        for name, yes in zip(HALL[:4], (13, 12, 10, 10), strict=True)
    )
    return replace(
        counting(),
        question="Bầu chi ủy chi bộ nhiệm kỳ 2025–2030",
        needed=10,
        lines=lines,
        passed=None,
        round=1,
        seats=3,
        explanation="Cần ít nhất 10 phiếu đồng ý cho mỗi đồng chí (quá một nửa). Vòng 1: trúng cử 2/3.",
    )


def resolution() -> Resolution:
    facts = hybrid().facts
    return Resolution(
        paper=paper(number="05-NQ/CB"),
        minutes=minutes_hash(hybrid()),
        sitting=facts.sitting,
        chair=facts.chair,
        recorder=facts.recorder,
        attendance=facts.attendance,
        vote=VOTE,
        text=TEXT,
        recipients=("Đảng ủy xã Tân Sương (để báo cáo)", "Cấp ủy viên phụ trách chi bộ"),
        fees=facts.fees,
    )


def excerpt(minutes: Minutes | None = None, position: int = 2) -> Excerpt:
    whole = minutes or hybrid()
    facts = whole.facts
    item = facts.items[position - 1]
    return Excerpt(
        paper=paper(whole),
        minutes=minutes_hash(whole),
        sitting=facts.sitting,
        chair=facts.chair,
        recorder=facts.recorder,
        there=len(facts.attendance.hall) or len(facts.attendance.by_phone),
        position=position,
        item=item,
        text=whole.texts.get(item.id, ""),
    )


def attendance(minutes: Minutes | None = None) -> AttendanceList:
    whole = minutes or hybrid()
    facts = whole.facts
    return AttendanceList(
        paper=paper(whole),
        minutes=minutes_hash(whole),
        sitting=facts.sitting,
        chair=facts.chair,
        recorder=facts.recorder,
        attendance=facts.attendance,
    )


def convocation(mode: Mode = Mode.HYBRID) -> Convocation:
    online = mode is Mode.ONLINE
    base = replace(paper(supplement() if online else None), number="" if online else "09-GM/CB")
    return Convocation(
        paper=base,
        meeting=derived_id("november"),
        kind=Kind.ONLINE_SESSION if online else Kind.REGULAR,
        mode=mode,
        month="2026-11",
        title="sinh hoạt bổ trợ trực tuyến tháng 11/2026"
        if online
        else "sinh hoạt chi bộ thường kỳ tháng 11/2026",
        when="19 giờ 30, thứ Ba ngày 24/11/2026",
        place="Phòng họp trên phần mềm" if online else "Nhà văn hóa thôn Nà Mây",
        agenda=("Thông tin thời sự, văn bản mới", "Thảo luận và biểu quyết nghị quyết tháng"),
        people=(HALL[1], PHONE[0]),
        supplements_on="24/11/2026" if online else None,
    )


def addendum(minutes: Minutes | None = None) -> Addendum:
    """Of the second item, with a remark on the place."""
    whole = minutes or hybrid()
    facts = whole.facts
    item = facts.items[-1]
    corrected = Correction(
        item=item.id,
        position=len(facts.items),
        title=item.title,
        was=whole.texts.get(item.id, ""),
        now="Đồng chí Lý Quốc Khánh nêu 5 hộ cần giúp ngày công.\nĐồng chí Bùi Thị Ỡm nhận giúp 2 hộ < 3 & 4.",
    )
    return Addendum(
        paper=replace(paper(whole, number="01-PL/CB"), day="27/11/2026"),
        minutes=minutes_hash(whole),
        file="ab" * 32,
        minutes_number=facts.layout.number,
        sitting=facts.sitting,
        chair=facts.chair,
        recorder=facts.recorder,
        corrections=(corrected,),
        remarks=(
            Remark(part=Stated.OPENING, text="Tên đầy đủ của địa điểm: Nhà văn hóa thôn Nà Mây Thượng."),
        ),
        reason="Ghi nhầm số hộ cần giúp",
        found_by="Đồng chí Đặng Hữu Ẩn",
    )


MAKERS: dict[str, Callable[[], AnyPaper]] = {
    "question-ballots": question_ballots,
    "person-ballots": person_ballots,
    "even-ballots": even_ballots,
    "surplus-ballots": surplus_ballots,
    "counting": counting,
    "election": election,
    "resolution": resolution,
    "excerpt": excerpt,
    "excerpt-of-words": lambda: excerpt(position=1),
    "attendance": attendance,
    "attendance-online": lambda: attendance(supplement()),
    "convocation": convocation,
    "convocation-online": lambda: convocation(Mode.ONLINE),
    "convocation-hall": lambda: convocation(Mode.IN_PERSON),
    "addendum": addendum,
    "addendum-supplement": lambda: addendum(supplement()),
}


def with_name(made: AnyPaper, name: str) -> AnyPaper:
    """The same paper with that name in it, as the signer and wherever this paper prints names."""
    signer = Officer(member=derived_id(name), name=name, position="Bí thư chi bộ")
    base = replace(made.paper, signer=signer)
    match made:
        case Ballots():
            return replace(made, names=(name, *made.names), seats=(made.seats or 0) + 1)
        case Counting():
            return replace(made, board=(teller(name), *made.board))
        case Resolution() | Excerpt() | AttendanceList():
            return replace(made, paper=base, recorder=signer, chair=signer)
        case Convocation():
            return replace(made, paper=base, people=(name,))
        case Addendum():
            return replace(made, recorder=signer, chair=signer, found_by=name)


def rehearsed(made: AnyPaper) -> AnyPaper:
    if isinstance(made, Addendum):
        made = replace(made, sitting=replace(made.sitting, standing=Standing.NONE))
    return replace(made, paper=replace(made.paper, standing=Standing.NONE, demonstration_clock=True))
