"""Cell S over HTTP, as the journeys have it."""

from tests.journeys.conftest import database_template, house

__all__ = ["database_template", "house"]
