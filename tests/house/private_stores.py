"""Contract type for import-linter: a store is imported only inside its storey, or by the listed readers."""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class PrivateStores(Contract):
    """`package`: the house. `readers`: modules that may read the stores of lower storeys.

    A store is `store` or `*_store`, a file or a package, so that a store may be split by names of the domain.
    """

    type_name = "private_stores"

    package = fields.StringField()
    readers = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        del verbose  # there is nothing more to tell
        package, readers = str(self.package), {str(name) for name in self.readers}  # type: ignore[attr-defined]  # fields describe themselves at run time
        broken = sorted(
            f"{importer} -> {store}"
            for store in graph.modules
            if _is_store(store, package)
            for importer in graph.find_modules_that_directly_import(store)
            if _storey(importer) != _storey(store) and not _is_below(importer, readers)
        )
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["broken"]:
            output.print_error(f"- {line}", bold=False)


def _storey(module: str) -> tuple[str, ...]:
    return tuple(module.split(".")[:2])


def _is_store(module: str, package: str) -> bool:
    parts = module.split(".")
    return len(parts) > 2 and parts[0] == package and (parts[2] == "store" or parts[2].endswith("_store"))


def _is_below(module: str, packages: set[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in packages)
