"""Pure: a supplement has opinions and no verdict, in whatever is written about it (rules.md 3.2)."""

from __future__ import annotations

from collections.abc import Iterable

from meetings.convening.rules import AnySitting, Meeting, Standing
from meetings.kernel.errors import Conflict

VERDICT = "thông qua"


class VerdictInSupplement(Conflict):
    """Words of a verdict where only opinions are asked."""

    code = "verdict-in-supplement"
    message = "Buổi bổ trợ chỉ ghi ý kiến, không ghi “thông qua”. Đồng chí ghi lại số ý kiến tán thành là đủ."


def has_verdict(text: str) -> bool:
    """Whether the text speaks of something being passed, however it is spaced or written."""
    return VERDICT in " ".join(text.casefold().split())


def may_say(sitting: AnySitting, texts: Iterable[str]) -> None:
    """Raises VerdictInSupplement where one of them would stand in a supplement's minutes."""
    supplement = isinstance(sitting, Meeting) and sitting.standing is Standing.SUPPLEMENT
    if supplement and any(has_verdict(text) for text in texts):
        raise VerdictInSupplement
