"""Rows and entries of a whole sitting: they match, and whoever touches one side is found (signing.md 6, attack 23)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from meetings.committees.powers import Part
from meetings.db.unit import Units
from meetings.kernel.ids import new_id
from meetings.ledger.log import LogService
from meetings.ledger.signers import log_signer
from meetings.minutes.service import MinutesService
from meetings.oversight.reconcile import Gap, reconcile
from meetings.voting.casting import Cast
from meetings.voting.rules import Choice
from tests.attendance.world import SECRETARY
from tests.conftest import Template
from tests.ledger.tampering import as_owner
from tests.minutes.conftest import cell, gateway, minutes, real, rooms, service, units, workshop, world
from tests.minutes.conftest import database_template as with_keys
from tests.minutes.office import PASSPHRASE
from tests.sitting.holding import RECORDER, Cell

__all__ = [
    "cell",
    "gateway",
    "minutes",
    "real",
    "rooms",
    "service",
    "units",
    "with_keys",
    "workshop",
    "world",
]


@pytest.fixture(scope="session")
def database_template(with_keys: Template) -> Template:
    return with_keys


@pytest.fixture
async def signed(cell: Cell, minutes: MinutesService) -> Units:
    """The November sitting with its minutes approved and signed, everything in the log."""
    sitting = await cell.opened()
    await cell.roll(sitting)
    await cell.phone_in(sitting)
    await cell.decide(sitting)
    vote = await cell.ask(sitting, "e1")
    cell.voting.box.start()
    for label in ("o1", "o2", "o3"):
        person = cell.world.asks(label).person
        await cell.voting.box.put(
            Cast(id=new_id(), vote=vote.vote.id, person=person, version=1, choice=Choice.FOR)
        )
    await cell.voting.box.stop()
    await cell.count(vote)
    cell.world.clock.move(timedelta(minutes=95))
    await cell.close(sitting)
    await minutes.approve(cell.world.asks(SECRETARY), sitting.id)
    await minutes.sign(cell.world.asks(RECORDER), sitting.id, Part.RECORDER, PASSPHRASE)
    units = cell.world.units
    await LogService(units, log_signer("an invented secret of a log")).sequence()
    return units


STUFFED = """INSERT INTO ballot (id, vote_id, member_id, version, choice, received_at, body_hash)
SELECT 'stuffed', vote_id, 'nobody', version, choice, received_at, body_hash FROM ballot LIMIT 1"""
CORRECTED = """INSERT INTO roster_entry (meeting_id, member_id, sequence, reason, by_id, at)
SELECT meeting_id, min(member_id), 1, 'x', 'x', CURRENT_TIMESTAMP FROM roster_entry GROUP BY meeting_id"""
# statements; then what each kind of gap must be found in
ATTACKS: dict[str, tuple[list[str], str, str]] = {
    "ballot stuffed": (
        [STUFFED],
        "ý kiến biểu quyết",
        "unrecorded",
    ),
    "ballot removed": (
        ["DELETE FROM ballot WHERE id = (SELECT min(id) FROM ballot)"],
        "ý kiến biểu quyết",
        "vanished",
    ),
    "ballot turned": (["UPDATE ballot SET choice = 'against'"], "nội dung ý kiến", "altered"),
    "roll removed": (["DELETE FROM roll"], "bảng điểm danh", "vanished"),
    "roster of the close changed": (
        ["UPDATE roster_entry SET category = 'exempt' WHERE category = 'official'"],
        "danh sách lúc kết thúc",
        "altered",
    ),
    "roster corrected by hand": (
        [CORRECTED],
        "danh sách của buổi họp được sửa",
        "unrecorded",
    ),
    "minutes removed": (["DELETE FROM minutes"], "biên bản được thông qua", "vanished"),
    "another's certificate": (
        ["UPDATE minutes_signature SET fingerprint = 'x'"],
        "chữ ký biên bản",
        "unrecorded",
    ),
    "signature removed": (["DELETE FROM minutes_signature"], "chữ ký biên bản", "vanished"),
    "entry removed": (
        ["DELETE FROM ledger_entry WHERE act = 'voting.open'"],
        "nội dung biểu quyết",
        "unrecorded",
    ),
    "entry rebuilt": (
        ["UPDATE ledger_entry SET hash = 'x' WHERE act = 'sitting.close'"],
        "sổ ghi chung",
        "vanished",
    ),
    "opened by hand": (
        ["UPDATE ledger_entry SET act = 'other' WHERE act = 'sitting.open'"],
        "buổi họp đã mở",
        "unrecorded",
    ),
}


async def _gap(units: Units, what: str) -> Gap:
    return {gap.what: gap for gap in await reconcile(units)}[what]


async def test_whoever_touches_one_side_is_found(signed: Units, owner_url: str) -> None:
    """One after the other on the same data: each adds its own gap."""
    assert await reconcile(signed) == []
    for name, (statements, what, side) in ATTACKS.items():
        await as_owner(owner_url, *statements)
        gap = await _gap(signed, what)
        assert getattr(gap, side), name
