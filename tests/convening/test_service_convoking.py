"""Who was called, how, and who was left out and why (rules.md 2.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from meetings.committees.powers import NoPower
from meetings.convening.convocations import NotOnRoster
from meetings.convening.states import AlreadyConvened, NotInThisState, NotMoved
from meetings.kernel.ids import new_id
from meetings.notices.rules import Channel, NotConvoked, ReasonToLeaveOut, RingReason
from tests.committees.house import (
    AUDITOR,
    DEPUTY,
    FOREIGN_MEMBER,
    MEMBER,
    SECRETARY,
    SUSPENDED,
)
from tests.convening.holding import Hall


async def test_the_whole_roster_is_called_but_the_suspended(hall: Hall) -> None:
    made = await hall.called()
    await hall.service.convene(hall.house.asks(SECRETARY), made.id, Channel.ZALO_TEXT, {})
    stands = await hall.service.convocations(hall.house.asks(SECRETARY), made.id)
    called = {hall.house.members[name] for name in (SECRETARY, DEPUTY, MEMBER)}
    assert {one.member for one in stands} == called
    assert {(one.how, one.at, one.by) for one in stands} == {
        (Channel.ZALO_TEXT, hall.clock.now(), hall.house.persons[SECRETARY])
    }
    with pytest.raises(AlreadyConvened):
        await hall.service.convene(hall.house.asks(SECRETARY), made.id, Channel.ZALO_TEXT, {})


async def test_leaving_out_needs_a_reason_that_the_auditor_sees(hall: Hall) -> None:
    asker, made, left = hall.house.asks(SECRETARY), await hall.called(), hall.house.members[MEMBER]
    with pytest.raises(ReasonToLeaveOut):
        await hall.service.convene(asker, made.id, Channel.ZALO_TEXT, {left: "  "})
    with pytest.raises(NotOnRoster):
        stranger = hall.house.members[FOREIGN_MEMBER]
        await hall.service.convene(asker, made.id, Channel.ZALO_TEXT, {stranger: "chi bộ khác"})
    await hall.service.convene(asker, made.id, Channel.ZALO_TEXT, {left: "đang đi làm xa"})
    seen = await hall.service.convocations(hall.house.asks(AUDITOR), made.id)
    left_out = {one.member: one.left_out_reason for one in seen if one.how is None}
    assert left_out == {left: "đang đi làm xa"}
    with pytest.raises(NoPower):
        await hall.service.convocations(hall.house.asks(MEMBER), made.id)


async def test_a_later_telling_stands_beside_the_first(hall: Hall) -> None:
    asker, made, who = hall.house.asks(SECRETARY), await hall.called(), hall.house.members[MEMBER]
    with pytest.raises(NotInThisState):
        await hall.service.tell_member(asker, made.id, who, Channel.PHONE_CALL, None)
    await hall.service.convene(asker, made.id, Channel.ZALO_TEXT, {})
    hall.clock.move(timedelta(minutes=5))
    told = await hall.service.tell_member(asker, made.id, who, Channel.PHONE_CALL, None)
    assert (told.edition, told.at) == (2, hall.clock.now())
    stands = {one.member: one for one in await hall.service.convocations(asker, made.id)}
    assert stands[who] == told
    left = await hall.service.tell_member(asker, made.id, who, None, "chuyển sinh hoạt")
    assert replace(left, edition=2, how=Channel.PHONE_CALL, left_out_reason=None) == told
    with pytest.raises(ReasonToLeaveOut):
        await hall.service.tell_member(asker, made.id, who, None, None)
    with pytest.raises(NotConvoked):
        await hall.service.tell_member(asker, made.id, hall.house.members[SUSPENDED], Channel.LETTER, None)
    with pytest.raises(NotOnRoster):
        await hall.service.tell_member(asker, made.id, new_id(), Channel.LETTER, None)


async def test_nobody_is_left_out_of_a_sitting_that_runs(hall: Hall) -> None:
    asker, made, who = hall.house.asks(SECRETARY), await hall.opened(), hall.house.members[MEMBER]
    with pytest.raises(NotInThisState):
        await hall.service.tell_member(asker, made.id, who, None, "vắng")
    told = await hall.service.tell_member(asker, made.id, who, Channel.PHONE_CALL, None)
    assert told.how is Channel.PHONE_CALL


async def test_a_text_to_paste_and_a_letter_each(hall: Hall) -> None:
    asker, made = hall.house.asks(SECRETARY), await hall.called()
    await hall.service.convene(asker, made.id, Channel.ZALO_TEXT, {hall.house.members[MEMBER]: "đi làm xa"})
    texts = await hall.service.texts(asker, made.id)
    assert texts.text.startswith("Kính mời các đồng chí dự sinh hoạt chi bộ thường kỳ tháng 11/2026.")
    assert "19 giờ 30, thứ Ba ngày 24/11/2026" in texts.text
    wanted = [hall.house.members[DEPUTY], hall.house.members[SECRETARY]]  # Én comes before Thịnh
    assert [letter.member for letter in texts.letters] == wanted
    assert "Kính gửi đồng chí Ma Văn Thịnh," in "".join(letter.text for letter in texts.letters)
    with pytest.raises(NoPower):
        await hall.service.texts(hall.house.asks(MEMBER), made.id)


async def test_whom_to_ring_shrinks_as_they_are_rung(hall: Hall) -> None:
    asker, made = hall.house.asks(SECRETARY), await hall.called()
    await hall.service.convene(asker, made.id, Channel.ZALO_TEXT, {})
    lines = await hall.service.call_list(asker, made.id)
    assert {line.reason for line in lines} == {RingReason.NO_ACCOUNT}
    assert len(lines) == 3
    assert all(line.phone and line.phone.startswith("09000000") for line in lines)
    await hall.service.tell_member(asker, made.id, lines[0].member, Channel.PHONE_CALL, None)
    assert await hall.service.call_list(asker, made.id) == lines[1:]


async def test_after_a_move_everybody_is_told_anew(hall: Hall) -> None:
    asker, made = hall.house.asks(SECRETARY), await hall.called()
    with pytest.raises(NotInThisState):
        await hall.service.tell_again(asker, made.id, Channel.ZALO_TEXT)
    await hall.service.convene(asker, made.id, Channel.ZALO_TEXT, {hall.house.members[MEMBER]: "đi làm xa"})
    with pytest.raises(NotMoved):
        await hall.service.tell_again(asker, made.id, Channel.ZALO_TEXT)
    ring = await hall.service.call_list(asker, made.id)
    await hall.service.tell_member(asker, made.id, ring[0].member, Channel.PHONE_CALL, None)
    hall.clock.move(timedelta(minutes=5))
    later = made.starts_at + timedelta(days=1)
    await hall.service.move(asker, made.id, later, None)
    await hall.service.move(asker, made.id, later + timedelta(hours=1), None)
    assert await hall.service.call_list(asker, made.id) == ring  # who was rung has to be rung again
    text = (await hall.service.texts(asker, made.id)).text
    assert text.startswith("Đổi lịch sinh hoạt chi bộ thường kỳ tháng 11/2026")
    assert "(trước đây: 19 giờ 30, thứ Ba ngày 24/11/2026)" in text  # nobody was told of the one in between
    assert "20 giờ 30, thứ Tư ngày 25/11/2026" in text


async def test_telling_anew_is_recorded_once_for_each(hall: Hall) -> None:
    asker, made = hall.house.asks(SECRETARY), await hall.called()
    await hall.service.convene(asker, made.id, Channel.ZALO_TEXT, {hall.house.members[MEMBER]: "đi làm xa"})
    before = await hall.service.convocations(asker, made.id)
    hall.clock.move(timedelta(minutes=5))
    await hall.service.move(asker, made.id, made.starts_at + timedelta(days=1), None)
    with pytest.raises(NoPower):
        await hall.service.tell_again(hall.house.asks(MEMBER), made.id, Channel.BY_WORD)
    told = [await hall.service.tell_again(asker, made.id, Channel.BY_WORD) for _ in range(2)]
    assert told == [2, 0]
    stands = await hall.service.convocations(asker, made.id)
    assert [one.left_out_reason for one in stands] == [one.left_out_reason for one in before]
    assert {(one.how, one.edition, one.at) for one in stands if one.how} == {
        (Channel.BY_WORD, 2, hall.clock.now())
    }
    assert await hall.service.call_list(asker, made.id) == ()
