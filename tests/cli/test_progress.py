"""A line when it takes long, none when it is quick, none after the end."""

from __future__ import annotations

import io
import time

import pytest

from meetings.cli.progress import told_while


def test_what_takes_long_is_told_again_and_again_until_it_ends() -> None:
    said = io.StringIO()
    with told_while("đang làm / working", first=0.01, every=0.01, to=said):
        while said.getvalue().count("\n") < 3:
            time.sleep(0.01)
    lines = said.getvalue().splitlines()
    assert all(line.startswith("chibo: đang làm / working … ") for line in lines)
    time.sleep(0.05)
    assert said.getvalue().splitlines() == lines


def test_what_is_quick_says_nothing() -> None:
    said = io.StringIO()
    with told_while("đang làm / working", first=60, to=said):
        pass
    assert said.getvalue() == ""


def test_it_ends_with_a_failure_too() -> None:
    said = io.StringIO()
    with pytest.raises(ValueError, match="amiss"), told_while("x", first=60, to=said):
        raise ValueError("amiss")
    assert said.getvalue() == ""
