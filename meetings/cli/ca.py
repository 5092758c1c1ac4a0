"""`chibo ca`: the internal authority: look at it, take its key off line and back, issue, revoke, write its list."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from meetings.cli.ca_file import read_key_file, write_key
from meetings.cli.installation import alone, reading, sample_argument, settings_of, writing
from meetings.cli.passphrase import new_passphrase, old_passphrase, passphrase_argument
from meetings.db.unit import Units
from meetings.minutes.authority import ends, fingerprint
from meetings.minutes.service import Certifying, Issued, SigningKeys
from meetings.minutes.trust_list import read_list
from meetings.minutes.workshop import ThreadWorkshop
from meetings.settings import Settings, open_secrets
from meetings.wiring import list_address

LIST_DAYS = 45  # how long a list made by a key that is away holds


def arguments(parser: argparse.ArgumentParser) -> None:
    """One of eight things."""
    sample_argument(parser)
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    what.add_parser("show", help="dấu vân tay, khóa ở đâu / fingerprint, where the key is")
    what.add_parser("trusted", help="nơi cấp chữ ký số được tin / believed authorities outside")
    what.add_parser("list", help="các chứng thư đã cấp / certificates issued")
    crl = what.add_parser("crl", help="ghi danh sách thu hồi (DER) / write the revocation list")
    crl.add_argument("out", type=Path)
    revoke = what.add_parser("revoke", help="thu hồi một chứng thư / take one back")
    revoke.add_argument("fingerprint", help="dấu vân tay hoặc phần đầu / its fingerprint or beginning")
    for name, told in (
        ("offline", "cất khóa ra tệp, rời khỏi máy / take the key off line"),
        ("online", "đem khóa về máy / bring it back"),
        ("issue", "cấp cho người đang chờ, lập danh sách / answer who waits, renew the list"),
    ):
        one = what.add_parser(name, help=told)
        one.add_argument("file", type=Path, help="tệp khóa / the key's file")
        passphrase_argument(one)
        if name != "online":
            one.add_argument("--days", type=int, default=LIST_DAYS, help="danh sách dùng mấy ngày / days")


def run(options: argparse.Namespace) -> int:
    """0 when done. Raises NoInstallation, InUse, AuthorityAway, WrongPassphrase, NoSuchCertificate, …"""
    settings = settings_of(options)
    if options.what == "trusted":
        print(trusted_lines(settings))
        return 0
    acts: dict[str, Callable[[Certifying], Awaitable[str]]] = {
        "show": _show,
        "list": _list,
        "crl": lambda ca: _crl(ca, options.out),
        "revoke": lambda ca: _revoke(ca, options.fingerprint),
        "offline": lambda ca: _offline(ca, options),
        "online": lambda ca: _online(ca, options),
        "issue": lambda ca: _issue(ca, options),
    }
    writes = options.what not in {"show", "list"}
    print(asyncio.run(_with(settings, acts[options.what], writes=writes)))
    return 0


def trusted_lines(settings: Settings) -> str:
    """Who is believed besides the internal authority. Raises BadTrustList."""
    file = settings.external.list_file
    if file is None:
        return "Chưa cài danh sách (external.list_file): không nhận chữ ký số nào từ ngoài. / No list."
    return "\n".join(one.line() for one in read_list(file)) or "Danh sách trống. / The list is empty."


async def _with(settings: Settings, act: Callable[[Certifying], Awaitable[str]], *, writes: bool) -> str:
    if not writes:
        async with reading(settings) as units:
            return await act(_certifying(settings, units))
    with alone(settings):
        async with writing(settings) as units:
            return await act(_certifying(settings, units))


def _certifying(settings: Settings, units: Units) -> Certifying:
    shop, secret, at = ThreadWorkshop(), open_secrets(settings).ca_passphrase, list_address(settings)
    return Certifying(units, shop, SigningKeys(units, shop, secret, at), secret, at)


async def _show(ca: Certifying) -> str:
    found = await ca.standing()
    back = sum(one.revoked_at is not None for one in found.issued)
    listed = f"{found.listed:%d/%m/%Y}" if found.listed else "chưa có / none"
    return "\n".join(
        (
            f"Dấu vân tay chứng thư gốc (SHA-256): {fingerprint(found.certificate)}",
            f"Có giá trị đến: {ends(found.certificate):%d/%m/%Y}",
            f"Khóa cấp chứng thư: {'trên máy này / here' if found.here else 'cất ngoài máy / off line'}",
            f"Đã cấp {len(found.issued)} chứng thư, thu hồi {back}; {found.waiting} yêu cầu đang chờ.",
            f"Danh sách thu hồi dùng đến: {listed}",
        )
    )


async def _list(ca: Certifying) -> str:
    return "\n".join(_line(one) for one in (await ca.standing()).issued)


def _line(one: Issued) -> str:
    state = f"thu hồi {one.revoked_at:%d/%m/%Y %H:%M}" if one.revoked_at else "còn hiệu lực"
    dates = f"{one.at:%d/%m/%Y} - {ends(one.certificate):%d/%m/%Y}"
    return f"{fingerprint(one.certificate)}  {one.person}  {one.home}  {dates}  {state}"


async def _crl(ca: Certifying, out: Path) -> str:
    await asyncio.to_thread(out.write_bytes, await ca.published())
    return f"Đã ghi {out}. / Written."


async def _revoke(ca: Certifying, beginning: str) -> str:
    return f"Đã thu hồi {await ca.revoke(beginning)}. / Taken back."


async def _offline(ca: Certifying, options: argparse.Namespace) -> str:
    passphrase = new_passphrase(options)
    carried = await ca.carried(passphrase)
    await asyncio.to_thread(write_key, options.file, carried)
    read = await asyncio.to_thread(read_key_file, options.file)  # what is on the stick is what must open
    await ca.let_go(read, passphrase, options.days)
    return (
        f"Khóa cấp chứng thư nay chỉ còn ở {options.file}. Hãy cất tệp và mật khẩu ở hai nơi khác nhau."
        " / The key is in that file only."
    )


async def _online(ca: Certifying, options: argparse.Namespace) -> str:
    await ca.bring_back(read_key_file(options.file), old_passphrase(options))
    return "Khóa cấp chứng thư đã về máy này. Hãy hủy hoặc cất kín tệp. / The key is here again."


async def _issue(ca: Certifying, options: argparse.Namespace) -> str:
    done = await ca.answer(read_key_file(options.file), old_passphrase(options), options.days)
    return (
        f"Đã cấp {done.issued} chứng thư, không cấp được {done.refused}; đã lập danh sách thu hồi dùng"
        f" {options.days} ngày. / Issued, list renewed."
    )
