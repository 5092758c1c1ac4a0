"""`python -m meetings.cli.schema sqlite|postgresql` prints the declared tables as SQL.

Before the first release it writes the first migration anew (docs/ARCHITECTURE.md, "Changing the schema").
"""

from __future__ import annotations

import sys

from sqlmodel import SQLModel

import meetings.app  # noqa: F401  every table is known once the application is
from meetings.db.ddl import script

if __name__ == "__main__":
    sys.stdout.write(script(SQLModel.metadata, sys.argv[1]))
