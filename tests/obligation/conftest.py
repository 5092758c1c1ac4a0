"""Databases as the convening tests have them."""

from tests.convening.conftest import database_template, units

__all__ = ["database_template", "units"]
