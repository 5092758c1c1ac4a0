"""The code that a kiosk shows in the hall, and the nonce that keeps a scan alive on a slow line (ui.md 8).

Both are bound to one meeting; times here are real times (architecture decision 10: tokens use real time).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from meetings.attendance.rules import SCANS, Source
from meetings.kernel.errors import Forbidden
from meetings.kernel.ids import Id

STEP = timedelta(seconds=20)
EARLIER_STEPS = 3  # a code stays good for 80 s from the start of its step
NONCE_LIFE = timedelta(minutes=10)
_CODE_BYTES = 12
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class HallCodeGone(Forbidden):
    """Not a code of this meeting, or older than the accepted steps."""

    code = "hall-code-gone"
    message = "Mã hội trường không đúng hoặc đã hết hạn. Đồng chí quét lại mã trên màn hình giúp."


class NonceGone(Forbidden):
    """Not a nonce given to this browser for this meeting, or older than ten minutes."""

    code = "nonce-gone"
    message = "Trang đã mở quá lâu. Đồng chí quét lại mã trên màn hình giúp."


def meeting_key(secret: bytes, meeting: Id) -> bytes:
    """The meeting's own secret, derived from the service's."""
    return hmac.digest(secret, f"hall\x1f{meeting}".encode(), hashlib.sha256)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scanned:
    """A good code was scanned at that moment of domain time. `shown`: by whom it was shown."""

    at: datetime
    shown: Source


def code_at(key: bytes, moment: datetime, shown: Source = Source.HALL_QR) -> str:
    """The code of the step in which the moment lies; 16 letters, safe in a URL. A kiosk's are codes of its own."""
    return _code(key, _step(moment), shown)


def check_code(key: bytes, code: str, moment: datetime) -> Source:
    """Accepts the current step's code and those of three steps before, and tells by whom it was shown.

    Raises HallCodeGone.
    """
    last = _step(moment)
    good = {
        _code(key, step, shown): shown for step in range(last - EARLIER_STEPS, last + 1) for shown in SCANS
    }
    for one, shown in good.items():
        if hmac.compare_digest(code.encode(), one.encode()):
            return shown
    raise HallCodeGone


def changes_at(moment: datetime) -> datetime:
    """When the next code begins."""
    return _EPOCH + (_step(moment) + 1) * STEP


def sign_nonce(key: bytes, *, session: Id, scanned: Scanned, now: datetime) -> str:
    """For the browser that showed a good code; the scan's moment becomes the check-in's time."""
    said = f"{_micros(now + NONCE_LIFE)}.{_micros(scanned.at)}.{scanned.shown.value}"
    return f"{said}.{_mac(key, session, said)}"


def read_nonce(key: bytes, nonce: str, *, session: Id, now: datetime) -> Scanned:
    """When its holder scanned, and what. Raises NonceGone."""
    said, _, mac = nonce.rpartition(".")
    if not hmac.compare_digest(mac.encode(), _mac(key, session, said).encode()):
        raise NonceGone
    expires, at, shown = said.split(".")
    if int(expires) <= _micros(now):
        raise NonceGone
    return Scanned(at=_EPOCH + timedelta(microseconds=int(at)), shown=Source(shown))


def _step(moment: datetime) -> int:
    return (moment - _EPOCH) // STEP


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _code(key: bytes, step: int, shown: Source) -> str:
    digest = hmac.digest(key, f"code\x1f{shown.value}\x1f{step}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:_CODE_BYTES]).decode()


def _mac(key: bytes, session: Id, said: str) -> str:
    return hmac.digest(key, f"nonce\x1f{session}\x1f{said}".encode(), hashlib.sha256).hex()
