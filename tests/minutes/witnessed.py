"""A log that a witness looked at, and what is believed who has only its export."""

from __future__ import annotations

from pathlib import Path

from meetings.ledger.log import LogService
from meetings.ledger.offline import Export, open_checkpoint
from meetings.ledger.signers import log_signer, witness_signer
from meetings.minutes.numbering import IssuedPaper
from meetings.minutes.offline_log import known_from_export
from meetings.minutes.service import MinutesService
from meetings.minutes.work import Known
from tests.sitting.holding import Cell

LOG, WITNESS = log_signer("an invented secret of a log"), witness_signer("of a witness", "dang-uy.example")


async def witnessed(cell: Cell) -> LogService:
    """The log, with everything so far cosigned."""
    log = LogService(cell.world.units, LOG, [WITNESS.key])
    await log.sequence()
    told = open_checkpoint(await log.checkpoint(), LOG.key)
    await log.add_cosignature(told.size, WITNESS.cosign(told, 1_795_000_000))
    return log


async def exported(cell: Cell, minutes: MinutesService, issued: IssuedPaper, folder: Path) -> Known:
    """From the files of the log alone, with the root and the list that whoever verifies trusts."""
    await (await witnessed(cell)).export(folder)
    trusted = await minutes.keys.trusted()
    believed = Known(root=trusted.root, crl=trusted.crl)
    keys = str(LOG.key), (str(WITNESS.key),)
    return known_from_export(Export(folder), *keys, None, believed, paper=issued.data)
