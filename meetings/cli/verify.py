"""`chibo verify`: signed minutes by the nine rules, or every cell's ledger by its links. Writes nothing."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path

from meetings.cli.installation import (
    NoInstallation,
    OnlySample,
    has_sample,
    is_installed,
    reading,
    sample_argument,
    settings_of,
)
from meetings.cli.main import FAILED
from meetings.db.unit import Units
from meetings.kernel.errors import Invalid
from meetings.ledger.rules import Chain
from meetings.ledger.service import LedgerService
from meetings.minutes import work
from meetings.minutes.service import MinutesService, SigningKeys
from meetings.minutes.service.gathering import Form
from meetings.minutes.verification import Report
from meetings.minutes.verify import meeting_in
from meetings.minutes.workshop import ThreadWorkshop
from meetings.settings import Settings, open_secrets

_REASONS = {
    "edited": "đã bị sửa",
    "missing": "đã bị xóa",
    "reordered": "đã bị đổi chỗ",
    "head": "đã bị xóa, hoặc đầu sổ đã bị sửa",
}


class NeedsRoot(NoInstallation):
    """A file from elsewhere, and nothing here to judge it by."""

    message = "Không thấy cơ sở dữ liệu ở {where}. Xin chỉ đúng config.yaml (--config), hoặc thêm --root."


class CannotRead(Invalid):
    """A named file is missing or closed to us."""

    code = "cannot-read-file"
    message = "Không đọc được tệp {name}."


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to check."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("file", type=Path, nargs="?", help="biên bản PDF / minutes in PDF")
    what.add_argument("--ledger", action="store_true", help="kiểm tra sổ ghi / check the ledger")
    parser.add_argument("--root", type=Path, help="chứng thư gốc (PEM) / the authority's certificate (PEM)")
    parser.add_argument("--crl", type=Path, help="danh sách thu hồi (DER) / the revocation list (DER)")
    sample_argument(parser)


def run(options: argparse.Namespace) -> int:
    """0: accepted, or every link holds; else 1. Raises NoInstallation, CannotRead, SchemaBehind, BadSetting."""
    settings = settings_of(options)
    if options.ledger:
        chains = asyncio.run(check_ledger(settings))
        lines, good = tuple(ledger_lines(chains)), all(chain.valid for chain in chains)
    else:
        report = asyncio.run(check_minutes(settings, _read(options.file), options.root, options.crl))
        lines, good = report.lines(), report.accepted
    for line in lines:
        print(line)
    return 0 if good else FAILED


async def check_minutes(settings: Settings, pdf: bytes, root: Path | None, crl: Path | None) -> Report:
    """By what this installation knows of the meeting named in the file; else by `root`; else by its own root.

    Raises NoInstallation, CannotRead.
    """
    if is_installed(settings):
        async with reading(settings) as units:
            service = _service(settings, units)
            meeting = await asyncio.to_thread(meeting_in, pdf)
            known = meeting is not None and await service.knows(meeting)
            if known or (root is None and await service.keys.founded()):
                return await service.verify(pdf, meeting)
    if root is None:
        raise (OnlySample if has_sample(settings) else NeedsRoot)(where=str(settings.data.dir))
    trusted = work.Known(root=_read(root), crl=_read(crl) if crl else None)
    return await asyncio.to_thread(work.verify_pdf, pdf, trusted)


def _service(settings: Settings, units: Units) -> MinutesService:
    shop = ThreadWorkshop()
    keys = SigningKeys(units, shop, open_secrets(settings).ca_passphrase)
    form = Form(authority=settings.rules.signing_authority, demonstration=False)
    return MinutesService(units, shop, keys, form=form, timestamp_url=None)


async def check_ledger(settings: Settings) -> list[Chain]:
    """Every cell's chain, recomputed. Raises NoInstallation, SchemaBehind."""
    async with reading(settings) as units:
        return await LedgerService(units).verify()


def ledger_lines(chains: Sequence[Chain]) -> list[str]:
    """One line a cell, and one bottom line."""
    lines = [f"Chi bộ {chain.cell}: {_chain_text(chain)}" for chain in chains]
    wrong = sum(not chain.valid for chain in chains)
    entries = sum(chain.entries for chain in chains)
    if wrong:
        return [*lines, f"Sổ ghi KHÔNG còn nguyên vẹn: {wrong}/{len(chains)} chi bộ có sai lệch."]
    return [*lines, f"Sổ ghi còn nguyên vẹn: {entries} mục của {len(chains)} chi bộ, liên kết đều đúng."]


def _chain_text(chain: Chain) -> str:
    if chain.broken is None:
        return f"{chain.entries} mục, liên kết đúng."
    return f"mục số {chain.broken.seq} {_REASONS[chain.broken.reason]}."


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise CannotRead(name=file.name) from None
