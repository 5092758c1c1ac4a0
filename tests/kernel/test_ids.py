"""Identifiers: UUID text, ordered by time when ours, the same for the same parts when derived."""

from __future__ import annotations

import time
import uuid

import pytest

from meetings.kernel.ids import BadId, derived_id, new_id, parse_id


def test_a_new_id_is_a_version_7_uuid() -> None:
    found = uuid.UUID(new_id())
    assert found.version == 7
    assert found.variant == uuid.RFC_4122


def test_new_ids_never_meet_and_come_in_order_of_milliseconds() -> None:
    made = []
    for _ in range(20):
        made.append(new_id())
        time.sleep(0.002)
    assert made == sorted(made)
    assert len({new_id() for _ in range(5000)}) == 5000


@pytest.mark.parametrize("shape", [str.upper, lambda t: t.replace("-", ""), lambda t: "{" + t + "}"])
def test_every_way_of_writing_comes_out_the_same(shape: object) -> None:
    known = new_id()
    assert callable(shape)
    assert parse_id(shape(known)) == known


@pytest.mark.parametrize("text", ["", "x", "0" * 31, "0" * 33, "' OR 1=1 --", "ａ" * 32])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadId):
        parse_id(text)


@pytest.mark.parametrize("value", [None, 7, b"0" * 32])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(BadId):
        parse_id(value)  # type: ignore[arg-type]  # what a careless caller would hand over


def test_derived_ids_depend_on_where_the_parts_are_cut() -> None:
    assert derived_id("a", "b") == derived_id("a", "b")
    assert derived_id("a", "b") != derived_id("ab")
    assert derived_id("a", "b") != derived_id("b", "a")
