"""The project's files, read once, for the tests of the house."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("meetings", "scheduler", "media_server", "demo", "bench")
TESTS = ("tests",)
NOT_OURS = frozenset(
    {".git", ".venv", "node_modules", "__pycache__", "data", "demo-out", "dist", "build", "static", "fonts"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One Python file: its path below the root, text and tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def module(self) -> str:
        """Its dotted name."""
        parts = self.path.with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        """All of its functions, inner ones too."""
        return [
            node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]


@cache
def sources(*tops: str) -> tuple[Source, ...]:
    """The Python files below the folders, in order."""
    files = [file for top in tops for file in sorted((ROOT / top).rglob("*.py"))]
    return tuple(_read(file) for file in files if not NOT_OURS & set(file.relative_to(ROOT).parts))


def _read(file: Path) -> Source:
    text = file.read_text(encoding="utf-8")
    return Source(path=file.relative_to(ROOT), text=text, tree=ast.parse(text))


@cache
def shared_files() -> tuple[Path, ...]:
    """What is in the repository, or would be: tracked and new files that are not ignored."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, check=True,
        ).stdout.decode()  # fmt: skip
        names = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):  # a source archive: no git, nothing ignored
        names = [file for file in ROOT.rglob("*") if not NOT_OURS & set(file.relative_to(ROOT).parts)]
    return tuple(name for name in names if name.is_file())


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function from `def` to its end, without its docstring."""
    first = node.body[0]
    documented = ast.get_docstring(node, clean=False) is not None
    doc = (first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0
    return (node.end_lineno or node.lineno) - node.lineno + 1 - doc
