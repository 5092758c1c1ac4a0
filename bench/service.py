"""The service under load: the application as it serves, with nothing else in its process."""

from __future__ import annotations

import asyncio
import json
import os

from meetings.cli.serve import running
from meetings.db.unit import Units
from meetings.kernel.clock import SystemClock
from meetings.settings import load, open_secrets
from meetings.voting.ballot_store import Question
from meetings.voting.casting import BallotBox, Cast, Receipt


class NoBox(BallotBox):
    """Answers as if the ballot were kept."""

    def __init__(self, units: Units, question: Question) -> None:
        super().__init__(units)
        self._question = question

    async def put(self, cast: Cast) -> Receipt:
        """A receipt for nothing."""
        return Receipt(cast=cast, at=SystemClock().now(), late=False, in_hall=True, question=self._question)


async def serve() -> None:
    """Until it is terminated."""
    settings = load(None, os.environ)
    async with running(settings, open_secrets(settings)) as (house, url, _):
        if os.environ.get("BENCH_WITHOUT_WRITE"):
            now = SystemClock().now()
            question = Question(
                cell="",
                meeting="",
                state="open",
                standing="mandatory",
                form="hands",
                zone="Asia/Ho_Chi_Minh",
                deadline=now,
                ended=now,
            )
            house.voting.box.put = NoBox(house.units, question).put  # type: ignore[method-assign]  # the handler without its write
        print(json.dumps({"port": int(url.rpartition(":")[2])}), flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
