"""When signatures of a meeting's minutes may have been made: from its opening to thirty days after they were fixed.

Policy of this program: results are due within two days; later signing is lateness, which is shown elsewhere, but a
stamp of another season is not of this meeting.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from meetings.minutes.reading import from_json
from meetings.minutes.sameness import attached_data
from meetings.minutes.trust import TimestampTrust, Trust

SIGNING_DAYS = timedelta(days=30)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def stamp_trust(pdf: bytes, trust: Trust) -> TimestampTrust | None:
    """By the data attached to the file; None under a demonstration clock. Unreadable data allow no instant."""
    try:
        facts = from_json(attached_data(pdf) or b"").facts
        sitting = facts.sitting
        since = datetime.fromisoformat(sitting.opened.utc)
        until = datetime.fromisoformat((sitting.fixed or sitting.closed).utc) + SIGNING_DAYS
    except Exception:  # hostile files break parsers in any way: then no stamp lies inside
        return TimestampTrust(trust=trust, since=_NEVER, until=_NEVER)
    return None if facts.demonstration_clock else TimestampTrust(trust=trust, since=since, until=until)
