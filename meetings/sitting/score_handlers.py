"""Scores and their criteria over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field

from meetings.committees.policies import Certainty
from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, Line, LongText, View
from meetings.sitting.criteria import MOST_CRITERIA, WHOLE, Band, Criteria, Criterion, Measure, Rank
from meetings.sitting.scores import ScoringService
from meetings.sitting.scoring import Judged, Score
from meetings.sitting.scoring import Line as ScoreLine

_TAGS = ("sitting",)
Key = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,39}$")]
Points = Annotated[int, Field(ge=0, le=WHOLE)]
Part = Annotated[int, Field(ge=0, le=1000)]


class BandBody(Body):
    """From a share on (beyond it, where `over`) so many points."""

    part: Part
    of: Annotated[int, Field(ge=1, le=1000)]
    points: Points
    over: bool = False


class CriterionBody(Body):
    """One line; `measure` for what the service fills in, by `bands` from the most points down to share 0."""

    key: Key
    title: Line
    most: Points
    measure: Measure | None = None
    bands: Annotated[tuple[BandBody, ...], Field(max_length=20)] = ()
    spoiled: bool = False


class RankBody(Body):
    """A class, from so many points on."""

    least: Points
    name: Line


class CriteriaBody(Body):
    """Criteria from a day on, with the number and date of the paper that sets them. Points sum to 100."""

    valid_from: dt.date
    citation: Line
    lines: Annotated[tuple[CriterionBody, ...], Field(min_length=1, max_length=MOST_CRITERIA)]
    ranks: Annotated[tuple[RankBody, ...], Field(min_length=1, max_length=10)]


class BandView(View):
    """One step of a scale."""

    part: int
    of: int
    points: int
    over: bool


class CriterionView(View):
    """One line of the criteria."""

    key: str
    title: str
    most: int
    measure: Measure | None
    bands: list[BandView]
    spoiled: bool


class RankView(View):
    """A class."""

    least: int
    name: str


class CriteriaView(View):
    """Criteria in force. `certainty`: how sure their source is; `set_by_name` null: the project's default."""

    valid_from: dt.date
    citation: str
    certainty: Certainty
    set_by_name: str | None
    lines: list[CriterionView]
    ranks: list[RankView]


class JudgedBody(Body):
    """Points for one line; `note` says why they differ from what was measured."""

    key: Key
    points: Points
    note: LongText = ""


class ScoreBody(Body):
    """The points of a sitting; a measured line may be left out."""

    lines: Annotated[tuple[JudgedBody, ...], Field(max_length=MOST_CRITERIA)] = ()


class ScoreLineView(View):
    """One line. `computed`: what the measured share (`part` of `of`) is worth; null where people judge. `waits`: known
    only after the sitting, worth `in_time` or `late` then."""

    key: str
    title: str
    most: int
    points: int | None
    computed: int | None
    measure: Measure | None
    part: int | None
    of: int | None
    note: str
    waits: bool
    in_time: int | None
    late: int | None


class ScoreView(View):
    """The score that holds. `total` out of `of`, without the lines that wait."""

    total: int
    of: int
    rank: str
    citation: str
    set_by_name: str
    certainty: Certainty
    sequence: int
    at: dt.datetime
    lines: list[ScoreLineView]


class ScoringView(View):
    """The criteria of the sitting, its lines with what is measured now, and the score that holds."""

    criteria: CriteriaView
    proposed: list[ScoreLineView]
    score: ScoreView | None


class ScoreHandlers:
    """JSON in, JSON out."""

    def __init__(self, service: ScoringService) -> None:
        self._service = service

    def endpoints(self) -> list[Endpoint]:
        """All of them."""
        score, criteria = "/meetings/{meeting}/score", "/orgs/{org}/score-criteria"
        return [
            Endpoint(
                method="GET",
                path=score,
                handler=self.get_score,
                summary="Chấm điểm buổi sinh hoạt: tiêu chí, số liệu, điểm",
                answer=ScoringView,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path=score,
                handler=self.score_sitting,
                summary="Ghi điểm buổi sinh hoạt",
                answer=ScoreView,
                body=ScoreBody,
                tags=_TAGS,
            ),
            Endpoint(
                method="GET",
                path=criteria,
                handler=self.get_criteria,
                summary="Bộ tiêu chí chấm điểm đang áp dụng",
                answer=CriteriaView,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path=criteria,
                handler=self.set_criteria,
                summary="Đặt bộ tiêu chí chấm điểm cho các chi bộ trực thuộc",
                answer=CriteriaView,
                body=CriteriaBody,
                tags=_TAGS,
            ),
        ]

    async def get_score(self, call: Call[Body, Body]) -> ScoringView:
        """Nothing for a supplement."""
        found = await self._service.look(call.asker, call.id("meeting"))
        return ScoringView(
            criteria=CriteriaView.model_validate(found.criteria),
            proposed=[_line(one) for one in found.proposed],
            score=_score(found.score) if found.score else None,
        )

    async def score_sitting(self, call: Call[ScoreBody, Body]) -> ScoreView:
        """Until the minutes are approved."""
        said = {one.key: Judged(points=one.points, note=one.note) for one in call.body.lines}
        return _score(await self._service.score(call.asker, call.id("meeting"), said))

    async def get_criteria(self, call: Call[Body, Body]) -> CriteriaView:
        """In force today."""
        return CriteriaView.model_validate(await self._service.criteria(call.asker, call.id("org")))

    async def set_criteria(self, call: Call[CriteriaBody, Body]) -> CriteriaView:
        """From a day on, for all below."""
        body = call.body
        criteria = Criteria(
            valid_from=body.valid_from,
            citation=body.citation,
            lines=tuple(_criterion(line) for line in body.lines),
            ranks=tuple(Rank(least=one.least, name=one.name) for one in body.ranks),
            set_by=call.id("org"),
        )
        return CriteriaView.model_validate(await self._service.set_criteria(call.asker, criteria))


def _criterion(body: CriterionBody) -> Criterion:
    bands = [Band(part=one.part, of=one.of, points=one.points, over=one.over) for one in body.bands]
    return Criterion(
        key=body.key,
        title=body.title,
        most=body.most,
        measure=body.measure,
        bands=tuple(bands),
        spoiled=body.spoiled,
    )


def _line(line: ScoreLine) -> ScoreLineView:
    return ScoreLineView.model_validate(line)


def _score(score: Score) -> ScoreView:
    return ScoreView.model_validate(score)
