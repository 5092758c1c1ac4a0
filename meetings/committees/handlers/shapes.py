"""Shapes that several handlers share."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from meetings.http.endpoint import Endpoint, Handler
from meetings.http.shapes import Body, Nothing

Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2200, 12, 31))]


def post(
    path: str, handler: Handler, summary: str, body: type[Body], answer: type[BaseModel] = Nothing
) -> Endpoint:
    """A write of this storey."""
    return Endpoint(
        method="POST",
        path=path,
        handler=handler,
        summary=summary,
        body=body,
        answer=answer,
        tags=("committees",),
    )
