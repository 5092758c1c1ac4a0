"""Story 9, late: tapped at 19:57 on a dead line, arrived at 20:03; nobody can count it."""

from __future__ import annotations

from datetime import datetime

from meetings.kernel.months import DEFAULT_ZONE, zone_of
from meetings.voting.receipts import waiting_text
from tests.journeys.hybrid import Hybrid, hybrid
from tests.journeys.sittings import new_id, refusal_of
from tests.serving import Serving

LATE = (
    "Ý kiến đến lúc 20:03, sau khi biểu quyết kết thúc lúc 19:58, nên không được tính. "
    "Hệ thống chỉ lưu lại là đến muộn."
)


async def _opened_at_1952(house: Serving) -> tuple[Hybrid, str]:
    sitting = await hybrid(house)
    house.at("2026-11-24T19:52")
    return sitting, await sitting.vote(elder=True)


async def test_both_texts_are_shown_and_the_tally_does_not_move(house: Serving) -> None:
    sitting, vote = await _opened_at_1952(house)
    voter = sitting.cast.scanning[2]
    secretary = await house.secretary()
    shown = await secretary.get(f"/votes/{vote}")
    assert shown["deadline"] == "2026-11-24T12:58:00Z"
    house.at("2026-11-24T19:58")
    before = await sitting.count(vote, 12, 1, 1)

    house.at("2026-11-24T20:03")
    person, ballot = await house.person(voter), new_id()
    receipt = await person.post(f"/votes/{vote}/ballots", id=ballot, version=1, choice="against")
    assert (receipt["counted"], receipt["text"], receipt["words"]) == (False, LATE, [])
    again = await person.post(f"/votes/{vote}/ballots", id=ballot, version=1, choice="against")
    assert again == receipt
    assert (await person.get(f"/votes/{vote}/mine"))["late"] == 1
    after = await secretary.get(f"/votes/{vote}")
    assert (after["result"], after["late"]) == (before, 1)


async def test_while_it_waits_the_phone_says_so(house: Serving) -> None:
    """The text stands on the phone, without the server."""
    _, vote = await _opened_at_1952(house)
    shown = await (await house.secretary()).get(f"/votes/{vote}")
    deadline = shown["deadline"]
    assert deadline.endswith("12:58:00Z")
    said = waiting_text(until=datetime.fromisoformat(deadline), zone=zone_of(DEFAULT_ZONE))
    assert said == (
        "Chưa gửi được, chưa được ghi nhận. Máy sẽ tự gửi khi có mạng; nếu đến sau 19:58 thì không được "
        "tính. Nếu ở hội trường, kết quả tính theo giơ tay."
    )


async def test_nobody_can_count_it_afterwards(house: Serving) -> None:
    sitting, vote = await _opened_at_1952(house)
    house.at("2026-11-24T20:03")
    late = await sitting.answer(vote, sitting.cast.scanning[2], "against")
    assert not late["counted"]
    result = await sitting.count(vote, 12, 1, 1)
    assert (result["against"], result["late"]) == (1, 1)
    secretary = await house.secretary()
    hands = {"in_favour": 0, "against": 13, "abstain": 0}
    assert (await refusal_of(secretary, "POST", f"/votes/{vote}/hall-count", **hands)).status == 409
    assert (await refusal_of(secretary, "POST", f"/votes/{vote}/close")).status == 409
