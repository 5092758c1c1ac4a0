"""`chibo witness SOURCE`: a superior committee looks at a log, refuses another past, cosigns the rest.

It needs no installation: a laptop with this program and a folder of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from meetings.cli.main import FAILED
from meetings.kernel.clock import real_now
from meetings.kernel.errors import Busy, Refused
from meetings.ledger.offline import Export, Unsound
from meetings.ledger.witness import (
    Cosigned,
    FolderSource,
    LogRewritten,
    LogShrank,
    NotThisLog,
    Source,
    Witness,
)
from meetings.settings.secrets import make_secret_file, read_secret_file

_API = "api/v1/log"
_PATIENCE = 60  # seconds


class LogOutOfReach(Busy):
    """The address does not answer, or not as a log."""

    code = "log-out-of-reach"
    message = "Không đọc được sổ ghi ở {where}. Chưa làm chứng gì; xin thử lại sau."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where the log is, and the witness's own folder."""
    parser.add_argument("source", help="địa chỉ https://… hoặc thư mục đã xuất / an address or an export")
    parser.add_argument(
        "--state", type=Path, default=Path("chibo-witness"), help="thư mục riêng / own folder"
    )
    parser.add_argument("--name", help="tên nơi làm chứng, lần đầu / the witness's name, the first time")
    parser.add_argument(
        "--log", metavar="KEY", help="khóa của sổ ghi, lần đầu / the log's key, the first time"
    )
    parser.add_argument(
        "--compare", type=Path, metavar="CHECKPOINT", help="mốc của nơi làm chứng khác / another's checkpoint"
    )


def run(options: argparse.Namespace) -> int:
    """0: cosigned; 1: refused, loudly. Raises NotFollowing, LogOutOfReach, NotThisLog, BadWitnessName."""
    file = options.state / "secret"
    if not file.exists():
        make_secret_file(file)
    witness = Witness(options.state, read_secret_file("witness", file))
    witness.follow(options.name, options.log)
    print(f"Khóa làm chứng / witness key: {witness.signer.key}")
    other = options.compare.read_text("utf-8") if options.compare else None
    try:
        done = asyncio.run(_visit(witness, options.source, other))
    except (LogShrank, LogRewritten, NotThisLog) as refused:
        print(refused)
        return FAILED
    seen = "lần đầu" if done.before is None else f"lần trước {done.before} mục"
    print(f"Đã làm chứng {done.checkpoint.size} mục ({seen}). / Cosigned {done.checkpoint.size} entries.")
    return 0


async def _visit(witness: Witness, where: str, other: str | None) -> Cosigned:
    if urlsplit(where).scheme not in {"http", "https"}:
        return await _visit_folder(witness, Path(where), other)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_PATIENCE)) as session:
        source = UrlSource(session, where.rstrip("/"))
        done = await _compared(witness, source, other)
        await source.deliver(done)
        return done


async def _visit_folder(witness: Witness, folder: Path, other: str | None) -> Cosigned:
    try:
        done = await _compared(witness, FolderSource(Export(folder)), other)
    except Unsound:
        raise LogOutOfReach(where=str(folder)) from None
    told = json.dumps({"size": done.checkpoint.size, "line": done.line}, ensure_ascii=False)
    await asyncio.to_thread((folder / "cosignature.json").write_text, told, encoding="utf-8")
    print(f"Chữ ký làm chứng: {folder / 'cosignature.json'} (nơi vận hành chạy: chibo log cosign)")
    return done


async def _compared(witness: Witness, source: Source, other: str | None) -> Cosigned:
    if other is not None:
        await witness.compare(source, other)
    return await witness.visit(source, int(real_now().timestamp()))


class UrlSource:
    """A running service."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session, self._base = session, base

    async def note(self) -> str:
        """See Source. Raises LogOutOfReach."""
        return str((await self._get(_API))["checkpoint"])

    async def proof(self, old: int, new: int) -> Sequence[bytes]:
        """See Source. Raises LogOutOfReach."""
        told = await self._get(f"{_API}/consistency?old={old}&new={new}")
        try:
            return [bytes.fromhex(one) for one in told["proof"]]  # type: ignore[attr-defined]  # checked here
        except (TypeError, ValueError):
            raise LogOutOfReach(where=self._base) from None

    async def deliver(self, done: Cosigned) -> None:
        """Hand over the cosignature. Raises LogOutOfReach, also where the operator does not know this witness."""
        body = {"size": done.checkpoint.size, "line": done.line}
        try:
            async with self._session.post(f"{self._base}/{_API}/cosignatures", json=body) as answer:
                if answer.status != 200:
                    raise CosignatureUnwanted
        except aiohttp.ClientError:
            raise LogOutOfReach(where=self._base) from None

    async def _get(self, path: str) -> dict[str, object]:
        try:
            async with self._session.get(f"{self._base}/{path}") as answer:
                told = await answer.json()
                if answer.status != 200 or not isinstance(told, dict):
                    raise LogOutOfReach(where=self._base)
                return told
        except (aiohttp.ClientError, TimeoutError, ValueError):
            raise LogOutOfReach(where=self._base) from None


class CosignatureUnwanted(Refused):
    """The operator's settings do not name this witness yet."""

    code = "cosignature-unwanted"
    message = (
        "Đã xem và ghi nhớ, nhưng máy chủ chưa nhận chữ ký làm chứng: nơi vận hành cần ghi khóa làm chứng vào"
        " log.witnesses trong config.yaml rồi khởi động lại."
    )
