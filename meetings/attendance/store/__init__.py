"""Rows of attendance: evidence and heartbeats, rolls, leave, who will come, guests and passes."""

from meetings.attendance.store import coming, evidence, heartbeats, leave, passes, rolls

__all__ = ["coming", "evidence", "heartbeats", "leave", "passes", "rolls"]
