"""Pure rules of passkeys (WebAuthn): where they work, which question they answer, when one may be used again.

A question (challenge) is 40 bytes: 16 of chance, 8 of its time, 16 that only this installation can make. So nothing is
kept of it: it is good for five minutes, in the browser that was asked, and only while the key was not used since.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from meetings.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from meetings.kernel.ids import Id

CHALLENGE_LIFE = timedelta(minutes=5)
CHANCE_BYTES = 16
MOST_PASSKEYS = 5
MOST_LABEL = 100
_STAMP, _SEAL = 8, 16


class NoPasskeysHere(Invalid):
    """Not a secure context, or an address of digits: browsers make no passkeys there."""

    code = "no-passkeys-here"
    message = (
        "Trang này chưa mở bằng https với một tên miền, nên trình duyệt không cho dùng khóa truy cập. Đồng chí vẫn"
        " vào bằng đường dẫn riêng hoặc mã 6 số."
    )


class PasskeyRefused(Forbidden):
    """The device's answer does not hold, the question is too old, or the key was taken back. Which, is not said."""

    code = "passkey-refused"
    message = "Khóa truy cập này không vào được, hoặc đã chờ quá 5 phút. Xin bấm lại, hoặc vào bằng mã 6 số."


class PasskeyKnown(Conflict):
    """The same key is kept already."""

    code = "passkey-known"
    message = "Khóa truy cập này đã có rồi."


class TooManyPasskeys(Conflict):
    """One more than a person needs."""

    code = "too-many-passkeys"
    message = "Đồng chí đã có {most} khóa truy cập. Xin thu hồi một khóa không dùng nữa rồi tạo khóa mới."


class NoSuchPasskey(NotFound):
    """Not a living key of that person."""

    code = "no-such-passkey"
    message = "Không có khóa truy cập này."


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """Where people reach the service: `host` is what keys are bound to, `origin` what browsers say."""

    host: str
    origin: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Passkey:
    """A device's key. `credential` and `public_key`: base64url; `sign_count`: how often the device says it signed, 0
    where it does not count; `host`: where it was made."""

    id: Id
    person: Id
    credential: str
    public_key: str
    sign_count: int
    host: str
    label: str
    made_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None


def challenge(key: bytes, asked: str, now: datetime, chance: bytes) -> bytes:
    """A question for this browser or session (`asked`). `now`: real."""
    if len(chance) != CHANCE_BYTES:
        raise ValueError("a question has 128 bits of chance")
    said = chance + int(now.timestamp() * 1000).to_bytes(_STAMP, "big")
    return said + _seal(key, asked, said)


def asked_at(key: bytes, asked: str, given: bytes, now: datetime) -> datetime:
    """When this question was put to this browser. Raises PasskeyRefused for others and old ones."""
    said, seal = given[: CHANCE_BYTES + _STAMP], given[CHANCE_BYTES + _STAMP :]
    if not hmac.compare_digest(seal, _seal(key, asked, said)):
        raise PasskeyRefused
    at = datetime.fromtimestamp(int.from_bytes(said[CHANCE_BYTES:], "big") / 1000, UTC)
    if not at - timedelta(seconds=1) <= now < at + CHALLENGE_LIFE:
        raise PasskeyRefused
    return at


def check_use(found: Passkey | None, site: Site, at: datetime) -> Passkey:
    """The key, if it may answer a question put at that time: an answer never counts twice. Raises PasskeyRefused."""
    if found is None or found.revoked_at is not None or found.host != site.host:
        raise PasskeyRefused
    if found.used_at is not None and at <= found.used_at:
        raise PasskeyRefused
    return found


def _seal(key: bytes, asked: str, said: bytes) -> bytes:
    return hmac.new(key, b"passkey\0" + asked.encode() + b"\0" + said, hashlib.sha256).digest()[:_SEAL]
