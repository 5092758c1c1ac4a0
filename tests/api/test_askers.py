"""Every write by nobody, by a plain member, by the neighbours' secretary: refused, nothing moved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from demo.client import Person
from meetings.http.endpoint import Endpoint
from tests.api.asking import everything, moved, said
from tests.api.scene import Scene
from tests.api.wishes import wish

pytestmark = pytest.mark.matrix

# What any signed-in person may ask for themself.
ONES_OWN = frozenset(
    {
        *("sign_in", "sign_in_by_code", "hand_off_browser", "sign_out"),
        *("begin_passkey", "keep_passkey", "ask_for_passkey", "sign_in_by_passkey"),
        *("make_signing_key", "change_signing_passphrase"),
        *("certify_device_key", "revoke_signing_key"),
        *("verify_file", "prepare_for_token", "finish_by_token"),
    }
)
ENTERING = frozenset({"sign_in", "sign_in_by_code", "ask_for_passkey", "sign_in_by_passkey"})
# Who signs is named in the sitting, so its state speaks first (409).
MEMBERS = ONES_OWN | {
    "sign_minutes",
    *("prepare_signature", "open_signing_code"),
    *(
        "take_ticket",
        "post_check_in",
        "post_heartbeat",
        "ask_leave",
        "say_coming",
        "contest_leave",
        "cast_ballot",
        "raise_hand",
        "move_motion",
        "reserve_opinion",
    ),
}
# A signature of a witness named in the settings, whoever brings it; a ballot signed blindly, which brings no name; a
# file that is judged and not kept; a signature of a token under a code.
SELF_PROVING = frozenset(
    {
        *("cosign", "cast_secret_ballot", "check_secret_receipt", "verify_file"),
        *("prepare_for_token", "finish_by_token"),
    }
)
FOREIGN = frozenset({403, 404})
# Fields whose id the client makes itself.
OWN_IDS = frozenset({"id"})


async def _refused(scene: Scene, who: Person, endpoints: Iterable[Endpoint], statuses: Iterable[int]) -> None:
    standing = await everything(scene)
    for endpoint in endpoints:
        answer = await said(scene, who, endpoint, wish(endpoint.handler.__name__, scene.ours))
        assert answer.status in set(statuses), (endpoint.handler.__name__, answer)
        assert answer.problem.code
        assert not moved(standing, await everything(scene)), endpoint.handler.__name__


async def test_nobody_writes_unsigned(scene: Scene) -> None:
    writing = [one for one in scene.writing if one.handler.__name__ not in {*ENTERING, *SELF_PROVING}]
    await _refused(scene, scene.nobody, writing, {401})


async def test_nobody_reads_unsigned(scene: Scene) -> None:
    for endpoint in scene.endpoints:
        if not endpoint.writes and not endpoint.anyone:
            status, kind, _ = await scene.nobody.ask("GET", scene.path(endpoint))
            assert (status, kind) == (401, "application/problem+json"), endpoint.handler.__name__


async def test_a_plain_member_leads_nothing(scene: Scene) -> None:
    led = [one for one in scene.writing if one.handler.__name__ not in MEMBERS]
    await _refused(scene, scene.member, led, FOREIGN)


async def test_the_neighbours_secretary_may_nothing_here(scene: Scene) -> None:
    ours = [one for one in scene.writing if one.handler.__name__ not in ONES_OWN]
    await _refused(scene, scene.neighbour, ours, FOREIGN)


async def test_their_ids_in_our_paths_are_not_found(scene: Scene) -> None:
    """Our secretary, their meeting, vote, item, member."""
    standing = await everything(scene)
    for endpoint in [one for one in scene.writing if one.path_names()]:
        path = scene.path(endpoint, scene.theirs)
        body = wish(endpoint.handler.__name__, scene.theirs)
        answer = await said(scene, scene.secretary, endpoint, body, path=path)
        assert answer.status in FOREIGN, (endpoint.handler.__name__, answer)
        assert answer.problem.code
        assert not moved(standing, await everything(scene)), endpoint.handler.__name__


def _mixed(body: Any, ours: dict[str, str], theirs: dict[str, str]) -> Any:
    """The body with each of our ids replaced by the neighbours' of the same kind."""
    swap = {ours[name]: theirs[name] for name in theirs if name in ours and len(ours[name]) == 36}
    if isinstance(body, dict):
        return {key: value if key in OWN_IDS else _mixed(value, ours, theirs) for key, value in body.items()}
    if isinstance(body, list):
        return [_mixed(value, ours, theirs) for value in body]
    return swap.get(body, body) if isinstance(body, str) else body


async def test_their_ids_in_our_bodies_are_refused(scene: Scene) -> None:
    """The path is ours, a member, sitting or item in the body theirs."""
    ours, theirs = dict(scene.ours), dict(scene.theirs)
    standing = await everything(scene)
    for endpoint in scene.writing:
        body = wish(endpoint.handler.__name__, ours)
        foreign = _mixed(body, ours, theirs)
        if foreign == body:
            continue
        answer = await said(scene, scene.secretary, endpoint, foreign)
        assert 400 <= answer.status < 500, (endpoint.handler.__name__, answer)
        assert answer.problem.code
        assert not moved(standing, await everything(scene)), endpoint.handler.__name__
