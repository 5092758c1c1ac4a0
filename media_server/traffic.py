"""What went over the media sockets, counted."""

from __future__ import annotations

from dataclasses import dataclass, field

from media_server.metrics import Histogram


@dataclass(slots=True, kw_only=True)
class Traffic:
    """Counts since the start. `shed`: over a peer's cap; `strangers`: from nobody that is expected.

    `missing`: not come from publishers at first; `unreceived`: by the reports of subscribers not come to them.
    `late`: waited longer to be forwarded than it was worth, because the process had too much to do.
    """

    packets_in: int = 0
    bytes_in: int = 0
    packets_out: int = 0
    bytes_out: int = 0
    dropped: int = 0
    shed: int = 0
    late: int = 0
    strangers: int = 0
    missing: int = 0
    unreceived: int = 0
    delay: Histogram = field(default_factory=Histogram)
