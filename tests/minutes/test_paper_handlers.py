"""The other papers over HTTP: a secret vote from its ballots to its protocol, a resolution, letters, who may."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from demo.page_text import page_text
from meetings.convening.rules import Kind, Mode, State
from meetings.kernel.ids import Id, derived_id, new_id
from meetings.minutes.handlers import MinutesHandlers
from meetings.minutes.paper_handlers import PaperHandlers
from meetings.minutes.ports import Workshop
from meetings.minutes.service import MinutesService, PapersService
from meetings.voting.handlers import VotingHandlers
from tests.attendance.world import MEMBER, SECRETARY, STRANGER
from tests.browser import Browser, browsing
from tests.minutes.conftest import FORM
from tests.sitting.holding import Cell

pytestmark = pytest.mark.matrix

CELL = derived_id("org", "S")


@pytest.fixture
async def browser(cell: Cell, minutes: MinutesService, workshop: Workshop) -> AsyncIterator[Browser]:
    papers = PapersService(cell.world.units, workshop, form=FORM)
    endpoints = [
        *PaperHandlers(papers).endpoints(),
        *MinutesHandlers(minutes).endpoints(),
        *VotingHandlers(cell.voting).endpoints(),
    ]
    async with browsing(cell.world, endpoints) as made:
        yield made


async def admission(cell: Cell, browser: Browser) -> tuple[Id, str]:
    """(the open sitting, a secret vote on paper in it)."""
    sitting = await cell.opened(Mode.IN_PERSON)
    await cell.roll(sitting)
    asked = {
        "question": "Đề nghị kết nạp quần chúng Mẫu",
        "kind": "admission",
        "person": {"name": "Quần Chúng Mẫu"},
        "form": "paper",
        "minutes": 30,
    }
    made = await browser.post(f"/meetings/{sitting.id}/votes", SECRETARY, asked)
    assert made.status == 201, made.json
    return sitting.id, str(made.json["id"])


async def test_a_secret_vote_from_its_ballots_to_its_protocol(cell: Cell, browser: Browser) -> None:
    meeting, vote = await admission(cell, browser)
    for copies in ("", "?copies=20"):
        ballots = await browser.get(f"/votes/{vote}/ballots.pdf{copies}", SECRETARY)
        assert (ballots.status, ballots.type, ballots.body[:5]) == (200, "application/pdf", b"%PDF-")
    assert (await browser.get(f"/votes/{vote}/ballots.pdf?copies=0", SECRETARY)).status == 422
    assert (await browser.get(f"/votes/{vote}/ballots.pdf", MEMBER)).code == (403, "no-power")
    assert (await browser.get(f"/votes/{vote}/ballots.pdf", STRANGER)).code == (404, "no-such-meeting")
    wanted = {"kind": "counting", "vote": vote}
    assert (await browser.post(f"/meetings/{meeting}/papers", SECRETARY, wanted)).code == (409, "not-counted")
    count = {"issued": 13, "returned": 13, "valid": 13, "invalid": 0, "board": [cell.world.member("o8")]}
    count["lines"] = [{"in_favour": 13, "against": 0}]
    assert (await browser.post(f"/votes/{vote}/paper-count", SECRETARY, count)).status == 200
    assert (await browser.post(f"/votes/{vote}/close", SECRETARY)).status == 200
    key = new_id()
    made = await browser.post(f"/meetings/{meeting}/papers", SECRETARY, wanted, key=key)
    assert (made.status, made.json["number"], made.json["about"]) == (201, "01-BB/CB", vote)
    assert (await browser.post(f"/meetings/{meeting}/papers", SECRETARY, wanted, key=key)).body == made.body
    again = await browser.post(f"/meetings/{meeting}/papers", SECRETARY, wanted)
    assert again.code == (409, "already-issued")
    assert (await browser.get(f"/meetings/{meeting}/papers", MEMBER)).json["papers"] == [made.json]
    pdf = await browser.get(f"/papers/{made.json['id']}.pdf", MEMBER)
    assert (pdf.status, pdf.body[:5]) == (200, b"%PDF-")
    assert (await browser.get(f"/papers/{made.json['id']}.pdf", STRANGER)).code == (404, "no-such-meeting")
    assert (await browser.get(f"/papers/{new_id()}.pdf", MEMBER)).code == (404, "no-such-paper")


async def test_ballots_are_printed_before_anything_is_put_to_the_vote(cell: Cell, browser: Browser) -> None:
    sitting = await cell.opened(Mode.IN_PERSON)
    path = f"/meetings/{sitting.id}/ballots.pdf"
    asked = {"question": "Kết nạp", "kind": "admission", "person": {"name": "Quần Chúng Mẫu"}}
    for copies, printed in ((None, 22), (3, 3)):
        ballots = await browser.post(path, SECRETARY, asked | {"copies": copies})
        assert (ballots.status, ballots.type, ballots.body[:5]) == (200, "application/pdf", b"%PDF-")
        words = page_text(ballots.body)
        assert words.count("Quần Chúng Mẫu") == words.count("Kết nạp") == printed
    assert (await browser.post(path, SECRETARY)).status == 422
    assert (await browser.post(path, MEMBER, asked)).code == (403, "no-power")
    assert (await browser.post(path, STRANGER, asked)).code == (404, "no-such-meeting")
    assert (await browser.get(f"{path}?question=x", SECRETARY)).status == 405, "no words in an address"
    assert (await browser.get(f"/meetings/{sitting.id}/votes", MEMBER)).json["votes"] == [], "nothing is put"


async def test_ballots_ahead_are_of_questions_that_could_be_put_so(cell: Cell, browser: Browser) -> None:
    sitting, world = await cell.opened(Mode.IN_PERSON), cell.world
    path = f"/meetings/{sitting.id}/ballots.pdf"
    member = {"member": world.member("o3")}
    refused: dict[str, tuple[int, dict[str, object]]] = {
        "person-missing": (422, {"kind": "reprimand"}),
        "one-person-only": (422, {"kind": "admission", "person": {"name": "Một Mẫu và Hai Mẫu"}}),
        "not-this-person": (409, {"kind": "recognition", "person": member}),
        "nobody-concerned": (422, {"kind": "consultation", "person": member}),
        "open-from-the-list": (409, {"kind": "secretary_election"}),
        "form-not-allowed": (409, {"kind": "resolution"}),
    }
    for code, (status, more) in refused.items():
        assert (await browser.post(path, SECRETARY, {"question": "x", **more})).code == (status, code)
    warned = await browser.post(path, SECRETARY, {"question": "x", "kind": "warning", "person": member})
    assert "Người Thử O3" in page_text(warned.body), "as the roll has it"
    asked = await browser.post(path, SECRETARY, {"question": "Lấy ý kiến mẫu", "kind": "consultation"})
    assert "Lấy ý kiến mẫu" in page_text(asked.body)
    supplement = await cell.opened(Mode.ONLINE)
    online = await browser.post(
        f"/meetings/{supplement.id}/ballots.pdf", SECRETARY, {"question": "x", "kind": "consultation"}
    )
    assert online.code == (409, "online-forbidden")


async def test_ballots_of_an_election_are_printed_from_the_closed_list(cell: Cell, browser: Browser) -> None:
    sitting, world = await cell.opened(Mode.IN_PERSON), cell.world
    await cell.roll(sitting)
    wanted = {"kind": "committee_election", "title": "Bầu chi ủy", "seats": 2}
    made = await browser.post(f"/meetings/{sitting.id}/elections", SECRETARY, wanted)
    election = f"/elections/{made.json['id']}"
    for label in ("o1", "o2", "o3"):
        name = {"member": world.member(label), "step": "by_convenor"}
        assert (await browser.post(f"{election}/names", SECRETARY, name)).status == 200
    assert (await browser.get(f"{election}/ballots.pdf", SECRETARY)).code == (409, "list-open")
    await browser.post(f"{election}/list", SECRETARY)
    ballots = await browser.get(f"{election}/ballots.pdf?copies=15", SECRETARY)
    assert (ballots.status, ballots.body[:5]) == (200, b"%PDF-")
    assert (await browser.get(f"{election}/ballots.pdf", MEMBER)).code == (403, "no-power")
    assert (await browser.get(f"{election}/ballots.pdf", STRANGER)).code == (404, "no-such-meeting")
    assert (await browser.post(f"{election}/rounds", SECRETARY, {})).status == 201
    assert (await browser.get(f"{election}/ballots.pdf", SECRETARY)).code == (409, "round-not-now")


async def test_hands_have_no_ballots(cell: Cell, browser: Browser) -> None:
    sitting = await cell.opened(Mode.IN_PERSON)
    await cell.roll(sitting)
    vote = (await cell.ask(sitting)).vote.id
    assert (await browser.get(f"/votes/{vote}/ballots.pdf", SECRETARY)).code == (409, "not-on-ballots")


async def test_a_resolution_after_the_minutes(cell: Cell, browser: Browser) -> None:
    sitting = (await cell.november()).sitting
    base = f"/meetings/{sitting.id}"
    votes = (await browser.get(f"{base}/votes", MEMBER)).json["votes"]
    wanted = {
        "kind": "resolution",
        "vote": votes[0]["id"],
        "text": "I. Kết quả\nTốt.",
        "recipients": ["Đảng ủy"],
    }
    assert (await browser.post(f"{base}/papers", SECRETARY, wanted)).code == (409, "no-resolution")
    assert (await browser.post(f"{base}/minutes/approve", SECRETARY)).status == 200
    refused = {
        "no-resolution-text": wanted | {"text": " "},
        "no-vote-named": {"kind": "resolution", "text": "x"},
        "missing-glyph": wanted | {"text": "Tốt 😀"},
    }
    for code, body in refused.items():
        assert (await browser.post(f"{base}/papers", SECRETARY, body)).code == (422, code)
    assert (await browser.post(f"{base}/papers", MEMBER, wanted)).code == (403, "no-power")
    made = await browser.post(f"{base}/papers", SECRETARY, wanted)
    assert (made.status, made.json["number"]) == (201, "01-NQ/CB")  # what was refused took no number
    assert (await browser.get(f"/papers/{made.json['id']}.pdf", MEMBER)).status == 200


async def test_the_list_and_an_excerpt(cell: Cell, browser: Browser) -> None:
    sitting = (await cell.november()).sitting
    base = f"/meetings/{sitting.id}"
    assert (await browser.get(f"{base}/attendance.pdf", MEMBER)).status == 200
    draft = (await browser.get(f"{base}/minutes", MEMBER)).json
    item = draft["minutes"]["facts"]["items"][0]["id"]
    assert (await browser.get(f"{base}/minutes/items/{item}.pdf", MEMBER)).code == (404, "no-minutes")
    assert (await browser.post(f"{base}/minutes/approve", SECRETARY)).status == 200
    assert (await browser.get(f"{base}/minutes/items/{item}.pdf", MEMBER)).status == 200
    assert (await browser.get(f"{base}/minutes/items/{new_id()}.pdf", MEMBER)).code == (404, "no-such-item")
    assert (await browser.get(f"{base}/attendance.pdf", MEMBER)).status == 200
    assert (await browser.get(f"{base}/attendance.pdf", STRANGER)).code == (404, "no-such-meeting")


async def test_letters_for_all_and_for_one(cell: Cell, browser: Browser) -> None:
    made = await cell.world.meeting(mode=Mode.HYBRID, state=State.CONVENED)
    base = f"/meetings/{made.id}"
    assert (await browser.get(f"{base}/convocation.pdf", SECRETARY)).status == 200
    assert (await browser.get(f"{base}/convocation.pdf", MEMBER)).code == (403, "no-power")
    issued = await browser.post(f"{base}/papers", SECRETARY, {"kind": "convocation"})
    assert (issued.status, issued.json["number"], issued.json["about"]) == (201, "01-GM/CB", made.id)
    one = f"{base}/convocation.pdf?member={cell.world.member('o3')}"
    assert (await browser.get(one, SECRETARY)).status == 200
    other = f"{base}/convocation.pdf?member={new_id()}"
    assert (await browser.get(other, SECRETARY)).code == (404, "not-called")


async def test_a_rehearsal_takes_no_number(cell: Cell, browser: Browser) -> None:
    made = await cell.world.meeting(mode=Mode.IN_PERSON, kind=Kind.PRACTICE, state=State.CONVENED)
    issued = await browser.post(f"/meetings/{made.id}/papers", SECRETARY, {"kind": "convocation"})
    assert (issued.status, issued.json["number"]) == (201, None)
    real = await cell.world.meeting(mode=Mode.IN_PERSON, state=State.CONVENED)
    issued = await browser.post(f"/meetings/{real.id}/papers", SECRETARY, {"kind": "convocation"})
    assert issued.json["number"] == "01-GM/CB"


async def test_one_paper_wins_when_two_issue_it_at_once(cell: Cell, browser: Browser) -> None:
    made = await cell.world.meeting(mode=Mode.IN_PERSON, state=State.CONVENED)
    said = await asyncio.gather(
        *(browser.post(f"/meetings/{made.id}/papers", SECRETARY, {"kind": "convocation"}) for _ in range(4))
    )
    assert sorted(one.status for one in said) == [201, 409, 409, 409]
    assert {one.code[1] for one in said if one.status == 409} == {"already-issued"}
    cell.world.clock.move(timedelta(days=1))
    other = await cell.world.meeting(mode=Mode.IN_PERSON, state=State.CONVENED)
    issued = await browser.post(f"/meetings/{other.id}/papers", SECRETARY, {"kind": "convocation"})
    assert issued.json["number"] == "02-GM/CB"


async def test_terms_begin_numbers_anew(cell: Cell, browser: Browser) -> None:
    path = f"/cells/{CELL}/document-terms"
    term = {"name": "Nhiệm kỳ 2025-2030", "since": "2025-06-01", "last_convocation": 14}
    assert (await browser.post(path, MEMBER, term)).code == (403, "no-power")
    assert (await browser.post(path, SECRETARY, term)).status == 201
    assert (await browser.post(path, SECRETARY, term)).code == (409, "term-too-early")
    assert (await browser.get(path, MEMBER)).json["terms"][0]["last_convocation"] == 14
    made = await cell.world.meeting(mode=Mode.IN_PERSON, state=State.CONVENED)
    issued = await browser.post(f"/meetings/{made.id}/papers", SECRETARY, {"kind": "convocation"})
    assert issued.json["number"] == "15-GM/CB"
    before = term | {"since": issued.json["day"]}
    assert (await browser.post(path, SECRETARY, before)).code == (409, "term-too-early")
