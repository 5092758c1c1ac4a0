"""${message}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from meetings.db import types

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward. There is no way back: restore a backup."""
    ${upgrades if upgrades else "pass"}
