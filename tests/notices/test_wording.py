"""Exact sentences, and texts that can be pasted as they are."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime

from meetings.kernel.months import Month
from meetings.notices import wording
from meetings.notices.wording import Call

START = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
REGULAR = Call(
    cell_name="Chi bộ thôn Mẫu",
    title="sinh hoạt chi bộ thường kỳ tháng 11/2026",
    starts_at=START,
    place="Nhà văn hóa thôn",
    month=Month(2026, 11),
    agenda=("Thông báo thời sự", "Thảo luận nghị quyết"),
)
HYBRID_TEXT = (
    "Buổi thường kỳ họp tại Nhà văn hóa thôn. Nếu dự qua điện thoại, đồng chí nghe và phát biểu được, "
    "nhưng không được tính là có mặt; ý kiến của đồng chí không tính vào kết quả biểu quyết tại hội trường. "
    "Đồng chí vẫn cần báo vắng và nêu lý do."
)
SUPPLEMENT_TEXT = (
    "BUỔI BỔ TRỢ. Buổi sinh hoạt này trên phần mềm chỉ có tính chất bổ trợ, không thay thế sinh hoạt chi bộ "
    "định kỳ (thường kỳ) và không được tính là buổi sinh hoạt thường kỳ tháng 11/2026."
)


def test_the_fixed_sentences_are_letter_for_letter() -> None:
    assert wording.supplement_notice(Month(2026, 11)) == SUPPLEMENT_TEXT
    assert wording.hybrid_notice("Nhà văn hóa thôn") == HYBRID_TEXT
    assert wording.supplement_link(date(2026, 11, 24)) == "Bổ trợ cho buổi thường kỳ ngày 24/11/2026."
    assert wording.supplement_link(None) == "Không gắn với buổi thường kỳ nào."


def test_a_regular_meeting_to_paste_into_zalo() -> None:
    assert wording.zalo_text(REGULAR) == (
        "Kính mời các đồng chí dự sinh hoạt chi bộ thường kỳ tháng 11/2026.\n"
        "Thời gian: 19 giờ 30, thứ Ba ngày 24/11/2026.\n"
        "Địa điểm: Nhà văn hóa thôn.\n"
        "Nội dung:\n"
        "1. Thông báo thời sự\n"
        "2. Thảo luận nghị quyết\n"
        "Đồng chí nào vắng, xin báo lý do trước với bí thư chi bộ.\n"
        "Chi bộ thôn Mẫu"
    )


def test_a_hybrid_says_what_the_phone_is_worth_and_asks_absence_once() -> None:
    text = wording.zalo_text(replace(REGULAR, hybrid=True))
    assert HYBRID_TEXT in text
    assert text.count("vắng") == 1


def test_a_supplement_says_what_it_is_and_what_it_goes_with() -> None:
    text = wording.zalo_text(replace(REGULAR, supplement=True, supplements_on=date(2026, 11, 24)))
    assert SUPPLEMENT_TEXT in text
    assert "Bổ trợ cho buổi thường kỳ ngày 24/11/2026." in text
    assert "Không gắn" in wording.zalo_text(replace(REGULAR, supplement=True))


def test_only_the_letter_names_its_reader() -> None:
    letter = wording.letter_text(REGULAR, "Lê Thị Mẫu Hoa")
    assert letter.startswith("Kính gửi đồng chí Lê Thị Mẫu Hoa,")
    assert "19 giờ 30, thứ Ba ngày 24/11/2026" in letter
    assert "Hoa" not in wording.zalo_text(REGULAR)


def test_the_overseer_is_told_and_not_asked_to_report_absence() -> None:
    text = wording.overseer_text(REGULAR)
    assert "Nhà văn hóa thôn" in text
    assert "vắng" not in text


def test_moved_and_cancelled() -> None:
    moved = wording.moved_text(REGULAR, datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
    assert "trước đây: 8 giờ, thứ Hai ngày 23/11/2026" in moved
    assert "19 giờ 30, thứ Ba ngày 24/11/2026" in moved
    assert wording.cancelled_text(REGULAR, "Bão") == (
        "Hủy sinh hoạt chi bộ thường kỳ tháng 11/2026 (19 giờ 30, thứ Ba ngày 24/11/2026). Lý do: Bão\n"
        "Chi bộ thôn Mẫu"
    )


def test_the_hour_is_the_cells_own() -> None:
    assert wording.spoken_time(START, "Europe/Paris") == "13 giờ 30, thứ Ba ngày 24/11/2026"
    assert (
        wording.spoken_time(datetime(2026, 11, 29, 0, 5, tzinfo=UTC)) == "7 giờ 05, Chủ nhật ngày 29/11/2026"
    )


def test_all_texts_are_composed() -> None:
    texts = [wording.zalo_text(replace(REGULAR, hybrid=True)), wording.supplement_notice(Month(2026, 11))]
    assert all(unicodedata.is_normalized("NFC", text) for text in texts)
