"""The OpenAPI document is valid, complete, and what schemathesis finds when it believes it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from openapi_spec_validator import validate
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from demo.client import Person
from tests.api.scene import Scene

pytestmark = pytest.mark.matrix

SEED = 20261124
# Signing out would end the session that the rest of the run needs.
LEFT_OUT = frozenset({"sign_out"})
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


async def _document(scene: Scene) -> dict[str, Any]:
    status, kind, content = await scene.nobody.ask("GET", "/openapi.json")
    assert (status, kind) == (200, "application/json")
    found: dict[str, Any] = json.loads(content)
    return found


async def test_the_document_is_valid_and_names_every_endpoint(scene: Scene) -> None:
    document = await _document(scene)
    validate(document)
    named = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    assert named == {(endpoint.method, endpoint.url) for endpoint in scene.endpoints}


@pytest.mark.parametrize("who", ["secretary", "nobody"])
async def test_nothing_undocumented_comes_back(scene: Scene, who: str) -> None:
    await _try(scene, await _document(scene), scene.secretary if who == "secretary" else scene.nobody, 3)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("who", ["secretary", "nobody"])
async def test_nothing_undocumented_comes_back_however_often_one_asks(scene: Scene, who: str) -> None:
    await _try(scene, await _document(scene), scene.secretary if who == "secretary" else scene.nobody, 200)


async def _try(scene: Scene, document: dict[str, Any], who: Person, examples: int) -> None:
    cookies = who.cookies()
    await asyncio.to_thread(_try_all, scene, document, cookies, examples)


def _try_all(scene: Scene, document: dict[str, Any], cookies: dict[str, str], examples: int) -> None:
    schema = schemathesis.openapi.from_dict(document)
    found: Any = schema.get_all_operations()
    for operation in [one.ok() for one in found]:
        if operation.definition.raw["operationId"] not in LEFT_OUT:
            _one(scene, operation, cookies, examples)()


def _one(scene: Scene, operation: Any, cookies: dict[str, str], examples: int) -> Callable[[], None]:
    """A Hypothesis test of one operation; every second case is about what is really there."""
    turns = count()

    def about(case: Any) -> None:
        if next(turns) % 2 == 0:
            case.path_parameters = {name: scene.ours.get(name, value) for name, value in _path(case).items()}
        case.call_and_validate(base_url=scene.house.base, cookies=cookies, checks=CHECKS)

    bounded = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    make: Any = seed
    bounded_given: Any = given
    tried: Callable[[], None] = make(SEED)(bounded(bounded_given(operation.as_strategy())(about)))
    return tried


def _path(case: Any) -> dict[str, Any]:
    return dict(case.path_parameters or {})
