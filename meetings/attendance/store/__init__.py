"""Rows of attendance: evidence and heartbeats, rolls, leave, guests and passes."""

from meetings.attendance.store import evidence, heartbeats, leave, passes, rolls

__all__ = ["evidence", "heartbeats", "leave", "passes", "rolls"]
