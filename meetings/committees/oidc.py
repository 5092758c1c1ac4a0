"""Pure rules of signing in through the province's identity service (OpenID Connect Core 1.0, code flow, with PKCE,
RFC 7636, September 2015).

Nothing is kept of a sign-in under way: the browser holds a sealed ticket, from which state, nonce and the PKCE verifier
are made by a key that only this installation has. So what comes back counts in that browser alone, for what it was
begun for, and for five minutes. Whose account it is was said before, by the person while signed in: never by an address
of mail or a name that somebody else chose.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from meetings.committees.passkeys import PasskeyRefused, asked_at, challenge
from meetings.kernel.errors import Busy, Conflict, Forbidden, NotFound
from meetings.kernel.ids import Id

MOST_ACCOUNTS = 3
MOST_SUBJECT = 255  # OpenID Connect Core 1.0, section 2: sub
ALGORITHMS = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
)  # a shared secret signs nothing


class NoOutsideSignIn(NotFound):
    """The operator named no identity service."""

    code = "no-outside-sign-in"
    message = "Phần mềm này không dùng tài khoản ngoài để vào. Xin vào bằng đường dẫn riêng hoặc mã 6 số."


class ProviderAway(Busy):
    """The identity service does not answer, or not as it should. Other ways in are not touched."""

    code = "provider-away"
    message = (
        "Dịch vụ đăng nhập bên ngoài không trả lời. Xin thử lại sau, hoặc vào bằng đường dẫn riêng, khóa truy cập"
        " hay mã 6 số."
    )


class OutsideRefused(Forbidden):
    """What came back does not hold, is too old, was used, or belongs to another browser. Which, is not said."""

    code = "outside-refused"
    message = (
        "Chưa vào được bằng tài khoản ngoài, hoặc đã chờ quá 5 phút. Xin bấm lại, hoặc vào bằng cách khác."
    )


class NotLinked(Forbidden):
    """The account is good, and is nobody's here."""

    code = "account-not-linked"
    message = (
        "Tài khoản này chưa nối với ai trên phần mềm. Đồng chí vào bằng đường dẫn riêng hoặc mã 6 số, rồi mở mục"
        " Tài khoản ngoài của tôi để nối."
    )


class LinkedAlready(Conflict):
    """It is linked to somebody else."""

    code = "account-linked"
    message = "Tài khoản này đã nối với người khác trên phần mềm. Xin hỏi người quản trị."


class TooManyAccounts(Conflict):
    """One more than a person needs."""

    code = "too-many-accounts"
    message = "Đồng chí đã nối {most} tài khoản ngoài. Xin bỏ nối một tài khoản rồi nối tài khoản mới."


class NoSuchAccount(NotFound):
    """Not linked to that person."""

    code = "no-such-account"
    message = "Không có tài khoản này."


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """An account elsewhere that lets its person in: `issuer` and `subject` name it for ever, and say nothing more."""

    id: Id
    person: Id
    issuer: str
    subject: str
    made_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ticket:
    """A sign-in under way. `sealed` lies in the browser; the rest is made from it."""

    sealed: str
    state: str
    nonce: str
    verifier: str

    @property
    def challenge(self) -> str:
        """Of the verifier, by S256 (RFC 7636, section 4.2)."""
        return _text(hashlib.sha256(self.verifier.encode()).digest())


@dataclass(frozen=True, kw_only=True, slots=True)
class Returned:
    """What the browser brought back from the identity service."""

    state: str
    code: str
    issuer: str = ""


def new_ticket(key: bytes, purpose: str, now: datetime, chance: bytes) -> Ticket:
    """Begin a sign-in for this purpose. `now`: real; `chance`: as for a passkey."""
    return _ticket(key, challenge(key, _sealed_for(purpose), now, chance))


def same_ticket(key: bytes, purpose: str, sealed: str, state: str, now: datetime) -> Ticket:
    """The ticket that this browser holds, if what came back belongs to it. Raises OutsideRefused."""
    try:
        raw = base64.urlsafe_b64decode(sealed + "==")
        asked_at(key, _sealed_for(purpose), raw, now)
    except (PasskeyRefused, ValueError, binascii.Error):
        raise OutsideRefused from None
    ticket = _ticket(key, raw)
    if not hmac.compare_digest(ticket.state.encode(), state.encode(errors="surrogatepass")):
        raise OutsideRefused
    return ticket


def _sealed_for(purpose: str) -> str:
    return f"oidc {purpose}"


def _ticket(key: bytes, raw: bytes) -> Ticket:
    def made(what: str) -> str:
        return _text(hmac.new(key, b"oidc\0" + what.encode() + b"\0" + raw, hashlib.sha256).digest())

    return Ticket(sealed=_text(raw), state=made("state"), nonce=made("nonce"), verifier=made("verifier"))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def check_claims(claims: Mapping[str, Any], *, client: str, nonce: str) -> str:
    """The subject of a token whose signature, issuer, audience and times were checked (OpenID Connect Core 1.0,
    section 3.1.3.7). Raises OutsideRefused."""
    given, subject = claims.get("nonce"), claims.get("sub")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise OutsideRefused
    if claims.get("azp", client) != client or (
        isinstance(claims.get("aud"), list) and len(claims["aud"]) != 1
    ):
        raise OutsideRefused  # a token that others may use as well
    if not isinstance(subject, str) or not 0 < len(subject) <= MOST_SUBJECT:
        raise OutsideRefused
    return subject


def check_issuer(returned: Returned, issuer: str) -> None:
    """RFC 9207 (March 2022): an answer that names its sender names ours. Raises OutsideRefused."""
    if returned.issuer and returned.issuer != issuer:
        raise OutsideRefused
