"""Refusals: a stable code, a sentence for people, no facts that were not asked for."""

from __future__ import annotations

import pickle

import pytest

from meetings.kernel.errors import Busy, Conflict, Forbidden, Invalid, NotFound, NotSignedIn, Refused, TooMany
from meetings.kernel.text import BadText, nfc

FAMILIES = (Refused, Invalid, NotFound, Forbidden, NotSignedIn, Conflict, Busy, TooMany)


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_speaks_in_one_composed_sentence(family: type[Refused]) -> None:
    assert str(family()) == family.message == nfc(family.message)
    assert family.message.endswith(".")


def test_families_have_codes_of_their_own() -> None:
    assert len({family.code for family in FAMILIES}) == len(FAMILIES)


class TooSmall(Invalid):
    """A refusal with a fact."""

    code = "too-small"
    message = "Cần ít nhất {least} đồng chí."


def test_facts_fill_the_sentence_and_stay_for_translators() -> None:
    refused = TooSmall(least=3)
    assert str(refused) == "Cần ít nhất 3 đồng chí."
    assert refused.facts == {"least": 3}


@pytest.mark.parametrize("refusal", [Refused(), Conflict(), BadText(most=7)])
def test_a_refusal_survives_the_way_between_processes(refusal: Refused) -> None:
    back = pickle.loads(pickle.dumps(refusal))
    assert type(back) is type(refusal)
    assert (back.facts, str(back), back.code) == (refusal.facts, str(refusal), refusal.code)
