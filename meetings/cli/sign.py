"""`chibo sign`: beside a USB token, by a code from the page: shows the file, recomputes its hash, signs once.

It needs no installation. The PIN never leaves this machine; the server gets a certificate and 256 bytes.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import binascii
import ssl
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from meetings.cli.card import Card, Held, opened, plugged_in
from meetings.cli.prepared import Mismatch, Told, checked_digest
from meetings.kernel.errors import Busy, Invalid, Refused
from meetings.settings.fields import is_loopback
from meetings.settings.secrets import read_secret_file

_PATIENCE = 90  # seconds: a small server makes a file
_YES = frozenset({"c", "co", "có", "y", "yes"})
_NAME = "bien-ban-se-ky.pdf"


class NoSafeAddress(Invalid):
    """Plain http beyond this machine, or no address at all."""

    code = "no-safe-address"
    message = "Địa chỉ phải bắt đầu bằng https:// (như trên trang ký)."


class ServerAway(Busy):
    """No answer, or not the answer of this application."""

    code = "server-away"
    message = "Không nối được tới {where}. Nếu đã bấm ký: mở lại trang ký để xem đã xong chưa."


class ServerRefused(Refused):
    """What the server said."""

    code = "server-refused"
    message = "{said}"


class NotSigned(Refused):
    """The person said no."""

    code = "not-signed"
    message = "Đã dừng theo ý đồng chí. Chưa có gì được ký."


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """At the keyboard: who is asked, asked in secret, and told."""

    ask: Callable[[str], str]
    secret: Callable[[str], str]
    tell: Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """Where the code was shown. `ca`: the certificate of a hall's own authority, or None."""

    address: str
    ca: Path | None = None

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer. Raises ServerAway, ServerRefused."""
        trust = ssl.create_default_context(cafile=str(self.ca) if self.ca else None)
        patience = aiohttp.ClientTimeout(total=_PATIENCE)
        try:
            async with (
                aiohttp.ClientSession(timeout=patience) as session,
                session.post(f"{self.address}/api/v1/{path}", json=body, ssl=trust) as answer,
            ):
                said = await answer.json(content_type=None)
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, ValueError, OSError):
            raise ServerAway(where=self.address) from None
        if not isinstance(said, dict):
            raise ServerAway(where=self.address)
        if status != 200:
            raise ServerRefused(said=str(said.get("title", "")) or f"{status}")
        return said


def arguments(parser: argparse.ArgumentParser) -> None:
    """Everything that is not given is asked."""
    parser.add_argument("address", nargs="?", default="", help="địa chỉ trang sinh hoạt / the address")
    parser.add_argument(
        "--module", type=Path, metavar="FILE", help="trình điều khiển PKCS#11 của hãng / the maker's PKCS#11"
    )
    parser.add_argument("--ca", type=Path, metavar="PEM", help="chứng thư của hội trường / the hall's CA")
    parser.add_argument("--pin-file", type=Path, metavar="FILE", help="tệp mã PIN (chmod 600) / a PIN file")
    parser.add_argument(
        "--save", type=Path, metavar="FOLDER", help="nơi để tệp sẽ ký cho đồng chí đọc / where the file goes"
    )


def run(options: argparse.Namespace) -> int:
    """0 when signed. Raises every refusal of token, server and person; then nothing was signed."""
    pin = read_secret_file("--pin-file", options.pin_file) if options.pin_file else ""
    person = Person(ask=input, secret=lambda text: pin or getpass(text), tell=print)
    folder = options.save or Path(tempfile.mkdtemp(prefix="chibo-"))
    sign_once(
        Server(address=safe_address(options.address, person), ca=options.ca), options.module, person, folder
    )
    return 0


def sign_once(server: Server, module: Path | None, person: Person, folder: Path) -> None:
    """Code, PIN, file, yes: one signature."""
    person.tell(f"USB token: {plugged_in(module)}")
    code = person.ask("Mã ký trên trang, 12 chữ số / code: ")
    with opened(module, person.secret("Mã PIN của token / PIN: ")) as card:
        held = _chosen(card, person)
        told, digest = asyncio.run(_prepared(server, code, held, card))
        _show(told, digest, folder, person)
        if person.ask("Gõ CO rồi Enter để ký / sign? ").strip().casefold() not in _YES:
            raise NotSigned
        value = card.sign(held, base64.b64decode(told["attributes"]))
    asyncio.run(server.post("token-signatures/value", {"code": code, "signature": _text(value)}))
    person.tell("Đã ký xong. Mở lại trang ký trên trình duyệt để xem. / Signed.")


async def _prepared(server: Server, code: str, held: Held, card: Card) -> tuple[dict[str, Any], str]:
    body = {
        "code": code,
        "certificate": _text(held.certificate),
        "above": [_text(one) for one in card.above],
    }
    told = await server.post("token-signatures", body)
    return told, checked_digest(_read(told), held.certificate)


def _read(told: dict[str, Any]) -> Told:
    try:
        return Told(
            pdf=base64.b64decode(told["file"], validate=True),
            attributes=base64.b64decode(told["attributes"], validate=True),
            start=int(told["hole_start"]),
            end=int(told["hole_end"]),
        )
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise Mismatch(what="câu trả lời") from None


def _chosen(card: Card, person: Person) -> Held:
    """The only certificate, or the one that the person names."""
    if len(card.held) == 1:
        person.tell(f"Chứng thư: {card.held[0].line()}")
        return card.held[0]
    for number, one in enumerate(card.held, 1):
        person.tell(f"{number}. {one.line()}")
    wanted = person.ask("Ký bằng chứng thư số mấy / which? ").strip()
    chosen = {str(number): one for number, one in enumerate(card.held, 1)}.get(wanted)
    if chosen is None:
        raise NotSigned
    return chosen


def _show(told: dict[str, Any], digest: str, folder: Path, person: Person) -> None:
    file = folder / _NAME
    file.write_bytes(base64.b64decode(told["file"]))
    person.tell(f"Văn bản: {told.get('title', '')}")
    person.tell(f"Ký ở chỗ: {told.get('position', '')}, {told.get('name', '')}. {told.get('kind', '')}.")
    person.tell(f"Tệp sẽ ký, xin mở đọc lại: {file}")
    person.tell(f"Mã SHA-256 do máy này tự tính từ tệp, đã khớp: {digest}")


def safe_address(given: str, person: Person) -> str:
    """Scheme, host and port: https, or this very machine. Raises NoSafeAddress."""
    address = (given or person.ask("Địa chỉ trang sinh hoạt / address: ")).strip()
    parts = urlsplit(address if "://" in address else f"https://{address}")
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    if not safe or not parts.netloc:
        raise NoSafeAddress
    return f"{parts.scheme}://{parts.netloc}"


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
