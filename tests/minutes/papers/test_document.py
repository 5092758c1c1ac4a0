"""The wording of the other papers (domain.md 2.5, 4.2-4.4; rules.md 1.3, 6.1, 6.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from meetings.convening.rules import Kind, Mode
from meetings.minutes.blocks import (
    Check,
    Document,
    Ending,
    Header,
    Heading,
    NewPage,
    Notice,
    Paragraph,
    Sheets,
    Signatories,
    Slips,
    Table,
    Title,
)
from meetings.minutes.papers.document import compose
from meetings.minutes.papers.records import AnyPaper
from meetings.notices.wording import hybrid_notice
from tests.minutes.papers.samples import (
    MAKERS,
    attendance,
    convocation,
    counting,
    election,
    even_ballots,
    excerpt,
    person_ballots,
    question_ballots,
    rehearsed,
    resolution,
    surplus_ballots,
)
from tests.minutes.sittings import HALL, TEXTS, supplement


def said(made: AnyPaper) -> list[str]:
    """Paragraphs, notices and headings as people read them."""
    blocks = compose(made).blocks
    return [
        "".join(run.text for run in block.runs) if isinstance(block, Paragraph) else block.text
        for block in blocks
        if isinstance(block, Paragraph | Notice | Heading)
    ]


def slips(made: AnyPaper) -> Slips:
    (found,) = compose(made).blocks
    assert isinstance(found, Slips)
    return found


def titles(document: Document) -> list[Title]:
    return [block for block in document.blocks if isinstance(block, Title)]


def table(made: AnyPaper, caption: str) -> Table:
    (found,) = [b for b in compose(made).blocks if isinstance(b, Table) and b.caption == caption]
    return found


def test_a_question_is_answered_in_a_box() -> None:
    slip = slips(question_ballots())
    assert (slip.copies, slip.boxes, slip.title.name) == (14, ("Đồng ý", "Không đồng ý"), "PHIẾU BIỂU QUYẾT")
    assert slip.lines == (question_ballots().question,)
    assert slip.stamp == "(đóng dấu: Đảng ủy xã Tân Sương)"
    assert compose(question_ballots()).sheets is Sheets.CUT
    about = slips(person_ballots())
    assert (about.head, about.lines) == ("Họ và tên", ("Lường Thị Mẫu",))
    assert about.title.subject.startswith("Đề nghị kết nạp vào Đảng (ngày ")


def test_names_without_a_surplus_have_boxes_and_with_one_are_crossed_out() -> None:
    assert slips(even_ballots()).boxes == ("Đồng ý", "Không đồng ý")
    crossed = slips(surplus_ballots())
    assert (crossed.boxes, crossed.lines) == ((), tuple(HALL[:4]))
    assert "để lại nhiều nhất 3 tên" in crossed.notes[0]
    assert crossed.title.subject == "Bầu chi ủy chi bộ (bầu 3 đồng chí)"


def test_a_cell_without_a_superior_uses_its_own_seal() -> None:
    made = question_ballots()
    alone = replace(
        made, paper=replace(made.paper, organisation=replace(made.paper.organisation, superior=""))
    )
    assert slips(alone).stamp == "(đóng dấu: Chi bộ thôn Nà Mây)"


def test_the_protocol_shows_its_arithmetic() -> None:
    rows = {row[0]: row[1:] for row in table(counting(), "Số phiếu").rows}
    assert rows["Phiếu thu về"] == ("14", "14 − 14 = 0 phiếu không thu về")
    assert rows["Phiếu không hợp lệ"] == ("1", "13 + 1 = 14 phiếu thu về")
    assert rows["Phiếu trắng (trong số hợp lệ)"] == ("0", "13 − 0 = 13 phiếu có đánh dấu")
    (row,) = table(counting(), "Kết quả từng dòng").rows
    assert row[2:] == ("13", "0", "0", "13 + 0 + 0 = 13", "13/19 = 68,42\u00a0%")
    assert "Kết luận: được thông qua." in said(counting())
    assert counting().explanation in said(counting())


def test_an_election_says_who_is_elected_and_who_is_tied() -> None:
    rows = table(election(), "Kết quả từng dòng").rows
    assert [row[1] for row in rows] == HALL[:4]
    assert rows[2][5] == "10 + 3 + 0 = 13"
    assert (
        "Kết luận: trúng cử 2/3: Ma Văn Thịnh, Hoàng Thị Nụ. "
        "Bằng phiếu ở vị trí cuối: Lý Quốc Khánh, Nông Văn Ửng."
    ) in said(election())


@pytest.mark.parametrize(
    ("passed", "words"),
    [(False, "Kết luận: không được thông qua."), (None, "Chỉ lấy ý kiến, không quyết định.")],
)
def test_what_did_not_pass_says_so(passed: bool | None, words: str) -> None:
    assert words in said(replace(counting(), passed=passed))


def test_the_whole_board_signs() -> None:
    (signed,) = [block for block in compose(counting()).blocks if isinstance(block, Signatories)]
    assert signed.heading == "BAN KIỂM PHIẾU"
    assert [who.name for who in signed.people] == [one.name for one in counting().board]
    assert [who.field for who in signed.people] == ["KiemPhieu1", "KiemPhieu2", "KiemPhieu3"]


def test_a_resolution_opens_with_all_counts_and_never_adds_phones() -> None:
    opening = said(resolution())[0]
    assert "Tổng số đảng viên: 28 đồng chí: chính thức 19, dự bị 2" in opening
    assert "có mặt tại hội trường 16 đồng chí, vắng 7 đồng chí (có lý do 6, không có lý do 1)" in opening
    assert "4 đồng chí trong số vắng dự qua điện thoại (bổ trợ), không tính có mặt" in opening
    assert "Đảng phí: đã nộp 21/22 đồng chí." in opening
    assert "20 đồng chí" not in opening


def test_a_resolution_has_its_words_its_vote_and_its_recipients() -> None:
    document = compose(resolution())
    headings = [block.text for block in document.blocks if isinstance(block, Heading)]
    assert headings[0] == "I. Đánh giá kết quả tháng 10/2026"
    assert len(headings) == 3
    vote = next(each for each in said(resolution()) if each.startswith("Biểu quyết:"))
    assert "12/20 đồng chí tán thành, đạt 60,00 % số đảng viên làm căn cứ tính" in vote
    assert vote.endswith("không tán thành 1, không có ý kiến 1, vắng mặt 6.")
    (ending,) = [block for block in document.blocks if isinstance(block, Ending)]
    assert (ending.signatory.powers, ending.signatory.position) == ("T/M CHI BỘ", "BÍ THƯ")
    assert ending.recipients[-1] == "Lưu chi bộ"
    (head,) = [block for block in document.blocks if isinstance(block, Header)]
    assert head.number == "Số 05-NQ/CB"


def test_an_excerpt_holds_its_item_and_nothing_of_the_others() -> None:
    words = " ".join(said(excerpt(position=1)))
    assert all(line in words for line in next(iter(TEXTS.values())).split("\n"))
    assert "nghị quyết tháng" not in words
    assert "Trích nguyên văn nội dung thứ 1 của biên bản đã chốt lúc 21:11 ngày 24/11/2026" in words
    assert "nghị quyết tháng" in " ".join(said(excerpt(position=2)))


def test_an_excerpt_of_a_supplement_warns_and_has_no_verdict() -> None:
    words = said(excerpt(supplement()))
    assert words[0].startswith("BUỔI BỔ TRỢ.")
    assert not any("thông qua" in each.casefold() for each in words)


def test_the_attendance_list_keeps_hall_phone_and_absent_apart() -> None:
    tables = {b.caption: len(b.rows) for b in compose(attendance()).blocks if isinstance(b, Table)}
    assert tables == {
        "Danh sách có mặt tại hội trường": 16,
        "Danh sách dự qua điện thoại (bổ trợ), không tính có mặt": 4,
        "Danh sách vắng mặt": 7,
    }
    assert not any("20 đồng chí" in each for each in said(attendance()))


def test_a_list_before_approval_says_so() -> None:
    assert any("chưa được chốt" in each for each in said(replace(attendance(), minutes="")))
    assert not any("chưa được chốt" in each for each in said(attendance()))


def test_every_letter_begins_its_own_page_and_names_one_comrade() -> None:
    document = compose(convocation())
    assert document.sheets is Sheets.LOOSE
    assert sum(isinstance(block, NewPage) for block in document.blocks) == 1
    assert len(titles(document)) == 2
    words = said(convocation())
    assert [each for each in words if each.startswith("Kính gửi")] == [
        f"Kính gửi: đồng chí {name}" for name in convocation().people
    ]


def test_letters_carry_the_notices_of_their_sitting() -> None:
    assert hybrid_notice("Nhà văn hóa thôn Nà Mây") in said(convocation())
    online = said(convocation(Mode.ONLINE))
    assert online[0].startswith("BUỔI BỔ TRỢ.")
    assert online[0].endswith("không được tính là buổi sinh hoạt thường kỳ tháng 11/2026.")
    assert online[1] == "Bổ trợ cho buổi thường kỳ ngày 24/11/2026."
    assert not any("báo lý do" in each for each in online)
    assert "Đồng chí nào vắng, xin báo lý do trước với bí thư chi bộ." in said(convocation(Mode.IN_PERSON))
    assert "Không gắn với buổi thường kỳ nào." in said(replace(convocation(Mode.ONLINE), supplements_on=None))


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())
def test_a_rehearsal_is_marked_on_every_paper(make: Callable[[], AnyPaper]) -> None:
    document = compose(rehearsed(make()))
    assert document.watermark == "BUỔI TẬP"
    assert "đồng hồ trình diễn" in document.footer
    assert compose(make()).watermark == ""


def test_the_code_is_that_of_the_facts() -> None:
    (first,) = [block for block in compose(counting()).blocks if isinstance(block, Check)]
    (other,) = [
        block for block in compose(replace(counting(), place="Nhà bà Nụ")).blocks if isinstance(block, Check)
    ]
    assert (first.attachment, first.paper) == ("van-ban.json", "biên bản kiểm phiếu")
    assert first.hash != other.hash
    assert first.code in first.payload


def test_a_sitting_of_another_kind_is_named_by_its_day() -> None:
    words = said(replace(counting(), kind=Kind.EXTRAORDINARY))
    assert any("sinh hoạt chi bộ bất thường ngày 24/11/2026" in each for each in words)
