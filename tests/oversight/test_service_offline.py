"""What an auditor reads about a sitting that was held without a network (story 4)."""

from __future__ import annotations

from meetings.convening.rules import Meeting
from meetings.ledger.service import LedgerService
from meetings.oversight.pages import evidence_text
from meetings.oversight.service.evidence import EvidenceActs
from meetings.oversight.views import evidence_view
from tests.attendance.world import AUDITOR
from tests.offline.conftest import (
    cell,
    database_template,
    device,
    gateway,
    offline,
    real,
    rooms,
    service,
    units,
    world,
)
from tests.offline.keeping import LATER, Device

__all__ = [
    "cell",
    "database_template",
    "device",
    "gateway",
    "offline",
    "real",
    "rooms",
    "service",
    "units",
    "world",
]


async def test_times_of_a_device_are_marked_as_such_and_the_receipt_stands_beside(device: Device) -> None:
    world = device.cell.world
    acts = EvidenceActs(world.units, LedgerService(world.units))
    made = await device.called()
    assert isinstance(made, Meeting)
    kit = await device.takes(made.id)
    before = await acts.evidence(world.asks(AUDITOR), made.id)
    assert (before.brought, evidence_view(before).offline) == (None, None)
    assert "giờ của máy" not in str(evidence_text(before).facts)
    kept = device.holds(kit)
    world.clock.set(LATER)
    await device.brings(made.id, kept, kit)
    found = await acts.evidence(world.asks(AUDITOR), made.id)
    view = evidence_view(found)
    assert view.offline is not None
    assert (view.offline.at, view.offline.sent_at, view.offline.differences) == (LATER, LATER, 0)
    facts = dict(evidence_text(found).facts)
    assert facts["Giờ ghi trong biên bản"].endswith("(giờ của máy giữ buổi họp)")
    told = facts["Họp không có mạng"]
    assert "10:00 ngày 02/12/2026 (giờ của máy), nhận lúc 10:00 ngày 02/12/2026" in told
    assert view.offline.body_hash[:16] in told
    sources = [one for line in evidence_text(found).lines for one in line.sources]
    assert sources
    assert all(", giờ máy " in one and "nhận lúc 10:00" in one for one in sources)
