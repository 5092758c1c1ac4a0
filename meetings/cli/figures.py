"""`chibo figures`: counts the kept figures of every cell and month anew, and compares."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence

from meetings.cli.installation import alone, check_installed, reading, sample_argument, settings_of, writing
from meetings.cli.main import FAILED
from meetings.oversight.service import CountingActs, Difference
from meetings.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Whether only to look."""
    parser.add_argument("--repair", action="store_true", help="ghi lại số đúng / put them right")
    sample_argument(parser)


def run(options: argparse.Namespace) -> int:
    """1 if figures differ and were not put right. Raises NoInstallation, InUse, SchemaBehind, GuardMissing."""
    settings = settings_of(options)
    check_installed(settings)
    if options.repair:
        with alone(settings):
            wrong = asyncio.run(repair(settings))
    else:
        wrong = asyncio.run(compare(settings))
    for line in lines(wrong, repaired=options.repair):
        print(line)
    return FAILED if wrong and not options.repair else 0


async def compare(settings: Settings) -> list[Difference]:
    """What differs. Writes nothing, so it may run beside the service."""
    async with reading(settings) as units:
        return await CountingActs(units).check_figures()


async def repair(settings: Settings) -> list[Difference]:
    """What differed, and is right now."""
    async with writing(settings) as units:
        return await CountingActs(units).recount_figures()


def lines(wrong: Sequence[Difference], *, repaired: bool) -> list[str]:
    """One line a cell and month, and one bottom line."""
    if not wrong:
        return ["Số liệu báo cáo khớp với sổ sách của các buổi họp."]
    told = [f"Chi bộ {one.cell}, tháng {one.month}: {_what(one)}." for one in wrong]
    if repaired:
        return [*told, f"Đã đếm lại và ghi đúng {len(wrong)} tháng."]
    return [*told, f"Có {len(wrong)} tháng không khớp. Muốn ghi lại cho đúng, chạy: chibo figures --repair"]


def _what(one: Difference) -> str:
    return "chưa được đếm" if one.missing else "số đã lưu khác số đếm lại"
