"""Whoever shows a pass acts through it, signed in or not."""

from __future__ import annotations

from typing import Any

from meetings.attendance.service import PassToken
from meetings.http.endpoint import Call
from meetings.kernel.asker import Asker

_SCHEME = "Bearer "


def holder_of(call: Call[Any, Any]) -> Asker | PassToken:
    """The pass in the Authorization header, else who is signed in. Raises NotSignedIn."""
    shown = call.request.headers.get("Authorization", "")
    return PassToken(shown.removeprefix(_SCHEME)) if shown.startswith(_SCHEME) else call.asker
