"""A secret consultation on devices among some in the hall, enabled by a dated decision of the committee."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from typing import Any

from demo.blinding import Blinded, blind, finish
from demo.cast import Member
from demo.client import Person, Refusal, Unexpected
from demo.stage import Stage, expect, names, refused

QUESTION = "Đồng chí có hài lòng với cách sinh hoạt chuyên đề của chi bộ không?"
PAPER = "Quyết định mẫu số 12-QĐ/ĐU ngày 20/11/2026"
MARKS = "fffaff"  # six phones: the numbers tell nobody's answer
_TRIES = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Slip:
    """A ballot that a phone may cast without a name."""

    token: Blinded
    signature: str


async def consult(stage: Stage, meeting: str, item: str, org: str) -> dict[str, Any]:
    """The question from the committee's decision to the list, for the summary."""
    refusal = await refused(_ask(stage, meeting, item), "secret-device-off")
    await stage.say(f"Thử lấy phiếu kín trên máy: chưa được phép. “{refusal.title}”")
    await _enable(stage, org)
    vote = str((await _ask(stage, meeting, item))["id"])
    members = [m for m in stage.cast.scanning if m.category == "official"][: len(MARKS)]
    expect(len(members) == len(MARKS), "too few phones in the hall")
    shown = await stage.secretary.get(f"/votes/{vote}/secret")
    await stage.say(f"Đảng ủy cho phép ({PAPER}). Mã đối chiếu trên màn hình hội trường: {shown['code']}.")
    slips = await asyncio.gather(*[_take(stage, vote, member, shown) for member in members])
    await refused(_again(stage, vote, members[0]), "another-blinded")
    await stage.secretary.post(f"/votes/{vote}/secret/casting", minutes=10)
    nobody = Person(stage.server.base)
    try:
        await refused(_named(stage, vote, members[0], slips[0]), "cast-with-name")
        await asyncio.gather(*[_cast(nobody, vote, one, m) for one, m in zip(slips, MARKS, strict=True)])
        await stage.secretary.post(f"/votes/{vote}/secret/end")
        result = await _closed(stage, vote)
        await _receipts(stage, nobody, vote, slips)
    finally:
        await nobody.close()
    return await _told(stage, members, result)


async def _enable(stage: Stage, org: str) -> None:
    """The committee's secretary sets it for all below, by a numbered and dated decision."""
    committee = stage.administrator
    me = await committee.get("/me")
    await committee.post(
        f"/orgs/{org}/mandates",
        person=me["person"],
        role="secretary",
        since="2026-11-01",
        paper="Quyết định mẫu số 02-QĐ/ĐU ngày 01/11/2026",
    )
    await committee.post(
        f"/orgs/{org}/policies",
        key="secret_device",
        value="consultation",
        valid_from="2026-11-20",
        citation=PAPER,
    )


async def _ask(stage: Stage, meeting: str, item: str) -> Any:
    return await stage.secretary.post(
        f"/meetings/{meeting}/votes",
        question=QUESTION,
        kind="consultation",
        form="secret_device",
        item=item,
        minutes=30,
    )


async def _take(stage: Stage, vote: str, member: Member, shown: dict[str, Any]) -> Slip:
    """The phone compares the twelve digits, then asks for its token."""
    person = await stage.person(member)
    seen = await person.get(f"/votes/{vote}/secret")
    expect(seen["code"] == shown["code"], "a phone was shown another key")
    token = blind(seen["modulus"])
    signed = await person.post(f"/votes/{vote}/secret/token", blinded=token.blinded)
    return Slip(token=token, signature=finish(seen["modulus"], token, signed["signed"]))


async def _again(stage: Stage, vote: str, member: Member) -> Any:
    """A second token for the same voter."""
    person = await stage.person(member)
    modulus = (await person.get(f"/votes/{vote}/secret"))["modulus"]
    return await person.post(f"/votes/{vote}/secret/token", blinded=blind(modulus).blinded)


async def _named(stage: Stage, vote: str, member: Member, slip: Slip) -> Any:
    return await (await stage.person(member)).post("/secret-ballots", **_body(vote, slip, "f"))


async def _cast(nobody: Person, vote: str, slip: Slip, mark: str) -> None:
    """Until it is recorded: held ballots are written together."""
    for _ in range(_TRIES):
        if (await nobody.post("/secret-ballots", **_body(vote, slip, mark)))["recorded"]:
            return
        await asyncio.sleep(0.2)
    raise Unexpected("a secret ballot was not recorded")


def _body(vote: str, slip: Slip, mark: str) -> dict[str, str]:
    token = slip.token
    return {
        "vote": vote,
        "serial": token.serial,
        "prefix": token.prefix,
        "signature": slip.signature,
        "mark": mark,
    }


async def _closed(stage: Stage, vote: str) -> dict[str, Any]:
    """Counting waits a few seconds for every worker's ballots."""
    for _ in range(_TRIES):
        try:
            return dict((await stage.secretary.post(f"/votes/{vote}/close"))["result"])
        except Refusal as refusal:
            expect(refusal.code == "still-gathering", f"secret count: {refusal}")
            await asyncio.sleep(0.3)
    raise Unexpected("the secret ballots were not counted")


async def _receipts(stage: Stage, nobody: Person, vote: str, slips: list[Slip]) -> None:
    """Every phone finds its receipt, without a name; the list holds exactly these."""
    mine = {hashlib.sha256(bytes.fromhex(one.token.serial)).hexdigest() for one in slips}
    found = [(await nobody.post("/secret-receipts", vote=vote, receipt=one))["counted"] for one in mine]
    listed = (await stage.secretary.get(f"/votes/{vote}/secret/list"))["ballots"]
    expect(all(found) and {one["receipt"] for one in listed} == mine, "a receipt is missing")


async def _told(stage: Stage, members: list[Member], result: dict[str, Any]) -> dict[str, Any]:
    counted = (result["in_favour"], result["against"], result["abstain"])
    expect(counted == (MARKS.count("f"), MARKS.count("a"), MARKS.count("n")), f"consultation: {result}")
    expect(result["passed"] is None and not result["withheld"], "a consultation decides nothing")
    await stage.say(f"Phát phiếu cho {names(members)}; phiếu gửi không kèm tên. {result['explanation']}")
    return {
        "enabled_by": PAPER,
        "issued": result["papers"]["issued"],
        "returned": result["papers"]["returned"],
        "for": counted[0],
        "against": counted[1],
        "abstain": counted[2],
        "passed": result["passed"],
    }
