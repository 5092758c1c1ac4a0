"""Photographs of papers: who opens them, what is noted, and that a hash alone opens nothing."""

from __future__ import annotations

import pytest

from meetings.committees.powers import NoPower
from meetings.convening.rules import Kind, Meeting
from meetings.convening.service import ConveningService, NoSuchMeeting, OnPaper
from meetings.kernel.scans import ScanKind
from meetings.ledger import files
from meetings.oversight.service import NoSuchFile
from tests.attendance.world import MEMBER, SECRETARY, STRANGER
from tests.oversight.world import NOVEMBER, Above, cell, evening, month_of
from tests.scans import picture, sha256_of

PHOTO, LETTER = picture("JPEG"), picture("PNG")


async def entered(above: Above) -> Meeting:
    """A meeting of cell S from paper, with its photograph."""
    above.clock.set(evening(NOVEMBER, 28, 9))
    said = OnPaper(
        kind=Kind.REGULAR,
        place="Nhà văn hóa thôn",
        opened_at=evening(NOVEMBER, 24, 19, 30),
        closed_at=evening(NOVEMBER, 24, 21, 5),
        photo=PHOTO,
    )
    service = ConveningService(above.units)
    return await service.enter_paper(above.below.asks(SECRETARY), cell("S"), said)


async def test_a_superior_opens_the_photograph_and_the_cell_sees_that_they_did(above: Above) -> None:
    meeting = await entered(above)
    found = await above.service.file_of_meeting(above.auditor, meeting.id, sha256_of(PHOTO))
    assert (found.content, found.kind, found.stem) == (PHOTO, ScanKind.JPEG, "bien-ban-giay")
    assert (await acts(above, "S"))[-1] == ("oversight.open_file", above.auditor.person)


async def test_the_cells_own_leaders_open_it_without_a_note(above: Above) -> None:
    meeting = await entered(above)
    secretary = above.below.asks(SECRETARY)
    before = await acts(above, "S")
    assert (await above.service.file_of_meeting(secretary, meeting.id, sha256_of(PHOTO))).content == PHOTO
    assert await acts(above, "S") == before


@pytest.mark.parametrize(("who", "refusal"), [(MEMBER, NoPower), (STRANGER, NoSuchMeeting)])
async def test_others_open_nothing(above: Above, who: str, refusal: type[Exception]) -> None:
    meeting = await entered(above)
    with pytest.raises(refusal):
        await above.service.file_of_meeting(above.below.asks(who), meeting.id, sha256_of(PHOTO))


async def test_a_file_that_another_act_names_is_not_there(above: Above) -> None:
    meeting = await entered(above)
    async with above.units.begin() as uow:
        other = await files.keep_scan(uow, LETTER)
    before = await acts(above, "S")
    for sha256 in (other, "0" * 64, "", "../etc"):
        with pytest.raises(NoSuchFile):
            await above.service.file_of_meeting(above.auditor, meeting.id, sha256)
    with pytest.raises(NoSuchFile):
        await above.service.file_of_month(above.auditor, cell("S"), NOVEMBER, sha256_of(PHOTO))
    assert await acts(above, "S") == before, "a refusal shows nobody anything"


async def test_a_superiors_letter_is_kept_and_opened(above: Above) -> None:
    await above.decide("S", NOVEMBER, scan=LETTER)
    [listed] = month_of(await above.look(), "S", NOVEMBER)["decisions"]
    assert listed["scan_sha256"] == sha256_of(LETTER)
    found = await above.service.file_of_month(above.auditor, cell("S"), NOVEMBER, sha256_of(LETTER))
    assert (found.content, found.stem) == (LETTER, "van-ban-cap-tren")
    with pytest.raises(NoSuchFile):
        await above.service.file_of_month(above.auditor, cell("T"), NOVEMBER, sha256_of(LETTER))
    with pytest.raises(NoPower):
        await above.service.file_of_month(above.below.asks(MEMBER), cell("S"), NOVEMBER, sha256_of(LETTER))


async def acts(above: Above, name: str) -> list[tuple[str, str | None]]:
    look = await above.service.ledger(above.auditor, cell(name), after=0, most=500)
    return [(line.act, line.actor) for line in look.lines]
