"""The DTLS certificate of new sessions: a fresh one every day, so that none nears its end."""

from __future__ import annotations

import time
from collections.abc import Callable

from media_server.transport import RTCCertificate, new_certificate

DAY_S = 86_400.0


class DailyCertificate:
    """Sessions keep the certificate they began with; it is valid for 30 days. `now` is monotonic seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._certificate: RTCCertificate = new_certificate()
        self._made_at = now()

    def current(self) -> RTCCertificate:
        """The one to use for a session that begins now."""
        if self._now() - self._made_at >= DAY_S:
            self._certificate, self._made_at = new_certificate(), self._now()
        return self._certificate
