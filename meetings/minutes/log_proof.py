"""Pure: what a verifier is given to judge rule 7 by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FILED = ("minutes.sign", "minutes.archive")
"""Acts whose entries name a file (`pdf`)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LogProof:
    """A proof that an entry stands in the log (`LogService.bundle`), the log's key and those of the witnesses.

    `asked`: whoever verifies named the witnesses, so that their silence is a failure and not only news.
    """

    bundle: Mapping[str, Any]
    log: str
    witnesses: tuple[str, ...]
    asked: bool = False
