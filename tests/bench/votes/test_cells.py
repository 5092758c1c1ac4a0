"""Two cells are furnished, vote and are counted: a bench that broke would measure nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bench.hall import Service, environment
from bench.votes.__main__ import Evening, Plan
from bench.votes.cells import VOTERS, furnish_cells


async def test_what_the_load_generator_was_told_is_in_the_database(tmp_path: Path) -> None:
    env = environment(tmp_path, None)
    halls = await furnish_cells(env, 2)
    assert [len(one.cookies) for one in halls] == [VOTERS] * 2
    evening = Evening(env, halls, Plan(seconds=0.5, rounds=1, cells=2, stretch=0))
    async with Service(env) as service:
        found = (await evening.run(service, kept=True))["cells"]
    async with Service(env, without_write=True) as service:
        unkept = (await evening.run(service, kept=False))["cells"]
    assert set(found["statuses"]) == set(unkept["statuses"]) == {"200"}
    with closing(sqlite3.connect(tmp_path / "chibo.sqlite3")) as connection:
        votes = dict(connection.execute("SELECT vote_id, count(*) FROM ballot GROUP BY vote_id"))
    assert set(votes) == {one.vote for one in halls}
    assert sum(votes.values()) == found["count"]
