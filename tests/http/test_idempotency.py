"""Writes under a key: done once, answered the same, never mixed up."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from meetings.db.unit import Units
from meetings.http.idempotency import HEADER, KEPT_FOR, AnswerRow, forget_answers
from meetings.kernel.clock import FixedClock
from meetings.kernel.ids import new_id
from tests.http.notes import Client

pytestmark = pytest.mark.parametrize("database_urls", ["sqlite", "postgres"], indirect=True)


def under(key: str) -> dict[str, str]:
    return {HEADER: key}


async def written(client: Client) -> list[str]:
    _, said = await client.send("GET", "/papers")
    words: list[str] = said["words"]
    return words


async def test_repeating_a_write_gives_the_first_answer(client: Client) -> None:
    key = under(new_id())
    first = await client.send("POST", "/papers", headers=key, json={"word": "một"})
    again = await client.send("POST", "/papers", headers=key, json={"word": "một"})
    assert first == again
    assert first[0] == 201
    assert await written(client) == ["một"]


async def test_without_a_key_every_write_is_another(client: Client) -> None:
    for _ in range(2):
        await client.send("POST", "/papers", json={"word": "một"})
    assert await written(client) == ["một", "một"]


async def test_a_key_serves_one_request_only(client: Client) -> None:
    key = under(new_id())
    await client.send("POST", "/papers", headers=key, json={"word": "một"})
    status, said = await client.send("POST", "/papers", headers=key, json={"word": "hai"})
    assert (status, said["code"]) == (409, "key-reused")
    assert await written(client) == ["một"]


async def test_a_refused_write_may_be_tried_again_under_its_key(client: Client) -> None:
    key = under(new_id())
    assert (await client.send("POST", "/papers", headers=key, json={"word": "đã có"}))[0] == 409
    assert (await client.send("POST", "/papers", headers=key, json={"word": ""}))[0] == 422
    assert (await client.send("POST", "/papers", headers=key, json={"word": "một"}))[0] == 201
    assert await written(client) == ["một"]


async def test_a_write_that_broke_down_may_be_tried_again(client: Client) -> None:
    key = under(new_id())
    for _ in range(2):
        assert (await client.send("POST", "/failures", headers=key, json={}))[0] == 500


async def test_impatient_repetition_writes_once(client: Client) -> None:
    key = under(new_id())
    sending = (client.send("POST", "/papers", headers=key, json={"word": "một"}) for _ in range(8))
    async with asyncio.timeout(60):
        answers = await asyncio.gather(*sending)
    assert {status for status, _ in answers} == {201}
    assert len({said["id"] for _, said in answers}) == 1
    assert await written(client) == ["một"]


async def test_a_key_that_is_no_uuid_is_refused(client: Client) -> None:
    status, said = await client.send("POST", "/papers", headers=under("1"), json={"word": "một"})
    assert (status, said["code"]) == (422, "bad-id")
    assert await written(client) == []


async def test_keys_of_different_askers_do_not_meet(client: Client) -> None:
    key = under(new_id())
    assert (await client.send("POST", "/papers", token=None, headers=key, json={"word": "một"}))[0] == 401
    assert (await client.send("POST", "/papers", headers=key, json={"word": "một"}))[0] == 201


async def test_a_body_with_its_own_id_needs_no_key_and_is_not_held_up_by_one(client: Client) -> None:
    # Such writes wait for the batcher's transaction: one held open around them would never end on SQLite.
    body = {"id": new_id(), "word": "của tôi"}
    async with asyncio.timeout(10):
        status, said = await client.send("POST", "/own-papers", headers=under(new_id()), json=body)
    assert (status, said) == (200, body)


async def test_reading_takes_no_key(client: Client) -> None:
    assert (await client.send("GET", "/papers", headers=under("anything")))[0] == 200


async def answers(units: Units) -> int:
    async with units.read() as uow:
        return len((await uow.session.execute(select(AnswerRow))).all())


async def test_an_answer_is_kept_for_a_month_and_no_longer(
    client: Client, units: Units, clock: FixedClock
) -> None:
    early, late = under(new_id()), under(new_id())
    first = await client.send("POST", "/papers", headers=early, json={"word": "một"})
    clock.move(timedelta(minutes=1))
    second = await client.send("POST", "/papers", headers=late, json={"word": "hai"})
    clock.move(KEPT_FOR - timedelta(minutes=1))
    assert await forget_answers(units) == 0
    assert await client.send("POST", "/papers", headers=early, json={"word": "một"}) == first
    clock.move(timedelta(seconds=1))
    assert (await forget_answers(units), await answers(units)) == (1, 1)
    assert await client.send("POST", "/papers", headers=late, json={"word": "hai"}) == second
    assert await written(client) == ["hai", "một"]
    assert (await client.send("POST", "/papers", headers=early, json={"word": "một"}))[0] == 201
    assert await written(client) == ["hai", "một", "một"]


async def test_many_old_answers_go_in_portions(units: Units, clock: FixedClock) -> None:
    rows = [
        {
            "id": new_id(),
            "request_hash": "",
            "status": 200,
            "body": b"",
            "content_type": "",
            "at": clock.now(),
        }
        for _ in range(1001)
    ]
    async with units.begin() as uow:
        await uow.session.execute(insert(AnswerRow), rows)
    clock.move(KEPT_FOR + timedelta(seconds=1))
    assert (await forget_answers(units), await answers(units)) == (1001, 0)
    assert await forget_answers(units) == 0
