"""Everything that a meeting needs, as plain SQL for each database."""

from __future__ import annotations

from meetings.db.migrations.script import run_script

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward. There is no way back: restore a backup."""
    run_script("0001_begin")
