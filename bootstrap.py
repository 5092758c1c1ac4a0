"""Sets up .venv from the locked, hashed requirements, then starts what was asked for.

Called by `run`, `run.cmd` and `test` with any Python 3.11+; needs nothing but the standard library.
A second start compares stamps and touches no network.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

if sys.platform != "win32":
    import fcntl

ROOT = Path(__file__).resolve().parent
OLDEST = (3, 11)
QUIET_SECONDS = 2.0
# What a build of the project depends on: when none of it changed, nothing is built.
BUILD_INPUTS = ("hatch_build.py", "pyproject.toml", "requirements-build.txt", "requirements.in", "web")
NOT_SOURCES = frozenset({"node_modules", "static", "dist", "__pycache__"})


class CannotSetUp(Exception):
    """One line for the person at the keyboard: what is wrong and what to do."""


def main(arguments: Sequence[str]) -> int:
    """`run …` starts the command line of chibo, `test …` runs the tests. Returns the exit status."""
    task, rest = arguments[0], list(arguments[1:])
    try:
        refuse_bad_python()
        if task == "test":
            venv = set_up("requirements-dev.txt")
            os.chdir(ROOT)
            return start([str(python_of(venv)), "-m", "tests.run_all", *rest])
        venv = set_up(lock_of(rest))
        return start([str(script_of(venv, "chibo")), *chibo_arguments(rest)])
    except CannotSetUp as reason:
        print(f"chibo: {reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def lock_of(rest: Sequence[str]) -> str:
    """`./run sign` also needs what reads USB tokens; nothing else does."""
    return "requirements-token.txt" if list(rest[:1]) == ["sign"] else "requirements.txt"


def chibo_arguments(rest: Sequence[str]) -> list[str]:
    """`./run`, `./run --own`, `./run --lan` serve; any other first word is a command of chibo."""
    if rest and not rest[0].startswith("-"):
        return list(rest)
    chosen = {"--own", "--lan", "--help", "-h"} & set(rest)
    return ["serve", *([] if chosen else ["--sample"]), *rest]


def refuse_bad_python() -> None:
    """Raises CannotSetUp if this Python is too old or cannot make environments."""
    if sys.version_info < OLDEST:
        raise CannotSetUp("cần Python 3.11 trở lên / Python 3.11 or newer is needed: https://www.python.org")
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise CannotSetUp(
            f"thiếu ensurepip; hãy cài: sudo apt-get install python{version}-venv"
            " / ensurepip is missing: install that package"
        )


def set_up(lock: str) -> Path:
    """The environment with the packages of that lock file and this project. Raises CannotSetUp."""
    venv = ROOT / ".venv"
    with alone(ROOT / ".venv.lock"):
        make_environment(venv)
        stamps = venv / "stamps"
        install(venv, lock, stamps / lock)
        build(venv, stamps / "build")
    return venv


def make_environment(venv: Path) -> None:
    """Creates .venv, or creates it again if its Python is gone or the folder was moved."""
    place = venv / "stamps" / "place"
    if read(place) == str(venv) and works(python_of(venv)):
        return
    shutil.rmtree(venv, ignore_errors=True)
    step("Tạo môi trường Python", [sys.executable, "-m", "venv", str(venv)])
    place.parent.mkdir()
    place.write_text(str(venv))


def install(venv: Path, lock: str, stamp: Path) -> None:
    """Installs the locked packages unless the stamp says that they are there."""
    wanted = digest([ROOT / lock])
    if read(stamp) == wanted:
        return
    step("Cài các gói cần thiết", [*pip(venv), "--require-hashes", "-r", str(ROOT / lock)])
    stamp.write_text(wanted)


def build(venv: Path, stamp: Path) -> None:
    """Builds web assets and fonts with the hashed build tools, then lays the project into the environment.

    CHIBO_WEB=skip builds without assets; that is remembered, so that a later start makes them.
    """
    skipped = os.environ.get("CHIBO_WEB") == "skip"
    wanted = digest(build_sources()) + ("-skipped" if skipped else "")
    if read(stamp) == wanted:
        return
    tools = venv / "build-tools"
    shutil.rmtree(tools, ignore_errors=True)
    lock = ROOT / "requirements-build.txt"
    try:
        step("Cài công cụ dựng", [*pip(venv), "--require-hashes", "--target", str(tools), "-r", str(lock)])
        step(
            "Dựng trang và phông chữ",
            [*pip(venv), "--no-build-isolation", "--no-deps", "--no-index", "-e", str(ROOT)],
            {"PYTHONPATH": str(tools), "NODE_USE_SYSTEM_CA": "1"},
        )
    finally:
        shutil.rmtree(tools, ignore_errors=True)
    stamp.write_text(wanted)


def build_sources() -> list[Path]:
    """The files whose change asks for a new build."""
    found = [
        *(ROOT / "meetings" / "minutes").glob("foundry*.py"),
        *(ROOT / "meetings" / "pages").glob("bundler*.py"),
    ]
    for name in BUILD_INPUTS:
        top = ROOT / name
        found.extend(top.rglob("*") if top.is_dir() else [top])
    return [file for file in found if file.is_file() and not NOT_SOURCES & set(file.relative_to(ROOT).parts)]


def digest(files: Iterable[Path]) -> str:
    """One hash over the names and contents of the files."""
    total = hashlib.sha256()
    for file in sorted(files):
        content = hashlib.sha256(file.read_bytes()).digest()
        total.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + content)
    return total.hexdigest()


def step(text: str, command: Sequence[str], more: Mapping[str, str] | None = None) -> None:
    """Runs one command; after two seconds one calm line shows how long it takes. Raises CannotSetUp."""
    log = ROOT / ".venv.log"
    began = time.monotonic()
    with log.open("w", encoding="utf-8") as out:
        worker = subprocess.Popen(
            command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=ROOT,
            env={**os.environ, "PYTHONUTF8": "1", **(more or {})},
        )  # fmt: skip
        try:
            status = watch(worker, text, began)
        except BaseException:
            worker.terminate()
            worker.wait()
            raise
    if status:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise CannotSetUp("\n  ".join([f"{text}: không xong / failed ({log.name})", *telling(lines)]))
    log.unlink()


def telling(lines: Sequence[str]) -> list[str]:
    """The few lines of a log that help: first those that name a way out, then the last errors."""
    advice = [line.strip() for line in lines if "CHIBO_" in line]
    errors = [line.strip() for line in lines if "error" in line.casefold() and "CHIBO_" not in line]
    return advice[-1:] + errors[-5:] or [line.strip() for line in lines[-6:]]


def watch(worker: subprocess.Popen[bytes], text: str, began: float) -> int:
    """Waits for the worker and shows the seconds: in place on a terminal, else a line every ten."""
    terminal, shown = sys.stderr.isatty(), 0
    while True:
        try:
            status = worker.wait(0.2)
        except subprocess.TimeoutExpired:
            seconds = int(time.monotonic() - began)
            if (
                seconds >= QUIET_SECONDS
                and seconds > shown
                and (terminal or seconds >= shown + 10 or not shown)
            ):
                shown = seconds
                show(text, seconds, terminal)
            continue
        if shown and terminal:
            print(file=sys.stderr)
        return status


def show(text: str, seconds: int, terminal: bool) -> None:
    """One calm line."""
    before, after = ("\r", "") if terminal else ("", "\n")
    print(f"{before}{text}… {seconds} s", end=after, file=sys.stderr, flush=True)


def start(command: Sequence[str]) -> int:
    """Becomes the command where the system can; elsewhere waits for it."""
    sys.stdout.flush()
    if os.name == "posix":
        os.execv(command[0], list(command))
    return subprocess.call(list(command))


def alone(file: Path) -> AbstractContextManager[object]:
    """Two starts at once take turns (POSIX; elsewhere nothing is locked)."""
    if sys.platform == "win32":
        return nullcontext()
    handle = file.open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Đang chờ một lần cài đặt khác… / waiting for another set-up", file=sys.stderr, flush=True)
        fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def pip(venv: Path) -> list[str]:
    """The start of an install command."""
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input", "--no-warn-script-location")
    return [str(python_of(venv)), "-m", "pip", "install", *quiet]


def works(python: Path) -> bool:
    """Whether that interpreter still starts and has pip."""
    try:
        return (
            subprocess.run([str(python), "-c", "import pip"], capture_output=True, check=False).returncode
            == 0
        )
    except OSError:
        return False


def python_of(venv: Path) -> Path:
    """The environment's interpreter."""
    return script_of(venv, "python")


def script_of(venv: Path, name: str) -> Path:
    """A program of the environment."""
    return venv / "Scripts" / f"{name}.exe" if os.name == "nt" else venv / "bin" / name


def read(stamp: Path) -> str:
    """What the stamp holds, or nothing."""
    return stamp.read_text() if stamp.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
