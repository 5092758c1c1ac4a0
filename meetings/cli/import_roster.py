"""`chibo import FILE`: a roster from .xlsx or .csv, all of it or nothing."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path

from meetings.cli.installation import alone, check_installed, sample_argument, settings_of, writing
from meetings.cli.main import FAILED
from meetings.committees.roster_file import read_table
from meetings.committees.service import CommitteesService
from meetings.committees.service.imports import ImportOutcome
from meetings.settings import Settings

Table = Sequence[Sequence[str]]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The file, the cell, and whether only to look."""
    parser.add_argument("file", type=Path, help="tệp .xlsx hoặc .csv / the .xlsx or .csv file")
    parser.add_argument("--cell", metavar="CODE", help="chỉ nhập vào chi bộ có mã này / only into this cell")
    parser.add_argument(
        "--dry-run", action="store_true", help="chỉ kiểm tra, không ghi / only look, write nothing"
    )
    sample_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Prints every problem by row, or what was done. 1 if the file has problems. Raises BadFile,
    NoInstallation, InUse, NoSuchOrg, SchemaBehind."""
    table = read_table(options.file)
    settings = settings_of(options)
    check_installed(settings)
    with alone(settings):
        outcome = asyncio.run(import_file(settings, table, code=options.cell, dry_run=options.dry_run))
    for line in report(outcome):
        print(line)
    return 0 if outcome.usable else FAILED


async def import_file(settings: Settings, table: Table, *, code: str | None, dry_run: bool) -> ImportOutcome:
    """Import into the serving database of these settings."""
    async with writing(settings) as units:
        return await CommitteesService(units).imports.by_operator(table, code=code, dry_run=dry_run)


def report(outcome: ImportOutcome) -> list[str]:
    """What to print, one line each."""
    lines = [
        f"Dòng {one.row}, cột {one.column}: {one.message}" + (" (chỉ lưu ý)" if one.warning else "")
        for one in outcome.problems
    ]
    counts = f"thêm {outcome.added}, sửa {outcome.changed}, giữ nguyên {outcome.same}"
    if not outcome.usable:
        return [*lines, "Chưa ghi gì. Xin sửa các dòng trên rồi nhập lại."]
    lacking = f"; {outcome.lacking} người có trong chi bộ mà không có trong tệp" if outcome.lacking else ""
    return [*lines, f"{'Đã nhập' if outcome.applied else 'Sẽ nhập'}: {counts}{lacking}."]
