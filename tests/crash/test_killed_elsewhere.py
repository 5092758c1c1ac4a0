"""kill -9 between every two steps of signing with keys that are elsewhere: a browser's, then a token's under a code."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy.ext.asyncio import AsyncEngine

from meetings.committees import service as committees
from meetings.db.unit import Units
from meetings.minutes.ports import Workshop
from meetings.minutes.service import Believed, MinutesService, SigningKeys
from meetings.minutes.trust_list import TrustList
from tests.attendance.world import SECRETARY
from tests.crash.killing import CERTIFICATE, DEVICE, LISTING
from tests.crash.test_killed import Doomed, all_is_well, doomed, engine, everything, until_done
from tests.minutes.conftest import FORM, INSTALLATION
from tests.minutes.device import new_device
from tests.minutes.outside import new_outside
from tests.sitting.holding import RECORDER, Cell

__all__ = ["doomed", "engine"]

IN_A_BROWSER = ("prepare recorder", "wait recorder", "fill recorder", "finish recorder")
BY_A_TOKEN = ("code chair", "prepare chair", "wait chair", "fill chair", "finish chair")
LEAST_STEPS = {"wait recorder": 3, "finish recorder": 5, "code chair": 2, "wait chair": 4, "finish chair": 5}


async def _keys_elsewhere(cell: Cell, minutes: MinutesService, folder: Path) -> Path:
    """The recorder's device with a certificate of ours, a token in the chair's name; both keys lie in the folder."""
    device, outside = new_device(), new_outside()
    pem = device.key.private_bytes(
        Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / DEVICE).write_bytes(pem)
    recorder = cell.world.asks(RECORDER)
    made = await minutes.keys.certify_ahead(recorder, device.request(recorder.person))
    await minutes.keys.keep_certified(recorder, made)
    async with cell.world.units.read() as uow:
        name = await committees.person_name(uow, cell.world.asks(SECRETARY).person)
    token = outside.certificate(name.upper(), device.key.public_key())
    (folder / CERTIFICATE).write_bytes(token.public_bytes(Encoding.DER))
    written = outside.write(folder)
    return written if written.name == LISTING else written.rename(folder / LISTING)


@pytest.mark.timeout(600)
async def test_killed_between_any_two_steps_of_signing_elsewhere(
    doomed: Doomed,
    cell: Cell,
    minutes: MinutesService,
    engine: AsyncEngine,
    units: Units,
    workshop: Workshop,
    tmp_path: Path,
) -> None:
    listing = await _keys_elsewhere(cell, minutes, tmp_path)
    for act in ("draft", "render", "approve"):
        assert await doomed.attempt(act, 0) == "done"
    steps = {act: await until_done(doomed, act, engine) for act in (*IN_A_BROWSER, *BY_A_TOKEN, "sequence")}
    assert all(steps[act] >= least for act, least in LEAST_STEPS.items()), steps
    believed = Believed(authorities=TrustList(listing))
    keys = SigningKeys(units, workshop, INSTALLATION)
    believing = MinutesService(units, workshop, keys, form=FORM, timestamp_url=None, believed=believed)
    await all_is_well(doomed, cell, believing)
    after = await everything(engine)
    for act in ("wait recorder", "finish recorder", "code chair", "wait chair", "finish chair"):
        assert await doomed.attempt(act, 0) == "refused", act
    assert await everything(engine) == after
