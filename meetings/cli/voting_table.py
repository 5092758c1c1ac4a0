"""`python -m meetings.cli.voting_table > docs/VOTING.md` writes the table of decisions from the dated rules."""

from __future__ import annotations

import sys

from meetings.voting.table import page

if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a console's or a file's stream
    sys.stdout.write(page())
