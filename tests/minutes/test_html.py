"""The web form of the same paper: everything said, nothing executed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from meetings.minutes.blocks import Heading, Notice, Paragraph, Table
from meetings.minutes.document import compose
from meetings.minutes.html import article
from meetings.minutes.records import Minutes
from tests.minutes.sittings import EXPLANATION, HALL, extraordinary, hybrid, practice, supplement


class Reader(HTMLParser):
    """Collects tags and text, and checks that tags close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002  the library's signature
        self.seen.add(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(minutes: Minutes) -> Reader:
    reader = Reader()
    reader.feed(article(compose(minutes)))
    reader.close()
    assert reader.open == []
    return reader


@pytest.mark.parametrize("make", [hybrid, supplement, extraordinary, practice])
def test_the_page_says_all_that_the_paper_says(make: Callable[[], Minutes]) -> None:
    reader = read(make())
    for block in compose(make()).blocks:
        if isinstance(block, Paragraph):
            assert "".join(run.text for run in block.runs) in reader.text
        elif isinstance(block, Heading | Notice):
            assert block.text in reader.text
        elif isinstance(block, Table):
            assert all(cell in reader.text for row in block.rows for cell in row)
    assert reader.seen >= {"article", "h1", "h2", "table", "caption", "th"}


def test_a_table_under_its_heading_is_not_named_twice_on_the_screen() -> None:
    html = article(compose(hybrid()))
    assert '<h2>Danh sách có mặt tại hội trường</h2>\n<table><caption class="vh">' in html
    assert "<caption>" not in html


def test_names_and_explanation_are_there() -> None:
    text = read(hybrid()).text
    assert EXPLANATION in text
    assert all(name in text for name in HALL)


def test_markup_in_names_is_only_text() -> None:
    evil = '<script>alert("x")</script> & <b>'
    facts = hybrid().facts
    minutes = replace(hybrid(), facts=replace(facts, recorder=replace(facts.recorder, name=evil)))
    reader = read(minutes)
    assert "script" not in reader.seen
    assert evil in reader.text


def test_until_it_is_signed_its_print_leaves_room_over_each_name() -> None:
    document = compose(hybrid())
    unsigned, signed = article(document), article(document, signed=True)
    assert 'class="minutes unsigned"' in unsigned
    assert 'class="minutes"' in signed
    assert unsigned.count('<span class="room"></span>') == 2
