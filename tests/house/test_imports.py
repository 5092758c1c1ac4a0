"""No module needs another to be imported first, and none makes instances."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

from tests.house.sources import PACKAGES, ROOT, sources

ALONE = Path(__file__).with_name("alone.py")


def module_level_names() -> dict[str, list[str]]:
    """Module -> names that it assigns at its top."""
    found: dict[str, list[str]] = {}
    for source in sources(*PACKAGES):
        if source.path.stem != "__main__" and source.path.parts[-2:] != (
            "migrations",
            "env.py",
        ):  # run, not imported
            found[source.module] = list(assigned_in(source.tree))
    return found


def assigned_in(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.AnnAssign)
            else []
        )
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Without circles every module imports alone; the long test imports each to prove it."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    circles = [f"{module} -> {other}" for module in graph.modules for other in _circle(graph, module)]
    assert not circles, "\n".join(circles)


def _circle(graph: grimp.ImportGraph, module: str) -> list[str]:
    """The direct imports of a module that lead back to it."""
    return [
        other
        for other in graph.find_modules_directly_imported_by(module)
        if graph.find_shortest_chain(importer=other, imported=module)
    ]


def test_no_module_holds_an_instance() -> None:
    assert_nothing_found([sys.executable, str(ALONE), json.dumps(module_level_names())], timeout=110)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.skipif(os.name != "posix", reason="forks for each module")
def test_every_module_imports_alone() -> None:
    assert_nothing_found(
        [sys.executable, str(ALONE), json.dumps(module_level_names()), "alone"], timeout=1780
    )


def assert_nothing_found(command: list[str], *, timeout: float) -> None:
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=timeout)
    assert done.returncode == 0, done.stderr
    assert not done.stdout, "\n" + done.stdout


def test_the_search_for_instances_bites(tmp_path: Path) -> None:
    (tmp_path / "world.py").write_text(
        "class World: pass\nHERE = World()\nCOUNTS = {'a': [World()]}\nFINE = {'a': (1,)}\n"
    )
    (tmp_path / "lame.py").write_text("import no_such_module_anywhere\n")
    given = json.dumps({"world": ["HERE", "COUNTS", "FINE"], "lame": []})
    done = subprocess.run(
        [sys.executable, str(ALONE), given, "alone"], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    assert [line.split(" is ")[0] for line in done.stdout.splitlines()[:2]] == ["world.HERE", "world.COUNTS"]
    assert "lame does not import alone" in done.stdout
    assert "FINE" not in done.stdout
