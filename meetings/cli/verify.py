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
from meetings.ledger.offline import COSIGNATURE, NOTE, Export, Unsound, check_export, cosigners, read_key
from meetings.ledger.rules import Chain
from meetings.ledger.service import LedgerService
from meetings.minutes import work
from meetings.minutes.offline_log import known_from_export
from meetings.minutes.service import MinutesService, SigningKeys
from meetings.minutes.service.believing import believed
from meetings.minutes.service.gathering import Form
from meetings.minutes.verification import Report
from meetings.minutes.verify import is_signed, meeting_in, paper_in
from meetings.minutes.workshop import ThreadWorkshop
from meetings.oversight.reconcile import Gap, reconcile
from meetings.settings import Settings, open_secrets

_SHOWN = 5  # keys named in a line
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


class NothingToVerify(Invalid):
    """Neither a file nor the ledger was named."""

    code = "nothing-to-verify"
    message = "Cần một tệp PDF, hoặc --ledger, hoặc --offline --log."


class NeedsLog(Invalid):
    """Offline needs the exported log and its key."""

    code = "needs-log"
    message = "Kiểm tra ngoại tuyến cần --log (thư mục sổ ghi đã xuất) và --log-key (khóa của sổ ghi)."


class NeedsOwnRoot(Invalid):
    """A file is judged by a root that whoever verifies trusts."""

    code = "needs-own-root"
    message = "Kiểm tra tệp PDF ngoại tuyến cần --root (chứng thư gốc) và --crl (danh sách thu hồi)."


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to check."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("file", type=Path, nargs="?", help="biên bản PDF / minutes in PDF")
    what.add_argument("--ledger", action="store_true", help="kiểm tra sổ ghi / check the ledger")
    parser.add_argument(
        "--offline", action="store_true", help="không dùng dữ liệu của máy này / without this installation"
    )
    parser.add_argument("--log", type=Path, metavar="EXPORT", help="sổ ghi đã xuất / an exported log")
    parser.add_argument("--log-key", metavar="KEY", help="khóa của sổ ghi / the log's key")
    parser.add_argument(
        "--witness", action="append", default=[], metavar="KEY", help="khóa làm chứng / a witness's key"
    )
    parser.add_argument("--root", type=Path, help="chứng thư gốc (PEM) / the authority's certificate (PEM)")
    parser.add_argument("--crl", type=Path, help="danh sách thu hồi (DER) / the revocation list (DER)")
    sample_argument(parser)


def run(options: argparse.Namespace) -> int:
    """0: accepted, or every link holds; else 1. Raises NoInstallation, CannotRead, SchemaBehind, BadSetting."""
    if options.offline or options.log:
        return _offline(options)
    if not options.ledger and options.file is None:
        raise NothingToVerify
    settings = settings_of(options)
    if options.ledger:
        chains, gaps = asyncio.run(check_ledger(settings))
        lines = tuple(ledger_lines(chains, gaps))
        good = not gaps and all(chain.valid for chain in chains)
    else:
        report = asyncio.run(check_minutes(settings, _read(options.file), options.root, options.crl))
        lines, good = report.lines(), report.accepted
    for line in lines:
        print(line)
    return 0 if good else FAILED


def _offline(options: argparse.Namespace) -> int:
    """Only what was given by hand. Raises NeedsLog, CannotRead, NoInstallation."""
    if options.log is None or options.log_key is None:
        raise NeedsLog
    export = Export(options.log)
    try:
        if options.file is None:
            size = check_export(export, read_key(options.log_key, NOTE)).size
            _check_witnesses(export.note(), options.witness)
            print(f"Sổ ghi đã xuất còn nguyên vẹn: {size} mục, {len(options.witness)} nơi làm chứng.")
            return 0
        report = _check_file(options, export)
    except Unsound as wrong:
        print(f"Sổ ghi đã xuất KHÔNG đạt ({wrong}).")
        return FAILED
    for line in report.lines():
        print(line)
    return 0 if report.accepted else FAILED


def _check_file(options: argparse.Namespace, export: Export) -> Report:
    pdf, crl = _read(options.file), _read(options.crl) if options.crl else None
    paper = paper_in(pdf)
    if options.root is None and (paper is None or is_signed(pdf)):
        raise NeedsOwnRoot
    trusted = work.Known(root=_read(options.root) if options.root else b"", crl=crl)
    witnesses = tuple(options.witness)
    known = known_from_export(export, options.log_key, witnesses, meeting_in(pdf), trusted, paper=paper)
    return work.verify_pdf(pdf, known)


def _check_witnesses(note: str, keys: Sequence[str]) -> None:
    wanted = [read_key(one, COSIGNATURE) for one in keys]
    if len(cosigners(note, wanted)) < len(set(wanted)):
        raise Unsound("a witness did not cosign this checkpoint")


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
    secrets = open_secrets(settings)
    keys = SigningKeys(units, shop, secrets.ca_passphrase)
    form = Form(authority=settings.rules.signing_authority, demonstration=False)
    return MinutesService(
        units, shop, keys, form=form, timestamp_url=None, believed=believed(settings, secrets)
    )


async def check_ledger(settings: Settings) -> tuple[list[Chain], list[Gap]]:
    """Every cell's chain, recomputed, and rows against entries. Raises NoInstallation, SchemaBehind."""
    async with reading(settings) as units:
        return await LedgerService(units).verify(), await reconcile(units)


def ledger_lines(chains: Sequence[Chain], gaps: Sequence[Gap]) -> list[str]:
    """One line a cell, one for each kind of mismatch between rows and entries, and one bottom line."""
    lines = [f"Chi bộ {chain.cell}: {_chain_text(chain)}" for chain in chains]
    lines += [line for gap in gaps for line in _gap_lines(gap)]
    wrong = sum(not chain.valid for chain in chains)
    entries = sum(chain.entries for chain in chains)
    if wrong:
        return [*lines, f"Sổ ghi KHÔNG còn nguyên vẹn: {wrong}/{len(chains)} chi bộ có sai lệch."]
    if gaps:
        return [*lines, "Sổ ghi KHÔNG khớp dữ liệu: có dòng bị thêm, bị xóa hoặc bị sửa ngoài phần mềm."]
    return [*lines, f"Sổ ghi còn nguyên vẹn: {entries} mục của {len(chains)} chi bộ, liên kết đều đúng."]


def _gap_lines(gap: Gap) -> list[str]:
    kinds = (
        (gap.unrecorded, "có dữ liệu mà không có mục trong sổ"),
        (gap.vanished, "có mục trong sổ mà không còn dữ liệu"),
        (gap.altered, "dữ liệu khác với mục trong sổ"),
    )
    return [f"{gap.what}: {len(keys)} {words}: {', '.join(keys[:_SHOWN])}" for keys, words in kinds if keys]


def _chain_text(chain: Chain) -> str:
    if chain.broken is None:
        return f"{chain.entries} mục, liên kết đúng."
    return f"mục số {chain.broken.seq} {_REASONS[chain.broken.reason]}."


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise CannotRead(name=file.name) from None
