"""The film strip in docs/tour is whole and small."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image

from tests.tour.film import FOLDER, MOST_BYTES, MOST_PICTURES, small


def test_the_page_names_every_picture_and_no_other() -> None:
    named = re.findall(r"\]\((.+?\.png)\)", (FOLDER / "README.md").read_text("utf-8"))
    assert named == sorted(file.name for file in FOLDER.glob("*.png"))
    assert 0 < len(named) <= MOST_PICTURES


def test_pictures_are_small_and_of_the_two_screens() -> None:
    for file in FOLDER.glob("*.png"):
        assert file.stat().st_size < MOST_BYTES, file.name
        with Image.open(file) as picture:
            assert picture.size in {(540, 1110), (1280, 800)}


def test_a_picture_that_cannot_be_small_is_refused() -> None:
    noise = Image.effect_noise((1280, 800), 120)
    out = io.BytesIO()
    noise.save(out, "PNG")
    with pytest.raises(ValueError, match="bytes"):
        small(out.getvalue())
