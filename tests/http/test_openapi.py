"""The document describes what is served: valid, complete, every reference resolved."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from meetings.db.unit import Units
from meetings.http.endpoint import Endpoint
from meetings.http.idempotency import HEADER
from meetings.http.openapi import TwoOfAName, document
from tests.http.notes import NoteHandlers


@pytest.fixture
def endpoints(notes: NoteHandlers) -> list[Endpoint]:
    return notes.endpoints()


@pytest.fixture
def described(endpoints: list[Endpoint]) -> dict[str, Any]:
    return document(endpoints, version="1")


def test_it_is_valid_and_serialisable(described: dict[str, Any]) -> None:
    assert list(OpenAPIV31SpecValidator(json.loads(json.dumps(described))).iter_errors()) == []


def test_every_endpoint_is_in_it_once(described: dict[str, Any], endpoints: list[Endpoint]) -> None:
    operations = {(path, method) for path, methods in described["paths"].items() for method in methods}
    assert operations == {(endpoint.url, endpoint.method.lower()) for endpoint in endpoints}


def test_every_reference_resolves(described: dict[str, Any]) -> None:
    text = json.dumps(described)
    names = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    assert names <= set(described["components"]["schemas"])
    assert "#/$defs/" not in text


def test_bodies_are_closed_and_problems_described(described: dict[str, Any]) -> None:
    assert described["components"]["schemas"]["PaperBody"]["additionalProperties"] is False
    responses = described["paths"]["/api/v1/papers"]["post"]["responses"]
    assert "application/problem+json" in responses["default"]["content"]
    assert set(responses) == {"201", "default"}


def parameters(described: dict[str, Any], path: str, method: str) -> dict[str, Any]:
    found = described["paths"][f"/api/v1{path}"][method]["parameters"]
    return {one["name"]: one for one in found}


def test_parameters_of_path_query_and_header(described: dict[str, Any]) -> None:
    path = parameters(described, "/papers/{paper}/months/{month}", "get")
    assert path["paper"]["schema"]["format"] == "uuid"
    assert path["month"]["schema"]["pattern"].startswith("^20")
    assert set(parameters(described, "/papers", "get")) == {"colour", "most"}
    assert HEADER in parameters(described, "/papers", "post")
    assert HEADER not in parameters(described, "/own-papers", "post")


def test_who_needs_a_session(described: dict[str, Any]) -> None:
    assert described["paths"]["/api/v1/papers"]["get"]["security"] == []
    assert described["paths"]["/api/v1/papers"]["post"]["security"] == [{"session": []}]


def test_a_file_is_described_by_its_type(described: dict[str, Any]) -> None:
    content = described["paths"]["/api/v1/files/one"]["get"]["responses"]["200"]["content"]
    assert set(content) == {"application/pdf"}


def test_two_things_of_one_name_are_refused(endpoints: list[Endpoint], units: Units) -> None:
    other = NoteHandlers(units)
    with pytest.raises(TwoOfAName, match="write_paper"):
        document([*endpoints, replace(endpoints[0], path="/others", handler=other.write_paper)], version="1")
