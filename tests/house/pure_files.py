"""Contract type for import-linter: files that call themselves pure, or have a pure name, reach nothing forbidden."""

from __future__ import annotations

import ast
from collections.abc import Set
from pathlib import Path

from grimp import ImportGraph
from importlinter import ContractCheck, fields
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.domain.imports import ModuleExpression


class PureFiles(ForbiddenContract):
    """A forbidden contract whose sources find themselves below `package`.

    A file of a storey is pure if it has one of the `names`, or if its docstring begins with "Pure".
    """

    type_name = "pure_files"

    package = fields.StringField()
    names = fields.SetField(subfield=fields.StringField())
    source_modules = fields.SetField(subfield=fields.ModuleExpressionField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        names = {str(name) for name in self.names}  # type: ignore[attr-defined]  # fields hold their values at run time
        pure = {module for module in graph.modules if is_pure(module, str(self.package), names)}
        self.source_modules = {ModuleExpression(module) for module in pure}  # type: ignore[assignment]  # a field is its value here
        return super().check(graph, verbose)


def is_pure(module: str, package: str, names: Set[str]) -> bool:
    """Whether the module belongs to the pure files of a storey. Looked up from the folder of the check."""
    parts = module.split(".")
    if len(parts) < 3 or parts[0] != package:
        return False
    return (
        parts[2] == "rules"
        or says_so(Path(*parts).with_suffix(".py"))
        or says_so(Path(*parts, "__init__.py"))
    )


def says_so(file: Path) -> bool:
    """Whether the docstring begins with "Pure"."""
    return file.is_file() and (ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").startswith("Pure")
