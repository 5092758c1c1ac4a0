"""The wording of the paper (rules.md 1.3, 3, 6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from meetings.committees.rules import Category
from meetings.convening.rules import Kind
from meetings.minutes.blocks import Closing, Document, Header, Notice, Paragraph, Table, Title
from meetings.minutes.document import compose
from meetings.minutes.facts import ContradictoryFacts
from meetings.minutes.people import CATEGORY_NAMES
from meetings.minutes.records import Layout, Minimum, Minutes, Officer, Tally
from tests.minutes.sittings import EXPLANATION, PHONE, VOTE, extraordinary, hybrid, practice, supplement


def lines(minutes: Minutes) -> list[str]:
    """Paragraphs and notices as people read them."""
    return [_text(block) for block in compose(minutes).blocks if isinstance(block, Paragraph | Notice)]


def _text(block: Paragraph | Notice) -> str:
    return block.text if isinstance(block, Notice) else "".join(run.text for run in block.runs)


def line(minutes: Minutes, start: str) -> str:
    (found,) = [each for each in lines(minutes) if each.startswith(start)]
    return found


def one(document: Document, kind: type[Title] | type[Header] | type[Closing]) -> object:
    (found,) = [block for block in document.blocks if isinstance(block, kind)]
    return found


def with_below_minimum(minutes: Minutes, set_by: str) -> Minutes:
    facts = minutes.facts
    sitting = replace(facts.sitting, fulfils_obligation=False)
    seen = replace(facts.attendance, minimum=Minimum(present=9, required=11, set_by=set_by))
    return replace(minutes, facts=replace(facts, sitting=sitting, attendance=seen))


def test_a_supplement_says_what_it_is() -> None:
    document = compose(supplement())
    assert one(document, Title) == Title(
        name="BIÊN BẢN", subject="buổi sinh hoạt bổ trợ trực tuyến ngày 24/11/2026"
    )
    assert lines(supplement())[0] == (
        "BUỔI BỔ TRỢ. Buổi sinh hoạt này trên phần mềm chỉ có tính chất bổ trợ, không thay thế "
        "sinh hoạt chi bộ định kỳ (thường kỳ) và không được tính là buổi sinh hoạt thường kỳ tháng 11/2026."
    )
    assert lines(supplement())[1] == "Bổ trợ cho buổi thường kỳ ngày 24/11/2026."


def test_a_supplement_to_nothing_says_so() -> None:
    facts = supplement().facts
    alone = Minutes(facts=replace(facts, sitting=replace(facts.sitting, supplements=None)))
    assert "Không gắn với buổi thường kỳ nào." in lines(alone)


def test_a_supplement_never_says_passed() -> None:
    said = " ".join(lines(supplement())).casefold()
    assert "thông qua" not in said
    assert "ý kiến qua điện thoại: tán thành 9, không tán thành 1, không có ý kiến 2." in said
    assert "căn cứ tính" not in said


def test_a_hybrid_keeps_two_lists_and_never_adds_them() -> None:
    said = lines(hybrid())
    assert line(hybrid(), "Có mặt tại hội trường:").startswith("Có mặt tại hội trường: 16 đồng chí")
    phone = line(hybrid(), "Dự qua điện thoại (bổ trợ):")
    assert phone.startswith("Dự qua điện thoại (bổ trợ): 4 đồng chí: ")
    among_absent = line(hybrid(), "Vắng mặt tại hội trường, dự qua điện thoại (bổ trợ):")
    assert all(name in phone and name in among_absent for name in PHONE)
    assert line(hybrid(), "Vắng mặt: ") == "Vắng mặt: 7 đồng chí."
    assert not any("20 đồng chí" in each for each in said)


def test_the_absent_stand_by_name_and_reason() -> None:
    assert line(hybrid(), "Có lý do:") == "Có lý do: 2 đồng chí: Vi Văn Ổn (công tác); Ngô Thị Ửu (ốm đau)."
    assert line(hybrid(), "Không có lý do:") == "Không có lý do: 1 đồng chí: Đinh Văn Ất."


def test_the_rate_shows_both_sets() -> None:
    assert line(hybrid(), "Tỷ lệ") == "Tỷ lệ dự sinh hoạt: 15/22 (68,18 %)."


def test_the_hands_decide_and_phones_and_devices_stand_beside() -> None:
    said = lines(hybrid())
    assert EXPLANATION in said
    assert "Kết luận: được thông qua." in said
    assert "Kết quả tại hội trường: tán thành 12, không tán thành 1, không có ý kiến 1, vắng mặt 6." in said
    assert line(hybrid(), "Ý kiến qua điện thoại:") == (
        "Ý kiến qua điện thoại: tán thành 3, không tán thành 0, không có ý kiến 0. "
        "Ghi riêng, không tính vào kết quả."
    )
    assert line(hybrid(), "Trả lời trên máy").endswith(
        "chênh lệch so với kết quả tại hội trường: tán thành −1."
    )
    assert "Ý kiến đến muộn, không được tính: 1." in said
    assert not any("tán thành 15" in each or "tán thành 23" in each for each in said)


def test_where_no_device_answered_nothing_is_compared() -> None:
    facts = hybrid().facts
    alone = replace(VOTE, devices=Tally(favour=0, against=0, abstain=0))
    items = (replace(facts.items[0], votes=(alone,)),)
    said = lines(Minutes(facts=replace(facts, items=items)))
    assert not [each for each in said if "trên máy" in each or "chênh lệch" in each]


def test_a_vote_that_failed_says_so() -> None:
    facts = hybrid().facts
    lost = replace(VOTE, passed=False, explanation="", devices=None)
    items = (replace(facts.items[0], votes=(lost,)),)
    assert "Kết luận: không được thông qua." in lines(Minutes(facts=replace(facts, items=items)))


@pytest.mark.parametrize(
    ("set_by", "source"),
    [
        ("Đảng ủy xã Tân Sương", "Mức này do Đảng ủy xã Tân Sương quy định."),
        ("", "Mức này là mặc định của phần mềm."),
    ],
)
def test_below_the_minimum_in_the_exact_words(set_by: str, source: str) -> None:
    assert line(with_below_minimum(hybrid(), set_by), "Đã họp trực tiếp") == (
        "Đã họp trực tiếp ngày 24/11/2026, nhưng số đảng viên chính thức tại hội trường (9) thấp hơn "
        "mức tối thiểu (11). Buổi họp được lưu đầy đủ; "
        "tháng 11 chưa được tính là hoàn thành sinh hoạt thường kỳ. " + source
    )


def test_a_minimum_says_nothing_of_a_sitting_that_no_month_asks_for() -> None:
    facts = extraordinary().facts
    seen = replace(facts.attendance, minimum=Minimum(present=9, required=11))
    assert lines(Minutes(facts=replace(facts, attendance=seen))) == lines(extraordinary())


def test_a_reserved_opinion_stands_by_name() -> None:
    facts = hybrid().facts
    items = (replace(facts.items[0], votes=(replace(VOTE, reserved=("Vàng A Của",)),)),)
    assert "Bảo lưu ý kiến: Vàng A Của." in lines(Minutes(facts=replace(facts, items=items)))


def test_a_held_month_is_said() -> None:
    said = line(hybrid(), "Buổi họp được tính là buổi sinh hoạt thường kỳ tháng 11/2026")
    assert "14 đảng viên chính thức tại hội trường, mức tối thiểu 11" in said


def test_entered_afterwards_is_said_for_ever() -> None:
    assert lines(extraordinary())[0] == "Buổi họp ghi trên giấy, nhập sau, ngày 28/11/2026."
    assert not any("thường kỳ" in each for each in lines(extraordinary()))


def test_a_rehearsal_and_a_demonstration_clock_are_marked() -> None:
    document = compose(practice())
    assert document.watermark == "BUỔI TẬP"
    assert "đồng hồ trình diễn" in document.footer
    assert (compose(hybrid()).watermark, compose(hybrid()).footer) == ("", "")


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (Kind.REGULAR, "sinh hoạt chi bộ thường kỳ tháng 11 năm 2026"),
        (
            Kind.REGULAR_WITH_THEMATIC,
            "sinh hoạt chi bộ thường kỳ kết hợp sinh hoạt chuyên đề tháng 11 năm 2026",
        ),
    ],
)
def test_titles_of_regular_sittings(kind: Kind, subject: str) -> None:
    facts = hybrid().facts
    regular = replace(hybrid(), facts=replace(facts, sitting=replace(facts.sitting, kind=kind)))
    assert one(compose(regular), Title) == Title(name="BIÊN BẢN", subject=subject)


@pytest.mark.parametrize(
    "kind", [Kind.THEMATIC, Kind.EXTRAORDINARY, Kind.COMMITTEE, Kind.CONGRESS, Kind.CEREMONY]
)
def test_other_sittings_are_named_by_their_day(kind: Kind) -> None:
    facts = extraordinary().facts
    other = Minutes(facts=replace(facts, sitting=replace(facts.sitting, kind=kind)))
    title = one(compose(other), Title)
    assert isinstance(title, Title)
    assert title.subject.endswith("ngày 24/11/2026")
    assert "thường kỳ" not in title.subject


def test_the_head_of_the_paper() -> None:
    facts = hybrid().facts
    numbered = replace(hybrid(), facts=replace(facts, layout=Layout(number="12-BB/CB")))
    assert one(compose(numbered), Header) == Header(
        superior="ĐẢNG ỦY XÃ TÂN SƯƠNG",
        organisation="CHI BỘ THÔN NÀ MÂY",
        number="Số 12-BB/CB",
        dateline="Tân Sương, ngày 24 tháng 11 năm 2026",
    )


def test_recorder_left_chair_right() -> None:
    closing = one(compose(hybrid()), Closing)
    assert isinstance(closing, Closing)
    assert (closing.recorder.position, closing.recorder.name) == ("THƯ KÝ", "Hoàng Thị Nụ")
    assert (closing.chair.powers, closing.chair.position) == ("T/M CHI BỘ", "BÍ THƯ")
    assert closing.recipients[-1] == "Lưu chi bộ"


def test_a_chair_without_a_position_only_chairs() -> None:
    facts = hybrid().facts
    chair = Officer(member=facts.chair.member, name=facts.chair.name, position="")
    closing = one(compose(Minutes(facts=replace(facts, chair=chair))), Closing)
    assert isinstance(closing, Closing)
    assert closing.chair.position == "CHỦ TRÌ"


def test_the_annex_names_hall_and_phone_apart() -> None:
    tables = [block for block in compose(hybrid()).blocks if isinstance(block, Table)]
    sizes = {table.caption: len(table.rows) for table in tables}
    assert sizes["Danh sách có mặt tại hội trường"] == 16
    assert sizes["Danh sách dự qua điện thoại (bổ trợ), không tính có mặt"] == 4


def test_every_category_has_words() -> None:
    assert set(CATEGORY_NAMES) == set(Category)


@pytest.mark.parametrize("make", [hybrid, supplement, extraordinary, practice])
def test_the_sitting_is_the_same_paper_each_time(make: Callable[[], Minutes]) -> None:
    assert compose(make()) == compose(make())


def test_nothing_is_composed_from_contradictory_facts() -> None:
    facts = supplement().facts
    wrong = replace(facts, sitting=replace(facts.sitting, fulfils_obligation=True))
    with pytest.raises(ContradictoryFacts):
        compose(Minutes(facts=wrong))


def test_what_was_approved_in_the_sitting_and_what_was_fixed_later_stand_apart() -> None:
    said = lines(hybrid())
    ends = said.index("Buổi sinh hoạt kết thúc lúc 21:07 ngày 24/11/2026.")
    assert said[ends - 1].endswith("chi bộ nhất trí thông qua biên bản lúc 21:04.")
    assert said[ends + 1] == "Bản in này được chốt lúc 21:11 ngày 24/11/2026."


def test_nothing_was_approved_that_was_not_read_out_in_the_sitting() -> None:
    facts = hybrid().facts
    unread = Minutes(facts=replace(facts, sitting=replace(facts.sitting, approved=None)))
    assert "Chưa ghi giờ đọc lại biên bản trong buổi sinh hoạt." in lines(unread)
    assert not any("thông qua biên bản" in each for each in lines(unread))
    assert "Bản in này được chốt lúc 21:11 ngày 24/11/2026." in lines(unread)
