"""The glossary names things that are in the code."""

from __future__ import annotations

import ast
import re

from tests.house.sources import PACKAGES, ROOT, sources


def members() -> set[str]:
    """`Class` and `Class.NAME` of every class of the house."""
    found = set[str]()
    for source in sources(*PACKAGES):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ClassDef):
                names = [part.targets[0] for part in node.body if isinstance(part, ast.Assign)]
                found |= {
                    node.name,
                    *(f"{node.name}.{name.id}" for name in names if isinstance(name, ast.Name)),
                }
    return found


def test_classes_and_their_values_exist() -> None:
    text = (ROOT / "docs" / "GLOSSARY.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([A-Z]\w+(?:\.[A-Z_]+)?)`", text))
    assert len(named) > 30
    assert not named - members()
