"""What ./test does inside the environment: system packages where it may, the checks, then the tests.

`--long` also runs the tests marked long. With paths or options of pytest only those tests run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.postgres import NoPostgres, find_binaries

ROOT = Path(__file__).resolve().parents[1]
TRIED = ROOT / ".venv" / "stamps" / "system"
MEMORY, ROOM = Path("/dev/shm"), 6 << 30  # bytes
WORKERS = "3"  # on two cores: a third of the time of the tests is waiting for browsers, clocks and databases
PATIENCE = 300  # seconds for the system's package manager
CHECKED = (
    "meetings",
    "scheduler",
    "media_server",
    "demo",
    "bench",
    "tests",
    "bootstrap.py",
    "hatch_build.py",
)


def has(*programs: str) -> Callable[[], bool]:
    """Whether one of the programs is on the path."""
    return lambda: any(shutil.which(program) for program in programs)


def has_postgres() -> bool:
    """Whether a PostgreSQL server can be started."""
    try:
        find_binaries()
    except NoPostgres:
        return False
    return True


def has_softhsm() -> bool:
    """Whether the software token's library is there."""
    return any(Path("/usr/lib").glob("**/softhsm/libsofthsm2.so"))


# package of Debian and Ubuntu -> whether what it brings is there, and which tests need it
SYSTEM: Mapping[str, tuple[Callable[[], bool], str]] = {
    "chromium": (has("chromium", "chromium-browser", "google-chrome"), "tests in a browser"),
    "postgresql": (has_postgres, "tests on PostgreSQL"),
    "poppler-utils": (has("pdfsig"), "tests with pdfsig and pdftotext"),
    "mupdf-tools": (has("mutool"), "tests with a second validator of signatures"),
    "softhsm2": (has_softhsm, "tests with a token"),
    "libnss3-tools": (has("certutil"), "tests of the trusted chain"),
    "openssl": (has("openssl"), "tests of signatures with OpenSSL"),
    "iproute2": (has("ip"), "tests in a network of their own"),
}


def main(arguments: Sequence[str]) -> int:
    """Returns 0 only if every check and every test passed."""
    os.chdir(ROOT)
    rest = [argument for argument in arguments if argument != "--long"]
    long = "--long" in arguments
    prepare_system()
    failed = [] if rest else [name for name, command in checks() if not passes(name, command)]
    if failed:
        print(f"FAILED before the tests: {', '.join(failed)}", flush=True)
    return run_tests(rest, long=long) or bool(failed)


def checks() -> list[tuple[str, Sequence[str]]]:
    """The checks that are no tests, in order of cost."""
    sources = [name for name in CHECKED if (ROOT / name).exists()]
    python = [sys.executable, "-m"]
    return [
        ("ruff check", [*python, "ruff", "check", "."]),
        ("ruff format", [*python, "ruff", "format", "--check", "."]),
        (
            "import contracts",
            [sys.executable, "-c", "from importlinter.cli import lint_imports_command as go; go()"],
        ),
        ("mypy --strict", [*python, "mypy", *sources]),
    ]


def passes(name: str, command: Sequence[str]) -> bool:
    """Runs one check; its output is shown only if it fails."""
    print(f"{name} … ", end="", flush=True)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    print("ok" if done.returncode == 0 else f"FAILED\n{done.stdout}{done.stderr}", flush=True)
    return done.returncode == 0


def run_tests(rest: Sequence[str], *, long: bool) -> int:
    """Runs pytest as the last thing, so that its summary is the last line."""
    command = [sys.executable, "-m", "pytest", "-n", WORKERS, "--dist", "loadfile"]
    command += ["-m", ""] if long else []
    return subprocess.run([*command, *rest], check=False, env=surroundings(os.environ, MEMORY)).returncode


def surroundings(environment: Mapping[str, str], memory: Path) -> Mapping[str, str]:
    """What the tests make and throw away lies in memory where there is room for it: a third less waiting.

    A database that is killed loses nothing there either; only a machine without power would.
    """
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free >= ROOM
    return {"TMPDIR": str(memory), **environment} if roomy else environment


def prepare_system() -> None:
    """Installs what the tests can use, once and only where it may; says what is missing."""
    missing = [name for name, (there, _) in SYSTEM.items() if not there()]
    tried = TRIED.read_text().split() if TRIED.exists() else []
    if installer := [] if set(missing) <= set(tried) else apt_get():
        print(f"installing {' '.join(missing)} … ", end="", flush=True)
        for command in (["update"], ["install", "-y", "--no-install-recommends", *missing]):
            bounded([*installer, *command])
        print("done", flush=True)
        TRIED.write_text("\n".join(missing))
    for name, (there, tests) in SYSTEM.items():
        if not there():
            print(f"without {name}: {tests} are skipped", flush=True)


def apt_get() -> list[str]:
    """How to call the package manager without being asked anything, or nothing if that is impossible."""
    if not shutil.which("apt-get"):
        return []
    command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    if os.geteuid() == 0:
        return command
    sudo = ["sudo", "-n"]
    return [*sudo, *command] if shutil.which("sudo") and bounded([*sudo, "true"]) else []


def bounded(command: Sequence[str]) -> bool:
    """Whether the command succeeded in time; it is told nothing and shows nothing."""
    try:
        done = subprocess.run(
            command, capture_output=True, stdin=subprocess.DEVNULL, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
