"""The pages' scripts and their tests, fetched and built once per environment by the locked names of `web/`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from meetings.pages import bundler
from tests.pages.worked_votes import write_worked

ROOT = Path(bundler.__file__).resolve().parents[2]
PATIENCE_S = 110


def workbench() -> Path:
    """A folder with `web/` and its packages. Skips the test where there is no Node or no registry."""
    shelf = Path(sys.prefix) / "stamps"
    folder = shelf / f"chibo-web-{bundler.recipe(ROOT)[:16]}"
    if not folder.is_dir():
        shelf.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=shelf) as scratch:
            place = Path(scratch) / "web"
            try:
                bundler.fetch(ROOT, place)
            except bundler.ScriptsUnreachable as reason:
                pytest.skip(f"the packages of web/ cannot be had: {str(reason).splitlines()[0]}")
            if not folder.is_dir():  # another worker may have been faster
                place.replace(folder)
    shutil.copytree(ROOT / "web" / "tests", folder / "tests", dirs_exist_ok=True)
    write_worked(folder / "tests" / "worked.json")
    return folder


def run(script: str, *words: str) -> None:
    """One of the packages' programs over `web/`; its output where it fails."""
    command: Sequence[str] = [*bundler.node(), f"node_modules/{script}", *words]
    environment = {**os.environ, "NO_COLOR": "1"}
    done = subprocess.run(
        command,
        cwd=workbench(),
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def built() -> Path:
    """The folder of the built scripts. Skips the test where they cannot be built."""
    try:
        return bundler.make_scripts(ROOT)
    except bundler.ScriptsUnreachable as reason:
        pytest.skip(f"the scripts cannot be built: {str(reason).splitlines()[0]}")
