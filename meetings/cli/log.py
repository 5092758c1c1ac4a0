"""`chibo log`: the log's key, its export as files, proofs of single entries, cosignatures by hand."""

from __future__ import annotations

import argparse
import asyncio
import json
from pathlib import Path

from meetings.cli.installation import alone, reading, sample_argument, settings_of, writing
from meetings.kernel.errors import Invalid
from meetings.kernel.ids import parse_id
from meetings.ledger.signers import log_signer
from meetings.settings import Settings, open_secrets
from meetings.wiring import the_log


class BadCosignatureFile(Invalid):
    """The file is not what `chibo witness` writes."""

    code = "bad-cosignature-file"
    message = "Tệp {name} không phải tệp chữ ký làm chứng do chibo witness ghi."


def arguments(parser: argparse.ArgumentParser) -> None:
    """One of five things."""
    sample_argument(parser)
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    what.add_parser("key", help="khóa công khai của sổ ghi / the log's verifier key")
    what.add_parser("sequence", help="đưa mục mới vào sổ chung ngay / put new entries in now")
    export = what.add_parser("export", help="xuất thành tệp / write as static files")
    export.add_argument("folder", type=Path)
    export.add_argument(
        "--witnessed",
        action="store_true",
        help="đến mốc đã có người làm chứng / up to a witnessed checkpoint",
    )
    prove = what.add_parser("prove", help="chứng minh một mục / prove single entries")
    prove.add_argument("out", type=Path)
    which = prove.add_mutually_exclusive_group(required=True)
    which.add_argument("--entry", metavar="ID", help="một mục / one entry")
    which.add_argument(
        "--attendance", nargs=2, metavar=("MEETING", "MEMBER"), help="một người trong một buổi / one member"
    )
    prove.add_argument(
        "--show", action="append", default=[], metavar="NAME", help="giá trị được cho xem / a value to show"
    )
    cosign = what.add_parser("cosign", help="nhận tệp chữ ký làm chứng / take a witness's file")
    cosign.add_argument("file", type=Path)


def run(options: argparse.Namespace) -> int:
    """0 when done. Raises NoInstallation, InUse, NoCheckpoint, NotInLog, BadCosignature, BadId, …"""
    settings = settings_of(options)
    if options.what == "key":
        print(log_signer(open_secrets(settings).log_key).key)
    elif options.what == "export":
        size = asyncio.run(_export(settings, options.folder, witnessed=options.witnessed))
        print(f"Đã xuất {size} mục vào {options.folder}. / Exported {size} entries.")
    elif options.what == "prove":
        asyncio.run(_prove(settings, options))
        print(f"Đã ghi {options.out}. / Written.")
    elif options.what == "sequence":
        print(f"Đã đưa {asyncio.run(_sequence(settings))} mục vào sổ ghi chung. / Entries put in.")
    else:
        asyncio.run(_cosign(settings, options.file))
        print("Đã nhận chữ ký làm chứng. / Cosignature taken.")
    return 0


async def _export(settings: Settings, folder: Path, *, witnessed: bool) -> int:
    async with reading(settings) as units:
        return await the_log(settings, open_secrets(settings), units).export(folder, witnessed=witnessed)


async def _prove(settings: Settings, options: argparse.Namespace) -> None:
    async with reading(settings) as units:
        log = the_log(settings, open_secrets(settings), units)
        if options.entry:
            bundle = await log.bundle({parse_id(options.entry): options.show})
        else:
            bundle = await log.attendance_bundle(*map(parse_id, options.attendance))
    text = json.dumps(bundle, ensure_ascii=False, indent=1)
    await asyncio.to_thread(options.out.write_text, text, encoding="utf-8")


async def _sequence(settings: Settings) -> int:
    with alone(settings):
        async with writing(settings) as units:
            return await the_log(settings, open_secrets(settings), units).sequence()


async def _cosign(settings: Settings, file: Path) -> None:
    try:
        told = json.loads(await asyncio.to_thread(file.read_text, "utf-8"))
        size, line = int(told["size"]), str(told["line"])
    except (OSError, ValueError, LookupError, TypeError):
        raise BadCosignatureFile(name=file.name) from None
    with alone(settings):
        async with writing(settings) as units:
            await the_log(settings, open_secrets(settings), units).add_cosignature(size, line)
