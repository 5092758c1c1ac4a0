"""Refusals speak Vietnamese, and English with ?lang=en; their codes stay the same."""

from __future__ import annotations

import json

import pytest

from tests.api.scene import Scene

CASES = {
    "no-such-meeting": ("GET", "/meetings/01234567-89ab-7def-8123-456789abcdef", b""),
    "bad-body": ("POST", "/meetings/{meeting}/guests", b"{}"),
    "already-convened": ("POST", "/meetings/{planned}/convene", b"{}"),
    "already-open": ("POST", "/meetings/{meeting}/open", b"{}"),
}


@pytest.mark.parametrize("code", CASES)
async def test_a_refusal_speaks_the_askers_language(scene: Scene, code: str) -> None:
    method, path, body = CASES[code]
    path = path.format(**scene.ours)
    vietnamese = await _title(scene, method, path, body, code)
    english = await _title(scene, method, f"{path}?lang=en", body, code)
    assert vietnamese != english
    assert english.isascii()
    assert not vietnamese.isascii()


async def _title(scene: Scene, method: str, path: str, body: bytes, code: str) -> str:
    _, kind, content = await scene.secretary.ask(method, path, body or None)
    problem = json.loads(content)
    assert (kind, problem["code"]) == ("application/problem+json", code)
    return str(problem["title"])
