"""The code that a kiosk shows in the hall, and the nonce that keeps a scan alive on a slow line (ui.md 8).

Both are bound to one meeting; times here are real times (architecture decision 10: tokens use real time).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

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


def code_at(key: bytes, moment: datetime) -> str:
    """The code of the step in which the moment lies; 16 letters, safe in a URL."""
    return _code(key, _step(moment))


def check_code(key: bytes, code: str, moment: datetime) -> None:
    """Accepts the current step's code and those of three steps before. Raises HallCodeGone."""
    last = _step(moment)
    good = [_code(key, step) for step in range(last - EARLIER_STEPS, last + 1)]
    if not any(hmac.compare_digest(code.encode(), one.encode()) for one in good):
        raise HallCodeGone


def changes_at(moment: datetime) -> datetime:
    """When the next code begins."""
    return _EPOCH + (_step(moment) + 1) * STEP


def sign_nonce(key: bytes, *, session: Id, scanned_at: datetime, now: datetime) -> str:
    """For the browser that showed a good code; `scanned_at` (domain time) becomes the check-in's time."""
    said = f"{_micros(now + NONCE_LIFE)}.{_micros(scanned_at)}"
    return f"{said}.{_mac(key, session, said)}"


def read_nonce(key: bytes, nonce: str, *, session: Id, now: datetime) -> datetime:
    """When its holder scanned, in domain time. Raises NonceGone."""
    said, _, mac = nonce.rpartition(".")
    if not hmac.compare_digest(mac.encode(), _mac(key, session, said).encode()):
        raise NonceGone
    expires, scanned = said.split(".")
    if int(expires) <= _micros(now):
        raise NonceGone
    return _EPOCH + timedelta(microseconds=int(scanned))


def _step(moment: datetime) -> int:
    return (moment - _EPOCH) // STEP


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _code(key: bytes, step: int) -> str:
    digest = hmac.digest(key, f"code\x1f{step}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:_CODE_BYTES]).decode()


def _mac(key: bytes, session: Id, said: str) -> str:
    return hmac.digest(key, f"nonce\x1f{session}\x1f{said}".encode(), hashlib.sha256).hex()
