"""Story 1, base: hands in the hall decide, phones stand on a line of their own."""

from __future__ import annotations

from tests.journeys.hybrid import hybrid
from tests.serving import Serving


async def test_twelve_hands_of_twenty_pass_the_resolution(house: Serving) -> None:
    sitting = await hybrid(house)
    vote = await sitting.vote(elder=True)
    receipts = await sitting.answers(vote, sitting.entitled_phones)
    result = await sitting.count(vote, 12, 1, 1)

    assert (result["base"], result["needed"], result["passed"]) == (20, 11, True)
    assert (result["in_favour"], result["against"], result["abstain"]) == (12, 1, 1)
    assert result["phone"] == {"in_favour": 3, "against": 0, "abstain": 0}
    assert all("không tính vào kết quả biểu quyết tại hội trường" in one["text"] for one in receipts)
    assert result["explanation"].startswith(
        "Số đảng viên làm căn cứ tính: 20, gồm 24 đảng viên chính thức được triệu tập, trừ 2 đồng chí đang "
        "sinh hoạt tạm thời nơi khác vắng mặt và 2 đồng chí được miễn sinh hoạt vắng mặt. 6 đồng chí vắng mặt "
        "khác (kể cả 3 đồng chí dự qua điện thoại) vẫn được tính. Cần ít nhất 11 tán thành (quá một nửa)."
    )


async def test_an_elder_who_declines_leaves_the_base(house: Serving) -> None:
    sitting = await hybrid(house)
    vote = await sitting.vote(elder=False)
    result = await sitting.count(vote, 12, 1, 0)

    assert (result["base"], result["needed"], result["passed"]) == (19, 10, True)
    assert result["phone"] == {"in_favour": 0, "against": 0, "abstain": 0}
