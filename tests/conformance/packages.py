"""What tests put into browsers, fetched once per environment by the locked names of web/."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

WEB = Path(__file__).resolve().parents[2] / "web"
SOURCE = WEB / "conformance"
BUNDLE = Path("node_modules/livekit-client/dist/livekit-client.umd.js")
PATIENCE_S = 120


class NoPackage(Exception):
    """A package cannot be had; the message says why."""


def livekit_client() -> Path:
    """The file a page loads. Raises NoPackage."""
    return packaged("livekit-client", SOURCE, BUNDLE)


def packaged(name: str, source: Path, wanted: Path) -> Path:
    """A file of a package, by the lock in `source`. Raises NoPackage."""
    lock = (source / "package-lock.json").read_bytes()
    folder = Path(sys.prefix) / "stamps" / f"{name}-{hashlib.sha256(lock).hexdigest()[:16]}"
    if not (folder / wanted).is_file():
        _fetch(folder, name, source)
    return folder / wanted


def _fetch(folder: Path, package: str, source: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NoPackage("no npm")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(source / name, scratch)
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=scratch, capture_output=True, timeout=PATIENCE_S, check=False)
        if done.returncode != 0:
            raise NoPackage(f"{package} could not be fetched")
        ready = Path(scratch) / "ready"
        ready.mkdir()
        (Path(scratch) / "node_modules").rename(ready / "node_modules")
        if not folder.exists():  # another worker may have been faster
            ready.replace(folder)
