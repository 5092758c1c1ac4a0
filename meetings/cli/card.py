"""A USB token through PKCS#11: its certificates, and signatures by its keys. The only file that knows the library.

The PIN goes to the token and nowhere else.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from meetings.kernel.errors import Refused

LIKELY = (  # PKCS#11 modules that speak to many kinds of tokens; a maker's own is named by --module
    "/usr/lib/x86_64-linux-gnu/p11-kit-proxy.so",
    "/usr/lib/aarch64-linux-gnu/p11-kit-proxy.so",
    "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so",
    "/usr/local/lib/opensc-pkcs11.so",
    "C:/Program Files/OpenSC Project/OpenSC/pkcs11/opensc-pkcs11.dll",
)


class NoTokenSupport(Refused):
    """The library is not installed."""

    code = "no-token-support"
    message = "Máy này chưa cài phần đọc USB token. Xin chạy: ./run sign (hoặc cài chibo[token])."


class NoModule(Refused):
    """No driver was found or named, or it does not load."""

    code = "no-token-module"
    message = (
        "Không mở được trình điều khiển của USB token. Xin cài trình điều khiển của hãng rồi chỉ tệp"
        " PKCS#11 của hãng bằng --module (tệp .dll, .so hoặc .dylib)."
    )


class NoToken(Refused):
    """Nothing is plugged in."""

    code = "no-token"
    message = "Chưa thấy USB token nào. Xin cắm token vào máy rồi làm lại."


class SeveralTokens(Refused):
    """More than one is plugged in."""

    code = "several-tokens"
    message = "Có nhiều USB token đang cắm. Xin chỉ để lại token của mình."


class WrongPin(Refused):
    """The token refused the PIN. It counts tries itself."""

    code = "wrong-pin"
    message = (
        "Mã PIN chưa đúng. Chưa có gì được ký. Gõ sai nhiều lần thì token tự khóa: nếu không nhớ chắc,"
        " xin hỏi nơi cấp trước khi thử lại."
    )


class PinBlocked(Refused):
    """The token is locked."""

    code = "pin-blocked"
    message = (
        "Token đã khóa vì gõ sai mã PIN nhiều lần, hoặc mã PIN hết hạn. Xin đem token đến nơi cấp để mở."
    )


class TokenGone(Refused):
    """It was pulled out, or failed."""

    code = "token-gone"
    message = "Token bị rút ra hoặc không trả lời. Chưa có gì được ký. Xin cắm lại rồi làm lại."


class NothingToSignWith(Refused):
    """No certificate for signing with its key on the token."""

    code = "nothing-to-sign-with"
    message = "Trong token không có chứng thư dùng để ký."


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A certificate (DER) whose key the token holds under `id`."""

    certificate: bytes
    id: bytes

    def line(self) -> str:
        """For people: whose, by whom, until when."""
        read = x509.load_der_x509_certificate(self.certificate)
        until = read.not_valid_after_utc
        return f"{_name(read.subject)}, do {_name(read.issuer)} cấp, dùng đến {until:%d/%m/%Y}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """An opened token. `held`: what it can sign with; `above`: certificates (DER) of issuers that lie beside."""

    held: tuple[Held, ...]
    above: tuple[bytes, ...]
    session: Any
    library: Any

    def sign(self, held: Held, attributes: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5 with SHA-256 over these bytes; the token hashes them. Raises TokenGone."""
        kind, mechanism = self.library.ObjectClass.PRIVATE_KEY, self.library.Mechanism.SHA256_RSA_PKCS
        with _troubles(self.library):
            key = self.session.get_key(object_class=kind, id=held.id)
            return bytes(key.sign(attributes, mechanism=mechanism))


@contextmanager
def opened(module: Path | None, pin: str) -> Iterator[Card]:
    """The one token that is plugged in, for one act. Raises NoTokenSupport, NoModule, NoToken, SeveralTokens, WrongPin,
    PinBlocked, TokenGone, NothingToSignWith."""
    library = _library()
    token = _token(library, _module(module))
    with _troubles(library):
        session = token.open(user_pin=pin)
    try:
        with _troubles(library):
            held, above = _contents(library, session)
        if not held:
            raise NothingToSignWith
        yield Card(held=held, above=above, session=session, library=library)
    finally:
        session.close()


def plugged_in(module: Path | None) -> str:
    """The token's label, before anybody types a PIN. Raises NoTokenSupport, NoModule, NoToken, SeveralTokens."""
    return str(_token(_library(), _module(module)).label).strip()


def _library() -> Any:
    try:
        return importlib.import_module("pkcs11")
    except ImportError:
        raise NoTokenSupport from None


def _module(named: Path | None) -> Path:
    found = [named] if named else [Path(one) for one in LIKELY if Path(one).exists()]
    if not found:
        raise NoModule
    return found[0]


def _token(library: Any, module: Path) -> Any:
    try:
        slots = library.lib(str(module)).get_slots(token_present=True)
    except library.PKCS11Error:
        raise NoModule from None
    ready = [token for token in (_in(library, slot) for slot in slots) if token is not None]
    if not ready:
        raise NoToken
    if len(ready) > 1:
        raise SeveralTokens
    return ready[0]


def _in(library: Any, slot: Any) -> Any:
    """A token that somebody has set up, else None: software tokens show an empty slot beside."""
    try:
        token = slot.get_token()
    except library.PKCS11Error:
        return None
    return token if library.TokenFlag.TOKEN_INITIALIZED in token.flags else None


def _contents(library: Any, session: Any) -> tuple[tuple[Held, ...], tuple[bytes, ...]]:
    attribute, kinds = library.Attribute, library.ObjectClass
    keys = {one[attribute.ID] for one in session.get_objects({attribute.CLASS: kinds.PRIVATE_KEY})}
    every = [
        (bytes(one[attribute.VALUE]), bytes(one[attribute.ID]))
        for one in session.get_objects({attribute.CLASS: kinds.CERTIFICATE})
    ]
    mine = [(der, id_) for der, id_ in every if id_ in keys and _signs(der)]
    above = tuple(_der(der) for der, _ in every if _issues(der))
    return tuple(Held(certificate=_der(der), id=id_) for der, id_ in mine), above


@contextmanager
def _troubles(library: Any) -> Iterator[None]:
    try:
        yield
    except (library.PinIncorrect, library.exceptions.PinInvalid, library.PinLenRange):
        raise WrongPin from None
    except (library.PinLocked, library.exceptions.PinExpired):
        raise PinBlocked from None
    except library.PKCS11Error:
        raise TokenGone from None


def _signs(der: bytes) -> bool:
    """For signing documents by its key usage, and nobody's issuer."""
    try:
        usage = x509.load_der_x509_certificate(der).extensions.get_extension_for_class(x509.KeyUsage).value
    except (ValueError, x509.ExtensionNotFound):
        return False
    return usage.content_commitment and not usage.key_cert_sign


def _issues(der: bytes) -> bool:
    try:
        usage = x509.load_der_x509_certificate(der).extensions.get_extension_for_class(x509.KeyUsage).value
    except (ValueError, x509.ExtensionNotFound):
        return False
    return usage.key_cert_sign


def _der(certificate: bytes) -> bytes:
    """Without what some tokens leave behind it."""
    return x509.load_der_x509_certificate(certificate).public_bytes(Encoding.DER)


def _name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else "không ghi tên"
