"""While the database is in one state, the same question is asked of it once: by all the services that make a page, and
by the next page too. With the first change of anything all is forgotten, so no answer is older than the database's."""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine, Hashable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

Question = ParamSpec("Question")
Found = TypeVar("Found")
Read = Callable[Concatenate[AsyncSession, Question], Coroutine[Any, Any, Found]]

_KNOWN = "known"
_MOST = 1000  # answers that a connection keeps; a page needs about thirty


@contextmanager
def remembering(session: AsyncSession, state: Hashable, kept: MutableMapping[Any, Any]) -> Iterator[None]:
    """Inside, nothing that this session reads may change under it. `state`: which of its states the database shows it,
    the same only if nothing at all has changed; `kept`: where its connection keeps what it was told."""
    was, known = kept.pop(_KNOWN, (None, {}))
    session.info[_KNOWN] = known = known if was == state else {}
    yield
    if len(known) <= _MOST:
        kept[_KNOWN] = (state, known)


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
