"""Rows of meetings, obligations, series, convocations and papers. They never leave these files."""

from meetings.convening.store import convocations, meetings, obligations, papers, rosters, series

__all__ = ["convocations", "meetings", "obligations", "papers", "rosters", "series"]
