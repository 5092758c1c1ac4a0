"""Refusals. Each is a type with a stable `code`; HTTP turns the family into a status in one place."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar


class Refused(Exception):
    """Base of every refusal. `message` is Vietnamese, with named braces filled from `facts`.

    Facts must hold no personal data: they reach logs and answers.
    """

    code: ClassVar[str] = "refused"
    message: ClassVar[str] = "Không thực hiện được việc này."

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.message.format(**facts))

    def __reduce__(self) -> tuple[Callable[..., Refused], tuple[type[Refused], dict[str, object]]]:
        """So that a refusal comes back whole from a worker process."""
        return _again, (type(self), self.facts)


def _again(kind: type[Refused], facts: dict[str, object]) -> Refused:
    return kind(**facts)


class Invalid(Refused):
    """What was sent cannot be understood or is out of range (HTTP 422)."""

    code = "invalid"
    message = "Nội dung gửi lên chưa đúng."


class NotFound(Refused):
    """There is no such thing, or the asker may not know of it (HTTP 404)."""

    code = "not-found"
    message = "Không tìm thấy."


class Forbidden(Refused):
    """The asker has no power to do this (HTTP 403)."""

    code = "forbidden"
    message = "Đồng chí không có quyền làm việc này."


class NotSignedIn(Refused):
    """Nobody, or an ended session, asks (HTTP 401)."""

    code = "not-signed-in"
    message = "Đồng chí cần mở lại đường dẫn đăng nhập của mình."


class Conflict(Refused):
    """It does not fit what is already recorded (HTTP 409)."""

    code = "conflict"
    message = "Việc này không khớp với điều đã ghi."


class Busy(Refused):
    """Too much at once; ask again shortly (HTTP 503 with Retry-After)."""

    code = "busy"
    message = "Máy đang bận, xin thử lại sau ít giây."


class TooMany(Refused):
    """One asker asks too often (HTTP 429 with Retry-After)."""

    code = "too-many"
    message = "Đồng chí thử quá nhiều lần, xin chờ một lát."
