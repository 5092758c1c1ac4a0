"""Every write, asked with missing, wrong-typed, oversized, unreadable bodies: a typed error, nothing moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from meetings.http.endpoint import Endpoint
from tests.api.asking import everything, moved, said
from tests.api.scene import Scene
from tests.api.wishes import wish

pytestmark = pytest.mark.matrix

UNREADABLE = (b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b'{"id": NaN}', b"[" * 5000)
LONG = "dài " * 8_000
WRONG: tuple[Any, ...] = ({"x": 1}, [], 3.5, True, "không phải", -1, 10**30)


def _without_each(endpoint: Endpoint, body: dict[str, Any]) -> Iterator[Any]:
    for name, about in endpoint.body.model_fields.items():
        if about.is_required():
            yield {key: value for key, value in body.items() if key != name}


def _wrong_in_each(endpoint: Endpoint, body: dict[str, Any]) -> Iterator[Any]:
    for name, about in endpoint.body.model_fields.items():
        yield {**body, name: {"x": 1}}
        if about.is_required():
            yield {**body, name: None}
    yield {**body, "khong_co": 1}


def _oversized(endpoint: Endpoint, body: dict[str, Any]) -> Iterator[Any]:
    for name, value in body.items():
        if isinstance(value, str):
            yield {**body, name: LONG}
        elif isinstance(value, list):
            yield {**body, name: value * 2_000 or [LONG]}
        elif isinstance(value, int) and not isinstance(value, bool):
            yield {**body, name: 10**18}


def _reads_a_body(endpoint: Endpoint) -> bool:
    return bool(endpoint.body.model_fields)


async def _refused(
    scene: Scene, endpoint: Endpoint, bodies: Iterable[Any], standing: dict[str, list[str]]
) -> None:
    for body in bodies:
        answer = await said(scene, scene.secretary, endpoint, body)
        assert 400 <= answer.status < 500, (endpoint.handler.__name__, body, answer)
        assert answer.problem.status == answer.status
    assert not moved(standing, await everything(scene)), endpoint.handler.__name__


async def test_missing_and_wrong_typed_fields_change_nothing(scene: Scene) -> None:
    standing = await everything(scene)
    for endpoint in scene.writing:
        body = wish(endpoint.handler.__name__, scene.ours)
        bodies = (*_without_each(endpoint, body), *_wrong_in_each(endpoint, body))
        await _refused(scene, endpoint, bodies, standing)


async def test_oversized_bodies_change_nothing(scene: Scene) -> None:
    standing = await everything(scene)
    for endpoint in scene.writing:
        body = wish(endpoint.handler.__name__, scene.ours)
        bodies = [*_oversized(endpoint, body)]
        if not endpoint.path.endswith("/ink"):
            bodies.append({**body, "thua": "x" * 300_000})
        await _refused(scene, endpoint, bodies, standing)


async def test_what_is_no_json_object_changes_nothing(scene: Scene) -> None:
    standing = await everything(scene)
    for endpoint in scene.writing:
        if _reads_a_body(endpoint):
            bodies = UNREADABLE[1:] if not _needs(endpoint) else UNREADABLE
            await _refused(scene, endpoint, bodies, standing)


def _needs(endpoint: Endpoint) -> bool:
    return any(about.is_required() for about in endpoint.body.model_fields.values())


async def test_odd_values_never_break_the_service(scene: Scene) -> None:
    """Whatever is right or wrong about them, the answer is typed and below 500."""
    for endpoint in scene.writing:
        if endpoint.handler.__name__ in {"sign_out", "close_sitting"}:
            continue
        body = wish(endpoint.handler.__name__, scene.ours)
        for name in endpoint.body.model_fields:
            for odd in WRONG:
                answer = await said(scene, scene.secretary, endpoint, {**body, name: odd})
                assert answer.status < 500, (endpoint.handler.__name__, name, odd, answer)
                assert answer.status < 400 or answer.problem.code
