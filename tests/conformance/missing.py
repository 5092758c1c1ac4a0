"""What the embedded server cannot do yet: name of the test -> branch that brings it. Empty when all is there."""

from __future__ import annotations

from collections.abc import Mapping

MISSING: Mapping[str, str] = {}
