"""Secret votes on devices through the service, on both databases (signing.md 4.2 and 6, items 27, 31)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from demo.blinding import blind
from meetings.committees.powers import NoPower
from meetings.convening.rules import Mode
from meetings.convening.service import NoSuchMeeting
from meetings.db.refusals import GuardedByDatabase
from meetings.kernel.errors import Refused
from meetings.kernel.ids import new_id
from meetings.ledger.service import LedgerService, of_meeting
from meetings.voting.casting import Cast
from meetings.voting.paper import SecretOnPaper
from meetings.voting.refusals import FormNotAllowed, VoteMoved
from meetings.voting.rules import Choice, DecisionKind, Form
from meetings.voting.secrecy import (
    AnotherBlinded,
    BadToken,
    CastAlready,
    Mark,
    NobodyIssued,
    NoSuchSecretVote,
    NotCasting,
    NotForThisHall,
    NotIssuing,
    OnlyInTheRoom,
    Phase,
    SecretDeviceForbidden,
    SecretDeviceOff,
    StillGathering,
    TokenUsed,
    Withheld,
    receipt_of,
)
from meetings.voting.secret_box import SecretBox
from meetings.voting.service import VotingService
from tests.attendance.world import SECRETARY, STRANGER, World
from tests.voting.booth import CONSULTATION, HALL, PAPER, Booths, booths, enable, marked, surely

SEVEN = HALL[:7]


async def test_a_whole_secret_consultation(world: World, voting: VotingService) -> None:
    hall = await booths(world, voting)
    slips = [await hall.take(label) for label in SEVEN]
    await hall.start()
    await hall.cast(slips, "fffaanf")
    closed = await voting.close_vote(world.asks(SECRETARY), hall.vote)
    result = closed.result
    assert result is not None
    assert (result["in_favour"], result["against"], result["abstain"], result["passed"]) == (4, 2, 1, None)
    assert (result["papers"]["issued"], result["papers"]["returned"], result["not_cast"]) == (7, 7, 7)
    assert result["record"][0].startswith("Bỏ phiếu kín trên máy: phát ra 7 phiếu, thu về 7")
    assert any(PAPER in note for note in result["notes"]), "the committee's decision is told"
    listed = await voting.secret.listed(world.asks("o3"), hall.vote)
    assert [one.receipt for one in listed] == sorted(receipt_of(slip.serial) for slip in slips)
    assert {one.receipt: one.mark for one in listed}[receipt_of(slips[3].serial)] is Mark.AGAINST
    assert await voting.secret.counted(hall.vote, receipt_of(slips[0].serial))
    assert not await voting.secret.counted(hall.vote, receipt_of("00" * 32))


async def test_the_ledger_has_the_key_before_any_ballot_and_no_ballot(
    world: World, voting: VotingService
) -> None:
    hall = await booths(world, voting)
    slips = [await hall.take(label) for label in SEVEN]
    await hall.start()
    await hall.cast(slips, "fffaanf")
    await voting.close_vote(world.asks(SECRETARY), hall.vote)
    async with world.units.read() as uow:
        leaves = [one.leaf for one in await of_meeting(uow, hall.stored.cell, hall.sitting.id)]
    acts = [leaf.split('"act":"')[1].split('"')[0] for leaf in leaves if '"act":"voting' in leaf]
    issued = ["voting.secret_issue"] * 7
    assert acts == ["voting.open", *issued, "voting.secret_casting", "voting.close"]
    opening = next(leaf for leaf in leaves if "voting.open" in leaf)
    key = (await voting.secret.look(world.asks("o3"), hall.vote)).secrecy.key
    assert f'"key":"{key}"' in opening
    assert not any(slip.serial in leaf or slip.signature in leaf for slip in slips for leaf in leaves)
    [chain] = await LedgerService(world.units).verify([hall.stored.cell])
    assert chain.valid


async def test_off_unless_a_committee_enabled_it_by_a_dated_paper(
    world: World, voting: VotingService
) -> None:
    sitting = await world.meeting(mode=Mode.IN_PERSON)
    await world.roll(sitting.id, HALL)
    with pytest.raises(SecretDeviceOff):
        await voting.open_vote(world.asks(SECRETARY), sitting.id, CONSULTATION)
    await enable(world, citation="")
    with pytest.raises(SecretDeviceOff):
        await voting.open_vote(world.asks(SECRETARY), sitting.id, CONSULTATION)


async def test_statutory_matters_and_supplements_never(world: World, voting: VotingService) -> None:
    await enable(world)
    sitting = await world.meeting(mode=Mode.IN_PERSON)
    await world.roll(sitting.id, HALL)
    for kind, source in ((DecisionKind.EXPULSION, "69-QĐ/TW"), (DecisionKind.RESOLUTION, "Điều 9")):
        with pytest.raises(SecretDeviceForbidden, match=source):
            await voting.open_vote(world.asks(SECRETARY), sitting.id, replace(CONSULTATION, kind=kind))
    online = await world.meeting(mode=Mode.ONLINE)
    with pytest.raises(SecretDeviceForbidden, match="Điều 3"):
        await voting.open_vote(world.asks(SECRETARY), online.id, CONSULTATION)


async def test_one_ballot_for_each_member_in_the_hall(world: World, voting: VotingService) -> None:
    hall = await booths(world, voting, HALL[:6])
    secret = voting.secret
    look = await secret.look(world.asks("o2"), hall.vote)
    one, other = (blind(look.secrecy.modulus).blinded for _ in range(2))
    signed = await secret.issue(world.asks("o2"), hall.vote, one)
    assert await secret.issue(world.asks("o2"), hall.vote, one) == signed
    with pytest.raises(AnotherBlinded):
        await secret.issue(world.asks("o2"), hall.vote, other)
    for outside in ("o9", "p1"):
        with pytest.raises(NotForThisHall):
            await secret.issue(world.asks(outside), hall.vote, other)
    with pytest.raises(NoSuchMeeting):
        await secret.issue(world.asks(STRANGER), hall.vote, other)
    assert (await secret.look(world.asks("o2"), hall.vote)).mine == (one, signed)
    assert (await secret.look(world.asks("o2"), hall.vote)).secrecy.issued == 1


async def test_phases_go_forward_and_the_private_key_is_gone(world: World, voting: VotingService) -> None:
    hall = await booths(world, voting)
    with pytest.raises(NobodyIssued):
        await hall.start()
    slip = await hall.take("o2")
    for early in (voting.secret.box.put(slip), voting.close_vote(world.asks(SECRETARY), hall.vote)):
        with pytest.raises(NotCasting):
            await early
    with pytest.raises(NotCasting):
        await voting.secret.end_casting(world.asks(SECRETARY), hall.vote)
    with pytest.raises(NoPower):
        await voting.secret.start_casting(world.asks("o5"), hall.vote, 3)
    await hall.start()
    with pytest.raises(NotIssuing):
        await hall.start()
    with pytest.raises(NotIssuing):
        await hall.take("o3")
    async with world.units.read() as uow:
        kept = await uow.session.execute(text("SELECT private_key FROM secret_question"))
        assert kept.scalar_one() is None


async def test_tokens_are_good_for_one_choice_of_one_question(world: World, voting: VotingService) -> None:
    hall = await booths(world, voting)
    slips = [await hall.take(label) for label in HALL[:6]]
    await hall.start()
    other = Booths(
        world=world,
        voting=voting,
        sitting=hall.sitting,
        stored=await voting.open_vote(world.asks(SECRETARY), hall.sitting.id, CONSULTATION),
    )
    foreign = await other.take("o2")
    box = voting.secret.box
    for wrong in (
        replace(foreign, vote=hall.vote),
        replace(slips[0], serial=slips[1].serial),
        replace(slips[0], prefix=slips[1].prefix),
        replace(slips[0], signature=slips[1].signature),
        replace(slips[0], signature="00" * 256),
    ):
        with pytest.raises(BadToken):
            await box.put(wrong)
    with pytest.raises(NoSuchSecretVote):
        await box.put(replace(slips[0], vote=new_id()))
    assert await box.put(marked(slips[0], "f")) is False, "held: not all have come"
    with pytest.raises(TokenUsed):
        await box.put(marked(slips[0], "a"))
    await hall.cast(slips, "faaaaa")
    assert await box.put(marked(slips[0], "f")) is True
    with pytest.raises(TokenUsed):
        await box.put(marked(slips[0], "a"))
    closed = await hall.close()
    assert closed.result is not None
    assert (closed.result["in_favour"], closed.result["against"]) == (1, 5)
    assert await box.put(marked(slips[0], "f")) is True, "asked again after the end: it stands"


async def test_nothing_is_written_before_all_have_come_or_casting_ends(
    world: World, voting: VotingService
) -> None:
    hall = await booths(world, voting)
    slips = [await hall.take(label) for label in SEVEN]
    await hall.start()
    box = voting.secret.box
    held = await asyncio.gather(*[box.put(marked(slip, "f")) for slip in slips[:6]])
    assert held == [False] * 6
    assert (await voting.secret.look(world.asks("o1"), hall.vote)).secrecy.received == 0
    with pytest.raises(StillGathering):
        await voting.close_vote(world.asks(SECRETARY), hall.vote)
    await voting.secret.end_casting(world.asks(SECRETARY), hall.vote)
    assert await asyncio.gather(*[box.put(marked(slip, "f")) for slip in slips[:6]]) == [True] * 6
    assert await box.put(slips[6]) is False, "too late, but perhaps held elsewhere: ask again"
    world.clock.move(timedelta(seconds=4))
    with pytest.raises(NotCasting):
        await box.put(slips[6])
    closed = await voting.close_vote(world.asks(SECRETARY), hall.vote)
    assert closed.result is not None
    assert closed.result["papers"]["returned"] == 6


async def test_the_deadline_ends_casting_with_nobody_pressing_anything(
    world: World, voting: VotingService
) -> None:
    hall = await booths(world, voting)
    slips = [await hall.take(label) for label in SEVEN]
    await hall.start()
    box = voting.secret.box
    await asyncio.gather(*[box.put(marked(slip, "a")) for slip in slips[:6]])
    world.clock.move(timedelta(minutes=3))
    await surely(box, marked(slips[0], "a"))
    world.clock.move(timedelta(seconds=4))
    with pytest.raises(NotCasting):
        await box.put(slips[6])
    assert (await voting.secret.look(world.asks("o1"), hall.vote)).secrecy.received == 6


async def test_what_a_process_held_was_told_to_nobody_and_is_sent_again(
    world: World, voting: VotingService
) -> None:
    hall = await booths(world, voting)
    slips = [await hall.take(label) for label in SEVEN]
    await hall.start()
    await asyncio.gather(*[voting.secret.box.put(marked(slip, "f")) for slip in slips[:6]])
    await voting.secret.box.stop()
    voting.secret.box = SecretBox(world.units, every=0.02, linger=0.3)
    voting.secret.box.start()
    await hall.cast(slips, "fffffaf")
    closed = await voting.close_vote(world.asks(SECRETARY), hall.vote)
    assert closed.result is not None
    assert (closed.result["in_favour"], closed.result["against"]) == (6, 1)


async def test_two_workers_hold_and_both_write(world: World, voting: VotingService) -> None:
    """Behind a balancer a phone may meet another process each time."""
    hall = await booths(world, voting)
    slips = [await hall.take(label) for label in SEVEN]
    await hall.start()
    other = SecretBox(world.units, every=0.02, linger=0.3)
    other.start()
    here, there = voting.secret.box, other
    await asyncio.gather(*[here.put(marked(slip, "f")) for slip in slips[:4]])
    await asyncio.gather(*[there.put(marked(slip, "a")) for slip in slips[3:]])  # the fourth came to both
    await voting.secret.end_casting(world.asks(SECRETARY), hall.vote)
    for slip in slips[4:]:
        await surely(here, marked(slip, "a"))
    assert await there.put(marked(slips[3], "f")), "the first worker's stands"
    world.clock.move(timedelta(seconds=4))
    closed = await voting.close_vote(world.asks(SECRETARY), hall.vote)
    assert closed.result is not None
    assert closed.result["papers"]["returned"] == 7
    await other.stop()


@pytest.mark.parametrize("marks", ["fffffff", "ffa"])
async def test_what_would_expose_somebody_is_not_told(
    world: World, voting: VotingService, marks: str
) -> None:
    hall = await booths(world, voting)
    slips = [await hall.take(label) for label in HALL[: len(marks)]]
    await hall.start()
    await hall.cast(slips, marks)
    closed = await voting.close_vote(world.asks(SECRETARY), hall.vote)
    result = closed.result
    assert result is not None
    assert result["withheld"] is True
    assert (result["in_favour"], result["against"], result["abstain"]) == (0, 0, 0)
    assert "Quá một nửa số phiếu tán thành." in result["explanation"]
    with pytest.raises(Withheld):
        await voting.secret.listed(world.asks("o2"), hall.vote)
    assert await voting.secret.counted(hall.vote, receipt_of(slips[0].serial))


async def test_the_list_is_for_the_room(world: World, voting: VotingService) -> None:
    hall = await booths(world, voting)
    slips = [await hall.take(label) for label in SEVEN]
    await hall.start()
    with pytest.raises(OnlyInTheRoom):
        await voting.secret.listed(world.asks("o2"), hall.vote)
    await hall.cast(slips, "ffffaaa")
    await voting.close_vote(world.asks(SECRETARY), hall.vote)
    assert len(await voting.secret.listed(world.asks("o2"), hall.vote)) == 7
    await world.close(hall.sitting)
    with pytest.raises(OnlyInTheRoom):
        await voting.secret.listed(world.asks("o2"), hall.vote)


async def test_the_meeting_may_take_to_paper_until_ballots_are_in(
    world: World, voting: VotingService
) -> None:
    hall = await booths(world, voting)
    slips = [await hall.take(label) for label in SEVEN]
    await hall.start()
    paper = await voting.secret.set_aside(world.asks(SECRETARY), hall.vote, minutes=20)
    assert (paper.vote.form, paper.vote.question) == (Form.PAPER, CONSULTATION.question)
    look = await voting.secret.look(world.asks("o2"), hall.vote)
    assert (look.secrecy.phase, look.stored.vote.state.value) == (Phase.SET_ASIDE, "closed")
    assert look.stored.result is not None
    assert "phiếu giấy" in look.stored.result["explanation"]
    with pytest.raises(NotCasting):
        await voting.secret.box.put(slips[0])
    with pytest.raises(VoteMoved):
        await voting.secret.set_aside(world.asks(SECRETARY), hall.vote, minutes=20)


async def test_ballots_that_are_in_are_counted(world: World, voting: VotingService) -> None:
    hall = await booths(world, voting)
    slips = [await hall.take(label) for label in SEVEN]
    await hall.start()
    await hall.cast(slips, "ffffaaa")
    with pytest.raises(CastAlready):
        await voting.secret.set_aside(world.asks(SECRETARY), hall.vote, minutes=20)


async def test_no_open_answer_and_no_count_by_hands(world: World, voting: VotingService) -> None:
    hall = await booths(world, voting)
    person = world.asks("o2").person
    with pytest.raises(SecretOnPaper):
        await voting.box.put(Cast(id=new_id(), vote=hall.vote, person=person, version=1, choice=Choice.FOR))
    with pytest.raises(FormNotAllowed):
        await voting.count_hands(world.asks(SECRETARY), hall.vote, (1, 0, 0))


async def test_a_member_transferred_while_voting_keeps_the_ballot(
    world: World, voting: VotingService
) -> None:
    hall = await booths(world, voting)
    slips = [await hall.take(label) for label in SEVEN]
    await hall.start()
    async with world.units.begin() as uow:
        await uow.session.execute(
            text("UPDATE membership SET until = '2026-11-23' WHERE id = :id"), {"id": world.member("o3")}
        )
    await hall.cast(slips, "ffffaaa")
    closed = await voting.close_vote(world.asks(SECRETARY), hall.vote)
    assert closed.result is not None
    assert closed.result["papers"]["returned"] == 7


async def refused(world: World, statement: str) -> str:
    with pytest.raises(Refused) as caught:
        async with world.units.begin() as uow:
            await uow.session.execute(text(statement))
    assert isinstance(caught.value, GuardedByDatabase)
    return str(caught.value.facts["guard"])


async def test_the_database_itself_refuses(world: World, voting: VotingService) -> None:
    hall = await booths(world, voting)
    vote = hall.vote
    token = f"INSERT INTO secret_token VALUES ('{vote}', '{{}}', '00', '00')"
    ballot = f"INSERT INTO secret_ballot VALUES ('{vote}', '{{}}', '00', '00', 'f')"
    voter = f"INSERT INTO secret_voter VALUES ('{vote}', '{world.member('p1')}')"
    assert await refused(world, voter) == "secret_voter_before_the_question"
    assert await refused(world, token.format(world.member("p1"))) == "secret_token_while_issuing"
    assert await refused(world, ballot.format("aa")) in {
        "secret_ballot_while_casting",
        "secret_ballot_of_those_issued",
    }
    slips = [await hall.take(label) for label in SEVEN]
    assert await refused(world, "UPDATE secret_token SET blinded = '11'") == "secret_token_unchanged"
    assert await refused(world, "DELETE FROM secret_token") == "secret_token_kept"
    for change in ("phase = 'closed', private_key = NULL", "modulus = '11', private_key = NULL"):
        assert "secret_question" in await refused(world, f"UPDATE secret_question SET {change}")
    await hall.start()
    assert await refused(world, token.format(world.member("o9"))) == "secret_token_while_issuing"
    assert "secret_question" in await refused(world, "UPDATE secret_question SET private_key = 'x'")
    assert "secret_question" in await refused(world, "UPDATE secret_question SET phase = 'issuing'")
    await hall.cast(slips, "ffffaaa")
    assert await refused(world, ballot.format("aa")) == "secret_ballot_of_those_issued"
    assert await refused(world, "UPDATE secret_ballot SET mark = 'a'") == "secret_ballot_unchanged"
    assert await refused(world, "DELETE FROM secret_ballot") == "secret_ballot_kept"
    await voting.close_vote(world.asks(SECRETARY), vote)
    assert await refused(world, ballot.format("ab")) in {
        "secret_ballot_while_casting",
        "secret_ballot_of_those_issued",
    }
    assert await refused(world, "DELETE FROM secret_question") == "secret_question_kept"
