"""Pure rules of personal links, bound browsers and patience with repeated tries (ui.md 9).

Tokens are 128 random bits; only their SHA-256 is kept.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from meetings.kernel.errors import Forbidden, NotSignedIn, TooMany
from meetings.kernel.ids import Id

TOKEN_BYTES = 16
LINK_LIFE = timedelta(days=14)
CODE_LIFE = timedelta(minutes=5)
HAND_OFF_LIFE = timedelta(minutes=2)
CODE_DIGITS = 6
SESSION_LIFE = timedelta(days=400)  # rolling; the longest life browsers grant a cookie
MOST_BROWSERS = 3
# A phone on a weak line may lose our answer and post again from the same page.
REPEAT_WITHIN = timedelta(minutes=10)


class LinkGone(Forbidden):
    """The link was used by another browser, revoked, or is unknown."""

    code = "link-gone"
    message = "Đường dẫn này đã dùng rồi hoặc đã thu hồi. Đồng chí xin bí thư một đường dẫn mới."


class LinkExpired(LinkGone):
    """Older than 14 days."""

    code = "link-expired"
    message = "Đường dẫn này đã quá 14 ngày. Đồng chí xin bí thư một đường dẫn mới."


class HandOffGone(LinkGone):
    """The way from one browser of a person into another of theirs stays open for two minutes."""

    code = "hand-off-gone"
    message = "Đường dẫn sang trình duyệt khác chỉ dùng được trong 2 phút. Xin bấm lại nút ở trang trước."


class WrongCode(Forbidden):
    """No code with these digits and this year of birth is alive; which of the two is wrong is not said."""

    code = "wrong-code"
    message = (
        "Mã hoặc năm sinh chưa đúng, hoặc mã đã quá 5 phút. Đồng chí xem lại, hoặc xin bí thư đọc mã mới."
    )


class WrongBirthYear(Forbidden):
    """A link sent by message asks the year of birth; it did not match."""

    code = "wrong-birth-year"
    message = "Năm sinh chưa đúng. Đồng chí xem lại giúp."


class SessionEnded(NotSignedIn):
    """Revoked, or unused for 400 days."""

    code = "session-ended"


class Handed(StrEnum):
    """How a link reaches its person; paper handed over face to face asks nothing more. A code is read out; a browser
    where the person is signed in hands over to another one on the same device; a passkey and an account
    elsewhere need no link, so one is noted as used in the moment in which they let in."""

    PAPER = "paper"
    MESSAGE = "message"
    CODE = "code"
    BROWSER = "browser"
    PASSKEY = "passkey"
    OUTSIDE = "outside"

    @property
    def life(self) -> timedelta:
        """How long it can be used."""
        return {Handed.CODE: CODE_LIFE, Handed.BROWSER: HAND_OFF_LIFE}.get(self, LINK_LIFE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Invitation:
    """A personal link. `browser` is the hash of the secret that the opening page laid into its browser; `code` that of
    the six digits, where it was read out."""

    id: Id
    person: Id
    token_hash: str
    handed: Handed
    made_by: Id
    made_at: datetime
    used_at: datetime | None = None
    browser: str | None = None
    revoked_at: datetime | None = None
    code: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class BrowserSession:
    """One bound browser. `label` is what it calls itself, for the list where it can be revoked."""

    id: Id
    person: Id
    token_hash: str
    label: str
    bound_at: datetime
    seen_at: datetime
    revoked_at: datetime | None = None


def token_text(entropy: bytes) -> str:
    """The token of a link or cookie from exactly 16 random bytes, safe in a URL."""
    if len(entropy) != TOKEN_BYTES:
        raise ValueError("a token is 128 bits")
    return base64.urlsafe_b64encode(entropy).rstrip(b"=").decode()


def token_hash(token: str) -> str:
    """What is kept of a token. Its 128 bits of chance need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def code_hash(digits: str, key: bytes) -> str:
    """What is kept of a code. A million codes are soon tried, so the hash needs the installation's own key."""
    return hmac.new(key, b"code " + digits.encode(), hashlib.sha256).hexdigest()


def may_show(invitation: Invitation, now: datetime) -> None:
    """For GET: asks the person's name back and consumes nothing. Raises LinkGone, LinkExpired."""
    if invitation.revoked_at is not None or invitation.used_at is not None:
        raise LinkGone
    if now >= invitation.made_at + invitation.handed.life:
        raise HandOffGone if invitation.handed is Handed.BROWSER else LinkExpired


def asks_birth_year(invitation: Invitation) -> bool:
    """Whether the page must ask the year of birth."""
    return invitation.handed in {Handed.MESSAGE, Handed.CODE}


def consumed(
    invitation: Invitation,
    now: datetime,
    *,
    browser: str,
    birth_year: int,
    answer: int | None = None,
) -> Invitation:
    """For POST only: the link used up by this browser. The same browser posting again within ten minutes gets
    the same, so that a lost answer locks nobody out. Raises LinkGone, LinkExpired, WrongBirthYear."""
    if _repeats(invitation, now, browser):
        return invitation
    may_show(invitation, now)
    if asks_birth_year(invitation) and answer != birth_year:
        raise WrongBirthYear
    return replace(invitation, used_at=now, browser=browser)


def _repeats(invitation: Invitation, now: datetime, browser: str) -> bool:
    if invitation.used_at is None or invitation.browser is None or invitation.revoked_at is not None:
        return False
    same = hmac.compare_digest(invitation.browser, browser)
    return same and now <= invitation.used_at + REPEAT_WITHIN


def is_alive(session: BrowserSession, now: datetime) -> bool:
    """Neither revoked nor unused for 400 days."""
    return session.revoked_at is None and now < session.seen_at + SESSION_LIFE


def seen(session: BrowserSession, now: datetime) -> BrowserSession:
    """The session after a visit: its 400 days begin anew. Raises SessionEnded."""
    if not is_alive(session, now):
        raise SessionEnded
    return replace(session, seen_at=max(session.seen_at, now))


def crowded_out(sessions: Iterable[BrowserSession], now: datetime) -> tuple[BrowserSession, ...]:
    """Which bound browsers must go before one more is bound, so that three remain: those unused longest."""
    alive = sorted((one for one in sessions if is_alive(one, now)), key=lambda one: (one.seen_at, one.id))
    return tuple(alive[: max(0, len(alive) - MOST_BROWSERS + 1)])


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """So many tries at once, and one more each `refill`."""

    burst: int
    refill: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Bucket:
    """The moment at which the bucket would be full again; a full bucket lies in the past (GCRA)."""

    full_at: datetime


class TriedTooOften(TooMany):
    """The bucket is empty. `retry_after`: whole seconds until the next try."""

    code = "tried-too-often"

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after=retry_after)
        self.retry_after = retry_after


def take(bucket: Bucket | None, rate: Rate, now: datetime) -> Bucket:
    """The bucket after one try; None is a bucket never used. Raises TriedTooOften."""
    full_at = max(bucket.full_at, now) if bucket else now
    after = full_at + rate.refill
    over = after - now - rate.burst * rate.refill
    if over > timedelta(0):
        raise TriedTooOften(-(-over // timedelta(seconds=1)))
    return Bucket(full_at=after)
