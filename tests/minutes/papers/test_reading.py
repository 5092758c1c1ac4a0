"""Papers come back from their JSON as they went in; anything else is refused."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable

import pytest

from meetings.minutes.papers.facts import to_bytes
from meetings.minutes.papers.reading import BadPaper, from_json
from meetings.minutes.papers.records import AnyPaper
from tests.minutes.papers.samples import MAKERS, counting

ALL = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())


@ALL
def test_there_and_back(make: Callable[[], AnyPaper]) -> None:
    assert from_json(to_bytes(make())) == make()


def _altered() -> list[bytes]:
    data = to_bytes(counting())
    value = json.loads(data)
    more, less, other = (json.loads(data) for _ in range(3))
    more["facts"]["more"] = 1
    del less["facts"]["issued"]
    other["kind"] = "resolution"
    return [
        b"",
        b"[]",
        b"{",
        json.dumps(value).encode(),
        unicodedata.normalize("NFD", data.decode()).encode(),
        *(
            json.dumps(each, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
            for each in (more, less, other)
        ),
        data.replace(b'"chibo-paper/1"', b'"chibo-paper/2"'),
        data.replace(b'"kind":"counting"', b'"kind":["counting"]'),
    ]


@pytest.mark.parametrize("data", _altered())
def test_what_is_not_such_a_paper_is_refused(data: bytes) -> None:
    with pytest.raises(BadPaper):
        from_json(data)
