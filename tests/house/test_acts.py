"""Every act that can stand in the ledger has plain words for those who read its journal."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from meetings.oversight.acts import ACTS
from tests.house.sources import Source, sources

_WHOLE = re.compile(
    r"(agenda|attendance|committees|convening|minutes|offline|oversight|papers|rooms|sitting|voting)\.[a-z_]+"
)
_GIVEN = ("name", "verb")  # what helpers call the end of a name that is put together


def _texts(tree: ast.AST) -> Iterator[str]:
    yield from (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))


def _beginning(source: Source) -> str:
    """`convening.` where the file names its acts as f"convening.{verb}"."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.keyword) and node.arg == "name" and isinstance(node.value, ast.JoinedStr):
            first = node.value.values[0]
            if isinstance(first, ast.Constant) and "." in str(first.value):
                return str(first.value)
    return ""


def _put_together(source: Source, beginning: str) -> Iterator[str]:
    """The ends given to that file's helpers, by itself and, where they are not private, by its neighbours."""
    helpers = {
        one.name: [arg.arg for arg in one.args.args].index(given)
        for one in source.functions()
        for given in _GIVEN
        if given in [arg.arg for arg in one.args.args]
    }
    for other in sources("meetings"):
        if other.path.parent != source.path.parent:
            continue
        for call in (node for node in ast.walk(other.tree) if isinstance(node, ast.Call)):
            known = isinstance(call.func, ast.Name) and call.func.id
            if known in helpers and (other is source or not str(known).startswith("_")):
                end = call.args[helpers[str(known)]] if len(call.args) > helpers[str(known)] else None
                if isinstance(end, ast.Constant):
                    yield beginning + str(end.value)


def acts() -> set[str]:
    """Every name of an act in the code."""
    found = set[str]()
    for source in sources("meetings"):
        if source.path.parts[:2] == ("meetings", "oversight") and source.path.name == "acts.py":
            continue
        found |= {text for text in _texts(source.tree) if _WHOLE.fullmatch(text)}
        if beginning := _beginning(source):
            found |= set(_put_together(source, beginning))
    return {one for one in found if not one.endswith("_")}


def test_every_act_of_the_ledger_has_words_and_no_words_are_left_over() -> None:
    known = acts()
    assert {"convening.call", "agenda.hand", "agenda.give_task", "voting.election_begin"} <= known
    assert known == set(ACTS)
