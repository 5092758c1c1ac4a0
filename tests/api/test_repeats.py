"""A write that is sent again gives the first answer and does nothing more."""

from __future__ import annotations

import pytest

from meetings.http.endpoint import Endpoint
from tests.api.asking import Said, everything, moved, said
from tests.api.scene import Scene
from tests.api.wishes import wish
from tests.journeys.sittings import new_id

pytestmark = pytest.mark.matrix

# These end the evening or the session, so they come last.
LAST = ("close_vote", "stop_item", "close_sitting", "cancel_meeting", "sign_out")
# A secret is told once and not stored; each ticket is a new one.
TOLD_ONCE = frozenset(
    {
        "issue_pass",
        "invite_member",
        "take_ticket",
        "sign_in",
        "read_out_code",
        "sign_in_by_code",
        "hand_off_browser",
    }
)
PRINTED = frozenset({"print_ballots_ahead"})  # a file says when it was made; nothing of it is kept
LEAST_DONE = 25


def _in_order(endpoints: list[Endpoint]) -> list[Endpoint]:
    return sorted(
        endpoints, key=lambda one: LAST.index(one.handler.__name__) + 1 if one.handler.__name__ in LAST else 0
    )


async def _twice(scene: Scene, endpoint: Endpoint) -> tuple[Said, Said, list[str]]:
    body, key = wish(endpoint.handler.__name__, scene.ours), {"Idempotency-Key": new_id()}
    first = await said(scene, scene.secretary, endpoint, body, key)
    before = await everything(scene)
    again = await said(scene, scene.secretary, endpoint, body, key)
    return first, again, moved(before, await everything(scene))


async def test_a_repeated_write_is_one_write(scene: Scene) -> None:
    done = 0
    for endpoint in _in_order(scene.writing):
        if endpoint.handler.__name__ in TOLD_ONCE or endpoint.handler.__name__ == "sign_out":
            continue
        first, again, tables = await _twice(scene, endpoint)
        assert first.status < 500, (endpoint.handler.__name__, first)
        assert again.status == first.status, endpoint.handler.__name__
        assert again.body == first.body or endpoint.handler.__name__ in PRINTED, endpoint.handler.__name__
        assert not tables, (endpoint.handler.__name__, tables)
        done += first.status < 300
    assert done >= LEAST_DONE


async def test_a_key_belongs_to_one_request(scene: Scene) -> None:
    key = {"Idempotency-Key": new_id()}
    path = f"/meetings/{scene.ours['meeting']}/guests"
    first = await scene.secretary.ask("POST", path, b'{"full_name": "A", "comes_from": "B"}', key)
    assert first[0] == 200
    before = await everything(scene)
    status, _, body = await scene.secretary.ask("POST", path, b'{"full_name": "C", "comes_from": "B"}', key)
    assert status == 409
    assert b"key-reused" in body
    assert not moved(before, await everything(scene))


async def test_the_same_ballot_with_another_choice_is_refused(scene: Scene) -> None:
    path, ballot = f"/votes/{scene.ours['vote']}/ballots", new_id()
    first = await scene.secretary.post(path, id=ballot, version=1, choice="for")
    before = await everything(scene)
    again = await scene.secretary.post(path, id=ballot, version=1, choice="for")
    assert again == first
    status, kind, body = await scene.secretary.ask(
        "POST", path, f'{{"id": "{ballot}", "version": 1, "choice": "against"}}'.encode()
    )
    assert (status, kind) == (409, "application/problem+json")
    assert b"against" not in body
    assert not moved(before, await everything(scene))
