"""Minutes through the service on both databases with a real worker: gathered, written, approved, signed."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pikepdf
import pytest

from meetings.committees.powers import NoPower, Part
from meetings.convening import service as convening
from meetings.convening.rules import AnySitting, Mode, State
from meetings.convening.service import NoSuchMeeting
from meetings.convening.states import NotClosed, NotInThisState, NotMinuted
from meetings.convening.verdict import VerdictInSupplement
from meetings.kernel.ids import Id, new_id
from meetings.kernel.scans import NotAScan
from meetings.ledger.service import LedgerService
from meetings.minutes.ink import OwnWitness
from meetings.minutes.keys import WeakPassphrase, WrongPassphrase
from meetings.minutes.records import MinutesFacts, Share
from meetings.minutes.service import MinutesService
from meetings.minutes.service.by_hand import NotOfThisCell
from meetings.minutes.service.house import NotYourPart
from meetings.minutes.service.made import MinutesMoved, NoMinutes
from meetings.minutes.service.signers import NoSigningKey, NotAMember
from meetings.minutes.service.words import TextsClosed
from meetings.minutes.signature_class import SignatureClass
from meetings.minutes.signing import OutOfTurn
from meetings.minutes.verification import Verdict
from meetings.voting.electing import Round, Wanted
from meetings.voting.elections import NameStep, Step
from meetings.voting.paper import PaperLine, Protocol
from meetings.voting.rules import DecisionKind
from tests.attendance.world import AUDITOR, EXCUSED, MEMBER, PHONE, SECRETARY, STRANGER, UNEXCUSED, World
from tests.minutes.office import PASSPHRASE
from tests.sitting.holding import RECORDER, Cell

SCAN = b"\xff\xd8\xff" + b"invented" * 50 + b"\xff\xd9"


async def facts_of(minutes: MinutesService, world: World, meeting: Id) -> MinutesFacts:
    standing = await minutes.look(world.asks(SECRETARY), meeting)
    assert standing.minutes is not None
    return standing.minutes.facts


async def state_of(world: World, meeting: Id) -> State:
    async with world.units.read() as uow:
        return (await convening.sitting(uow, meeting)).state


async def approved(cell: Cell, minutes: MinutesService) -> AnySitting:
    """The November hybrid with approved minutes."""
    sitting = (await cell.november()).sitting
    await minutes.approve(cell.world.asks(SECRETARY), sitting.id)
    return sitting


async def signed(cell: Cell, minutes: MinutesService) -> AnySitting:
    """Signed by both keys."""
    sitting = await approved(cell, minutes)
    await minutes.sign(cell.world.asks(RECORDER), sitting.id, Part.RECORDER, PASSPHRASE)
    await minutes.sign(cell.world.asks(SECRETARY), sitting.id, Part.CHAIR, PASSPHRASE)
    return sitting


async def test_the_draft_of_the_hybrid_states_cell_s(cell: Cell, minutes: MinutesService) -> None:
    sitting = (await cell.november()).sitting
    facts = await facts_of(minutes, cell.world, sitting.id)
    there = facts.attendance
    assert (len(there.hall), len(there.by_phone)) == (16, 4)
    by_phone = {cell.world.member(label) for label in PHONE}
    assert {one.member for one in there.by_phone} == by_phone
    absent = {one.member: one for one in there.absent}
    assert {member for member, one in absent.items() if one.by_phone} == by_phone
    assert len(absent) == 7
    assert [absent[cell.world.member(label)].reason for label in EXCUSED] == ["ốm đau", "ốm đau"]
    assert not absent[cell.world.member(UNEXCUSED[0])].excused
    assert (there.away_absent, there.exempt_absent) == (2, 2)
    assert there.rate == Share(part=15, whole=22)
    assert there.minimum is not None
    assert (there.minimum.present, there.minimum.required) == (14, 11)
    assert sum(there.roll.values()) == 28
    assert (facts.sitting.minutes, facts.sitting.month) == (95, "2026-11")
    assert facts.sitting.fulfils_obligation
    assert (facts.chair.position, facts.recorder.position) == ("Bí thư chi bộ", "Đảng viên")


async def test_the_draft_holds_the_vote_with_its_sentence(cell: Cell, minutes: MinutesService) -> None:
    sitting = (await cell.november()).sitting
    [item] = (await facts_of(minutes, cell.world, sitting.id)).items
    [vote] = item.votes
    assert (vote.base, vote.needed, vote.passed) == (20, 11, True)
    assert vote.explanation.startswith("Số đảng viên làm căn cứ tính: 20, gồm 24")
    assert vote.counted is not None
    assert (vote.counted.favour, vote.counted.against, vote.counted.abstain) == (12, 1, 1)


async def test_an_election_stands_in_the_draft_name_by_name(cell: Cell, minutes: MinutesService) -> None:
    sitting, world = await cell.opened(), cell.world
    await cell.roll(sitting)
    await cell.phone_in(sitting)
    await cell.decide(sitting)
    secretary, name = world.asks(SECRETARY), world.member("o1")
    wanted = Wanted(kind=DecisionKind.SECRETARY_ELECTION, title="Bầu bí thư", seats=1)
    election = (await cell.voting.elections.begin(secretary, sitting.id, wanted)).election.id
    step = NameStep(member=name, step=Step.BY_CONVENOR)
    await cell.voting.elections.step(secretary, election, step)
    await cell.voting.elections.close_list(secretary, election)
    vote = (await cell.voting.elections.open_round(secretary, election, Round(minutes=30))).vote.id
    lines = (PaperLine(member=name, in_favour=12, against=1),)
    numbers = {"issued": 13, "returned": 13, "valid": 13, "invalid": 0, "blank": 0}
    protocol = Protocol(**numbers, lines=lines, board=(world.member("o8"),))
    await cell.voting.counting.count_paper(secretary, vote, protocol)
    await cell.voting.close_vote(secretary, vote)
    world.clock.move(timedelta(minutes=95))
    await cell.close(sitting)
    [item] = (await facts_of(minutes, world, sitting.id)).items
    [stated] = item.votes
    assert (stated.form, stated.counted, stated.passed, stated.base) == ("phiếu kín", None, None, 19)
    assert "đồng ý 12, không đồng ý 1 (trúng cử)" in stated.explanation
    assert "Phiếu phát ra 13, thu về 13" in stated.explanation


async def test_the_draft_of_a_supplement_counts_no_hall(cell: Cell, minutes: MinutesService) -> None:
    sitting = (await cell.supplement()).sitting
    facts = await facts_of(minutes, cell.world, sitting.id)
    assert facts.supplement
    assert (len(facts.attendance.hall), len(facts.attendance.by_phone)) == (0, 12)
    assert facts.attendance.absent == ()
    assert (facts.attendance.rate, facts.attendance.minimum) == (None, None)
    assert not facts.sitting.fulfils_obligation
    await minutes.approve(cell.world.asks(SECRETARY), sitting.id)
    page = await minutes.html(cell.world.asks(MEMBER), sitting.id)
    assert "BUỔI BỔ TRỢ." in page
    assert "không được tính là buổi sinh hoạt thường kỳ tháng 11/2026" in page


async def test_who_owes_no_reason_stands_among_the_absent_when_on_the_phone(
    cell: Cell, minutes: MinutesService
) -> None:
    """An exempt elder and a member temporarily away listen: named twice, as all on the phone."""
    sitting = await cell.opened()
    await cell.roll(sitting)
    await cell.phone_in(sitting, [*PHONE, "e2", "w1"])
    await cell.decide(sitting)
    cell.world.clock.move(timedelta(minutes=95))
    await cell.close(sitting)
    await minutes.approve(cell.world.asks(SECRETARY), sitting.id)
    facts = await facts_of(minutes, cell.world, sitting.id)
    absent = {one.member: one.reason for one in facts.attendance.absent if one.by_phone}
    assert absent[cell.world.member("e2")] == "được miễn sinh hoạt"
    assert absent[cell.world.member("w1")] == "sinh hoạt tạm thời nơi khác"
    assert len(absent) == len(facts.attendance.by_phone) == 6


async def test_before_the_end_there_is_nothing_to_show(cell: Cell, minutes: MinutesService) -> None:
    sitting, secretary = await cell.opened(), cell.world.asks(SECRETARY)
    assert (await minutes.look(secretary, sitting.id)).minutes is None
    with pytest.raises(NotClosed):
        await minutes.approve(secretary, sitting.id)
    with pytest.raises(NoMinutes):
        await minutes.html(secretary, sitting.id)
    with pytest.raises(NoMinutes):
        await minutes.pdf(secretary, sitting.id)
    with pytest.raises(NotMinuted):
        await minutes.sign(secretary, sitting.id, Part.CHAIR, PASSPHRASE)
    with pytest.raises(NotMinuted):
        await minutes.sign_in_ink(secretary, sitting.id, SCAN)


async def test_the_recorder_s_words_until_approval(cell: Cell, minutes: MinutesService) -> None:
    sitting, recorder = (await cell.november()).sitting, cell.world.asks(RECORDER)
    item = (await facts_of(minutes, cell.world, sitting.id)).items[0].id
    for words in ("Đồng chí A phát biểu.", "Đồng chí A phát biểu rõ hơn."):
        await minutes.write(recorder, sitting.id, item, words)
    with pytest.raises(NoPower):
        await minutes.write(cell.world.asks(MEMBER), sitting.id, item, "khác")
    await minutes.approve(recorder, sitting.id)
    assert await state_of(cell.world, sitting.id) is State.MINUTED
    with pytest.raises(TextsClosed):
        await minutes.write(recorder, sitting.id, item, "muộn")
    with pytest.raises(NotInThisState):
        await minutes.approve(recorder, sitting.id)
    assert "rõ hơn" in await minutes.html(cell.world.asks(MEMBER), sitting.id)


async def test_no_verdict_is_written_into_a_supplement(cell: Cell, minutes: MinutesService) -> None:
    sitting, secretary = (await cell.supplement()).sitting, cell.world.asks(SECRETARY)
    await minutes.write(secretary, sitting.id, sitting.id, "Nghị quyết được thông qua.")
    with pytest.raises(VerdictInSupplement):
        await minutes.approve(secretary, sitting.id)
    assert await state_of(cell.world, sitting.id) is State.CLOSED


async def meanwhile(work: Awaitable[object], act: Callable[[], Awaitable[object]]) -> object:
    """Do `act` while the worker prints for `work`."""
    running = asyncio.ensure_future(work)
    await asyncio.sleep(0.05)
    await act()
    return await running


async def test_a_word_written_while_printing_is_not_lost(cell: Cell, minutes: MinutesService) -> None:
    sitting, secretary = (await cell.november()).sitting, cell.world.asks(SECRETARY)

    async def write() -> None:
        await minutes.write(cell.world.asks(RECORDER), sitting.id, sitting.id, "Thêm một ý.")

    with pytest.raises(MinutesMoved):
        await meanwhile(minutes.approve(secretary, sitting.id), write)
    assert await state_of(cell.world, sitting.id) is State.CLOSED
    await minutes.approve(secretary, sitting.id)
    assert "Thêm một ý." in await minutes.html(secretary, sitting.id)


async def test_an_act_elsewhere_in_the_cell_does_not_disturb_the_approval(
    cell: Cell, minutes: MinutesService
) -> None:
    sitting = (await cell.november()).sitting
    other = await cell.opened(Mode.ONLINE)

    async def act() -> None:
        await cell.phone_in(other, ["o1", "o2"])
        cell.world.clock.move(timedelta(seconds=1))
        await cell.name(other)

    await meanwhile(minutes.approve(cell.world.asks(SECRETARY), sitting.id), act)
    assert await state_of(cell.world, sitting.id) is State.MINUTED


async def test_both_sign_with_their_own_keys(cell: Cell, minutes: MinutesService) -> None:
    sitting = await signed(cell, minutes)
    assert await state_of(cell.world, sitting.id) is State.SIGNED
    standing = await minutes.look(cell.world.asks(MEMBER), sitting.id)
    assert [one.role for one in standing.signatures] == ["NguoiGhi", "ChuTri"]
    assert standing.approved is not None
    pdf = await minutes.pdf(cell.world.asks(MEMBER), sitting.id)
    assert hashlib.sha256(pdf).hexdigest() == standing.approved.pdf != standing.approved.printed
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.attachments) == 1
    report = await minutes.verify(pdf, sitting.id)
    assert report.accepted
    assert {line.kind for line in report.signatures} == {SignatureClass.SERVER_HELD}
    verdicts = {rule.number: rule.verdict for rule in report.rules}
    assert verdicts[4] is verdicts[8] is Verdict.PASSED
    assert verdicts[5] is verdicts[7] is Verdict.NOT_APPLIED
    again = await minutes.verify(pdf)
    assert {rule.number: rule.verdict for rule in again.rules}[4] is Verdict.NOT_APPLIED
    [chain] = await LedgerService(cell.world.units).verify([sitting.cell])
    assert chain.valid


async def test_one_changed_byte_is_found(cell: Cell, minutes: MinutesService) -> None:
    sitting = await signed(cell, minutes)
    pdf = await minutes.pdf(cell.world.asks(MEMBER), sitting.id)
    middle = len(pdf) // 3
    spoiled = pdf[:middle] + bytes([pdf[middle] ^ 1]) + pdf[middle + 1 :]
    assert not (await minutes.verify(spoiled, sitting.id)).accepted
    half = await cell.november()
    other = await minutes.verify(pdf, half.sitting.id)
    assert other.accepted  # nothing is known of a sitting without minutes: those rules are not applied


async def test_minutes_of_another_sitting_are_not_accepted_as_this_one_s(
    cell: Cell, minutes: MinutesService
) -> None:
    first, second = await signed(cell, minutes), await approved(cell, minutes)
    report = await minutes.verify(await minutes.pdf(cell.world.asks(MEMBER), first.id), second.id)
    assert not report.accepted


async def test_signing_refusals(cell: Cell, minutes: MinutesService) -> None:
    sitting = await approved(cell, minutes)
    recorder, chair = cell.world.asks(RECORDER), cell.world.asks(SECRETARY)

    async def refused(refusal: type[Exception], who: str, part: Part, passphrase: str = PASSPHRASE) -> None:
        with pytest.raises(refusal):
            await minutes.sign(cell.world.asks(who), sitting.id, part, passphrase)

    await refused(OutOfTurn, SECRETARY, Part.CHAIR)
    await refused(NotYourPart, SECRETARY, Part.RECORDER)
    await refused(NotYourPart, MEMBER, Part.CHAIR)
    await refused(NotYourPart, AUDITOR, Part.CHAIR)
    await refused(NoSuchMeeting, STRANGER, Part.CHAIR)
    await refused(WrongPassphrase, RECORDER, Part.RECORDER, "một câu khác hẳn")
    await minutes.sign(recorder, sitting.id, Part.RECORDER, PASSPHRASE)
    await refused(OutOfTurn, RECORDER, Part.RECORDER)
    assert await state_of(cell.world, sitting.id) is State.MINUTED
    await minutes.sign(chair, sitting.id, Part.CHAIR, PASSPHRASE)
    await refused(NotInThisState, SECRETARY, Part.CHAIR)
    with pytest.raises(NotInThisState):
        await minutes.sign_in_ink(chair, sitting.id, SCAN)


async def test_two_taps_sign_once(cell: Cell, minutes: MinutesService) -> None:
    sitting = await approved(cell, minutes)
    taps = [minutes.sign(cell.world.asks(RECORDER), sitting.id, Part.RECORDER, PASSPHRASE) for _ in range(2)]
    done = await asyncio.gather(*taps, return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Approved", "MinutesMoved"]
    assert len((await minutes.look(cell.world.asks(RECORDER), sitting.id)).signatures) == 1


async def test_without_a_key_there_is_ink(cell: Cell, minutes: MinutesService) -> None:
    sitting = await cell.opened()
    await cell.roll(sitting)
    await cell.phone_in(sitting)
    await cell.decide(sitting)
    await cell.name(sitting, recorder="o3")
    cell.world.clock.move(timedelta(minutes=95))
    await cell.close(sitting)
    secretary, witness = cell.world.asks(SECRETARY), cell.world.member("o9")
    approved_ = await minutes.approve(secretary, sitting.id)
    with pytest.raises(NoSigningKey):
        await minutes.sign(cell.world.asks("o3"), sitting.id, Part.RECORDER, PASSPHRASE)
    with pytest.raises(NotAScan):
        await minutes.sign_in_ink(secretary, sitting.id, b"GIF89a", witness)
    with pytest.raises(OwnWitness):
        await minutes.sign_in_ink(secretary, sitting.id, SCAN)
    with pytest.raises(OwnWitness):
        await minutes.sign_in_ink(secretary, sitting.id, SCAN, cell.world.member("o3"))
    for stranger in (cell.world.member(STRANGER), new_id()):
        with pytest.raises(NotOfThisCell):
            await minutes.sign_in_ink(secretary, sitting.id, SCAN, stranger)
    with pytest.raises(NoPower):
        await minutes.sign_in_ink(cell.world.asks(MEMBER), sitting.id, SCAN)
    ink = await minutes.sign_in_ink(secretary, sitting.id, SCAN, witness)
    assert ink.kind is SignatureClass.INK
    assert ink.kind.value.startswith("Chữ ký tay trên giấy, kèm bản chụp")
    assert (ink.scan, ink.printed) == (hashlib.sha256(SCAN).hexdigest(), approved_.printed)
    assert (ink.witness, await state_of(cell.world, sitting.id)) == (witness, State.SIGNED)
    standing = await minutes.look(secretary, sitting.id)
    assert standing.ink == (ink.to_json(), ink.scan)
    report = await minutes.verify(await minutes.pdf(secretary, sitting.id), sitting.id)
    assert (report.accepted, report.ink is not None and report.ink.same) == (True, True)
    assert report.lines()[0].startswith("Chữ ký tay trên giấy, kèm bản chụp. Bản in và bản chụp đúng")
    other = await minutes.verify(b"%PDF-1.7 another", sitting.id)
    assert (other.accepted, other.ink is not None and other.ink.same) == (False, False)
    with pytest.raises(NotInThisState):
        await minutes.sign_in_ink(secretary, sitting.id, SCAN, witness)


async def test_the_file_is_for_the_cell_and_those_above_it(cell: Cell, minutes: MinutesService) -> None:
    sitting = await approved(cell, minutes)
    for label in (SECRETARY, MEMBER, AUDITOR):
        assert (await minutes.pdf(cell.world.asks(label), sitting.id)).startswith(b"%PDF-")
    for act in (minutes.pdf, minutes.html, minutes.look):
        with pytest.raises(NoSuchMeeting):
            await act(cell.world.asks(STRANGER), sitting.id)


async def test_keys_are_for_members_under_passphrases_worth_the_name(
    cell: Cell, minutes: MinutesService
) -> None:
    with pytest.raises(NotAMember):
        await minutes.keys.make(cell.world.asks(AUDITOR), PASSPHRASE)
    with pytest.raises(WeakPassphrase):
        await minutes.keys.make(cell.world.asks(MEMBER), "123456")


async def test_a_new_key_takes_the_old_one_back(cell: Cell, minutes: MinutesService) -> None:
    """What was signed before stays signed; who signs after, signs with the new key."""
    sitting = await approved(cell, minutes)
    recorder, other = cell.world.asks(RECORDER), "câu mật khẩu mới của tôi 2026"
    await minutes.sign(recorder, sitting.id, Part.RECORDER, PASSPHRASE)
    await minutes.sign(cell.world.asks(SECRETARY), sitting.id, Part.CHAIR, PASSPHRASE)
    fingerprint = await minutes.keys.make(recorder, other)
    later = await approved(cell, minutes)
    with pytest.raises(WrongPassphrase):
        await minutes.sign(recorder, later.id, Part.RECORDER, PASSPHRASE)
    await minutes.sign(recorder, later.id, Part.RECORDER, other)
    [signature] = (await minutes.look(recorder, later.id)).signatures
    assert signature.fingerprint == fingerprint
