"""docs/BALLOTS.md names the tests that there are."""

from __future__ import annotations

import pytest

from tests.house.promises import PROMISES, page
from tests.house.sources import ROOT


def test_the_page_is_current() -> None:
    told = (ROOT / "docs" / "BALLOTS.md").read_text("utf-8")
    assert told == page(), "run: python -m tests.house.promises > docs/BALLOTS.md"


@pytest.mark.parametrize(("file", "name"), sorted({test for one in PROMISES for test in one.tests}))
def test_every_test_that_is_named_is_there(file: str, name: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    assert f"def {name}(" in text or f'it("{name}"' in text
