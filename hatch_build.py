"""Build hooks: project dependencies from requirements.in, the fonts of the minutes, the pages' scripts."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

FONT_CUTTER = "fonttools==4.68.0"


class PinnedDependencies(MetadataHookInterface):  # type: ignore[misc, unused-ignore]  # untyped where not installed
    """Loose top-level pins of requirements.in become the project's dependencies."""

    def update(self, metadata: dict[str, Any]) -> None:
        metadata["dependencies"] = pins(Path(self.root) / "requirements.in")


class Assets(BuildHookInterface[Any]):  # type: ignore[misc, unused-ignore]  # untyped where not installed
    """Makes the fonts and the scripts once; a second build finds them and does nothing."""

    def dependencies(self) -> list[str]:
        root = Path(self.root)
        forge, bundler = foundry(root), scripts(root)
        fonts = [forge.NODE_WHEEL, FONT_CUTTER] if forge.wanted(root) else []
        return fonts or ([bundler.NODE_WHEEL] if bundler.wanted(root) else [])

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  hatchling's signature
        root = Path(self.root)
        forge, bundler = foundry(root), scripts(root)
        if forge.wanted(root):
            self.app.display_waiting("Đang tải và chuẩn bị phông chữ của biên bản…")
            forge.make_fonts(root)
        if bundler.wanted(root):
            self.app.display_waiting("Đang tải và dựng phần âm thanh của trang…")
            bundler.make_scripts(root)


def pins(path: Path) -> list[str]:
    """The requirements of a pip input file, without comments and options; none when it is missing."""
    if not path.is_file():
        return []
    lines = (line.split(" #")[0].strip() for line in path.read_text("utf-8").splitlines())
    return [line for line in lines if line and not line.startswith(("#", "-"))]


def foundry(root: Path) -> ModuleType:
    """The font maker of this source tree."""
    return by_path(root / "meetings" / "minutes" / "foundry.py")


def scripts(root: Path) -> ModuleType:
    """The builder of the pages' scripts of this source tree."""
    return by_path(root / "meetings" / "pages" / "bundler.py")


def by_path(file: Path) -> ModuleType:
    """A module loaded by path: a build environment has no `meetings`."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise ImportError(str(file))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
