"""Secret ballots of paper where there is no network: the protocol comes in with the sitting and is judged as always."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from meetings.kernel.errors import Refused
from meetings.offline.rules import Kept, KeptPapers, KeptVote
from meetings.offline.service import Kit
from meetings.voting import service as voting
from meetings.voting.paper import NotOnBoard, NotSorted, TooManyIssued
from meetings.voting.persons import PersonMissing
from meetings.voting.refusals import FormNotAllowed
from meetings.voting.rules import Concerned, DecisionKind, Form
from tests.offline.keeping import LATER, Device

PAPERS = KeptPapers(issued=13, returned=13, valid=12, invalid=1, blank=0, board=())


def _removal(device: Device, kept: Kept) -> KeptVote:
    member = device.cell.world.member
    return replace(
        kept.votes[0],
        question="Xóa tên trong danh sách đảng viên",
        kind=DecisionKind.REMOVAL,
        form=Form.PAPER,
        in_favour=12,
        against=0,
        abstain=0,
        base=19,
        needed=13,
        passed=False,
        taking_part=(),
        opened_at=kept.opened_at + timedelta(minutes=70),
        closed_at=kept.opened_at + timedelta(minutes=80),
        person=Concerned(name="", member=member("o4")),
        papers=replace(PAPERS, board=(member("o8"), member("o9"))),
    )


async def _kept(device: Device) -> tuple[Kit, Kept]:
    made = await device.called()
    kit = await device.takes(made.id)
    kept = device.holds(kit)
    device.cell.world.clock.set(LATER)
    return kit, kept


async def test_a_protocol_comes_in_once_with_its_person(device: Device) -> None:
    kit, kept = await _kept(device)
    kept = replace(kept, votes=(*kept.votes, _removal(device, kept)))
    for _ in range(2):
        done = await device.brings(kit.sitting.id, kept, kit)
        assert (done.brought is not None, done.differences) == (True, ())
    async with device.cell.world.units.read() as uow:
        [_, secret] = await voting.votes(uow, kit.sitting.id)
    result = secret.result or {}
    assert (secret.vote.form, secret.vote.person and secret.vote.person.name) == (Form.PAPER, "Người Thử O4")
    assert (result["base"], result["needed"], result["in_favour"], result["invalid"]) == (19, 13, 12, 1)
    assert result["passed"] is False
    assert result["papers"]["issued"] == 13
    assert result["papers"]["board"] == ["Người Thử O8", "Người Thử O9"]


async def test_another_verdict_is_shown_to_a_person_first(device: Device) -> None:
    kit, kept = await _kept(device)
    kept = replace(kept, votes=(replace(_removal(device, kept), passed=True),))
    shown = await device.brings(kit.sitting.id, kept, kit)
    assert shown.brought is None
    [one] = shown.differences
    assert (await device.brings(kit.sitting.id, kept, kit, one.key)).brought is not None


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"papers": replace(PAPERS, board=("o8",), invalid=0)}, NotSorted),
        ({"papers": replace(PAPERS, board=("o8",), issued=14)}, TooManyIssued),
        ({"papers": replace(PAPERS, board=("o4",))}, NotOnBoard),
        ({"papers": PAPERS}, NotOnBoard),
        ({"person": None}, PersonMissing),
        ({"form": Form.CARDS}, FormNotAllowed),
        ({"papers": None}, FormNotAllowed),
    ],
)
async def test_what_does_not_add_up_writes_nothing(
    device: Device, change: dict[str, object], refusal: type[Refused]
) -> None:
    kit, kept = await _kept(device)
    vote = replace(_removal(device, kept), **change)  # type: ignore[arg-type]  # one field at a time
    if vote.papers is not None:
        board = tuple(
            device.cell.world.member(one) if one.startswith("o") else one for one in vote.papers.board
        )
        vote = replace(vote, papers=replace(vote.papers, board=board))
    with pytest.raises(refusal):
        await device.brings(kit.sitting.id, replace(kept, votes=(vote,)), kit)
    async with device.cell.world.units.read() as uow:
        assert await voting.votes(uow, kit.sitting.id) == []
