"""The sitting is scored: what can be measured is filled in, the rest is typed; for who leads it."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from meetings.committees.policies import Certainty
from meetings.committees.powers import Act
from meetings.convening.rules import State
from meetings.http.language import source
from meetings.kernel.errors import Refused
from meetings.pages.desk import Desk, meeting_of, see
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of
from meetings.pages.words import is_supplement
from meetings.sitting.criteria import WHOLE, Measure
from meetings.sitting.scores import ScoreLook
from meetings.sitting.scoring import BadPoints, Judged, Line, ReasonNeeded

_WRITING = frozenset({State.OPEN, State.CLOSED})
_REASON = source("Khác với số liệu phần mềm tính được thì xin ghi lý do.")
_POINTS = source("Xin ghi một số từ {least} đến {most}.")
# What was measured, as the page says it.
MEASURED = {
    Measure.DURATION: source("{part}/{of} phút"),
    Measure.ATTENDANCE: source("dự {part}/{of}"),
    Measure.SPEAKERS: source("phát biểu {part}/{of}"),
    Measure.NOTICE: source("báo trước {part} giờ"),
    Measure.DRAFTS: source("có dự thảo trước {part} giờ"),
    Measure.RESULTS: source("kết quả có trong hạn: {part}/{of}"),
    Measure.READ_OUT: source("đọc lại biên bản tại buổi: {part}/{of}"),
}


class ScorePages:
    """`/m/{meeting}/score`."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._scoring = desk, desk.services.sitting.scoring

    def routes(self) -> list[web.RouteDef]:
        """The form and its act."""
        one = "/m/{meeting}/score"
        return [web.get(one, self.show), web.post(one, self.score)]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET /m/{meeting}/score; a supplement has none."""
        return await self._page(request, None, None)

    async def score(self, request: web.Request) -> web.StreamResponse:
        """POST …/score: said again, the last word holds."""
        asker, meeting = asker_of(request), meeting_of(request)

        async def act(filled: Filled) -> None:
            look = await self._scoring.look(asker, meeting)
            said = _said(filled, look.proposed)
            filled.check()
            try:
                await self._scoring.score(asker, meeting, said)
            except (BadPoints, ReasonNeeded) as refusal:
                _beside(filled, look, refusal)
                raise

        to = f"/m/{meeting}/score#total"
        return await self._desk.post(request, act, lambda *told: self._page(request, *told), to)

    async def _page(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        async with self._desk.services.units.read() as uow:
            frame = await self._desk.framed(uow, request, Act.ROLL)
            if is_supplement(frame.sitting):
                return see(f"/m/{frame.sitting.id}/run")
            look = await self._scoring.look(asker_of(request), frame.sitting.id)
        context = {
            "frame": frame,
            "sitting": frame.sitting,
            "look": look,
            "measured": MEASURED,
            "unsure": look.criteria.certainty is Certainty.UNSURE,
            "writing": frame.sitting.state in _WRITING,
            "whole": WHOLE,
            "here": f"/m/{frame.sitting.id}/score",
        }
        return self._desk.page(request, "score.html", context, filled=filled or _first(look), refusal=refusal)


def _said(filled: Filled, lines: tuple[Line, ...]) -> Mapping[str, Judged]:
    return {
        line.key: Judged(
            points=filled.number(f"points-{line.key}", 0, line.most),
            note=filled.line(f"note-{line.key}", empty=True),
        )
        for line in lines
        if not line.waits
    }


def _beside(filled: Filled, look: ScoreLook, refusal: BadPoints | ReasonNeeded) -> None:
    """The refusal names the line; it is said next to its field."""
    key = str(refusal.facts["key"])
    if isinstance(refusal, ReasonNeeded):
        filled.wrong(f"note-{key}", _REASON)
    else:
        most = next((line.most for line in look.proposed if line.key == key), WHOLE)
        filled.wrong(f"points-{key}", _POINTS, least=0, most=most)


def _first(look: ScoreLook) -> Filled:
    """What was given before; else what was measured."""
    given = {line.key: line for line in (look.score.lines if look.score else look.proposed)}
    typed: dict[str, str] = {}
    for line in look.proposed:
        known = given.get(line.key, line)
        typed[f"points-{line.key}"] = "" if known.points is None else str(known.points)
        typed[f"note-{line.key}"] = known.note
    return Filled(typed)
