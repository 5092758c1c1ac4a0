"""Minutes in the demonstration: read out, approved, signed by two people's own keys, verified, saved."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from demo.stage import Stage, expect


@dataclass(frozen=True, kw_only=True, slots=True)
class Signed:
    """Signed minutes as saved."""

    file: str
    sha256: str
    signatures: int
    valid: bool
    facts: dict[str, Any]


async def signed_minutes(stage: Stage, meeting: str, items: list[dict[str, Any]], *, name: str) -> Signed:
    """From the draft to the file in the demonstration's folder."""
    writer = await stage.person(stage.cast.recorder)
    for item in items[:1]:
        await writer.put(
            f"/meetings/{meeting}/minutes/texts/{item['id']}",
            words="Bí thư nêu mục đích, nội dung buổi sinh hoạt.",
        )
    await stage.secretary.post(f"/meetings/{meeting}/minutes/approve")
    await stage.say("Biên bản được chốt và in ra PDF.")
    for member, role in ((stage.cast.recorder, "recorder"), (stage.cast.chair, "chair")):
        person = await stage.person(member)
        passphrase = secrets.token_hex(10)
        await person.post("/me/signing-key", passphrase=passphrase)
        await person.post(f"/meetings/{meeting}/minutes/signatures", role=role, passphrase=passphrase)
        await stage.say(
            f"{member.name} ký bằng khóa riêng (mật khẩu do phần trình diễn tự đặt: {passphrase})."
        )
    pdf = await stage.secretary.raw("GET", f"/meetings/{meeting}/minutes.pdf")
    (stage.out / name).write_bytes(pdf)
    report = await stage.secretary.get(f"/meetings/{meeting}/minutes/verification")
    for line in report["lines"]:
        print(f"      {line}", flush=True)
    expect(report["accepted"], "the verifier does not accept the minutes")
    standing = await stage.secretary.get(f"/meetings/{meeting}/minutes")
    return Signed(
        file=name,
        sha256=hashlib.sha256(pdf).hexdigest(),
        signatures=len(standing["signatures"]),
        valid=report["accepted"],
        facts=standing["minutes"]["facts"],
    )
