"""Refusals keep their facts on every way."""

from __future__ import annotations

import pickle

import pytest

from meetings.kernel.errors import Conflict, Refused
from meetings.kernel.text import BadText


@pytest.mark.parametrize("refusal", [Refused(), Conflict(), BadText(most=7)])
def test_a_refusal_survives_the_way_between_processes(refusal: Refused) -> None:
    back = pickle.loads(pickle.dumps(refusal))
    assert type(back) is type(refusal)
    assert (back.facts, str(back), back.code) == (refusal.facts, str(refusal), refusal.code)
