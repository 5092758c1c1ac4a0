"""In a unit that reads one consistent state, the same question is asked of the database once."""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

Question = ParamSpec("Question")
Found = TypeVar("Found")
Read = Callable[Concatenate[AsyncSession, Question], Coroutine[Any, Any, Found]]

_KNOWN = "known"


def remember(session: AsyncSession) -> None:
    """From now on: nothing that this session reads may change under it."""
    session.info[_KNOWN] = {}


def once(read: Read[Question, Found]) -> Read[Question, Found]:
    """Every storey that makes a page asks who somebody is and what the sitting is: the second answer costs nothing.

    A list or dict that comes back is the caller's own.
    """

    async def ask(session: AsyncSession, /, *args: Question.args, **kwargs: Question.kwargs) -> Found:
        known: dict[Hashable, Found] | None = session.info.get(_KNOWN)
        if known is None:
            return await read(session, *args, **kwargs)
        key = (read, tuple(map(_frozen, args)), tuple(sorted(kwargs.items())))
        if key not in known:
            known[key] = await read(session, *args, **kwargs)
        found = known[key]
        return found.copy() if isinstance(found, list | dict) else found  # type: ignore[return-value]  # the same kind

    functools.update_wrapper(ask, read)
    return ask


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
