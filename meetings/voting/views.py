"""A vote as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from meetings.http.shapes import View
from meetings.voting.rules import DecisionKind, Form, StoredVote


class ConcernedView(View):
    """The one person a question is about. `member` null: not on the roll."""

    name: str
    member: str | None


class VoteView(View):
    """A vote. Until it is closed `result` is null and no leaning is shown; in a supplement nothing passes.

    `late`: how many came too late by now, also after the end; never counted, not in `result` once that is fixed.
    """

    id: str
    meeting: str
    question: str
    person: ConcernedView | None
    kind: DecisionKind
    form: Form
    standing: str
    state: str
    opened_at: datetime | None
    deadline: datetime | None
    closed_at: datetime | None
    base: int
    answered: int | None
    late: int | None
    result: dict[str, Any] | None


def vote_view(stored: StoredVote, answered: int | None = None, late: int | None = None) -> VoteView:
    """What everyone who may view the cell reads of it."""
    vote = stored.vote
    return VoteView(
        id=vote.id,
        meeting=vote.meeting,
        question=vote.question,
        person=ConcernedView.model_validate(vote.person) if vote.person else None,
        kind=vote.kind,
        form=vote.form,
        standing=vote.standing.value,
        state=vote.state.value,
        opened_at=vote.opened_at,
        deadline=vote.deadline,
        closed_at=vote.closed_at,
        base=stored.base.size,
        answered=answered,
        late=late,
        result=None if stored.result is None else dict(stored.result),
    )
