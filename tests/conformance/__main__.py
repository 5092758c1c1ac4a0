"""`python -m tests.conformance`: run the whole suite and write docs/CONFORMANCE.md. Arguments go to pytest."""

from __future__ import annotations

import importlib.metadata
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.conformance.browsers import PROGRAMS, program
from tests.conformance.document import FILE, Result, outcomes, rendered
from tests.conformance.targets import EMBEDDED, GIVEN, REAL, available


class Recorder:
    """Collects what every test of a point did."""

    def __init__(self) -> None:
        self.results: dict[str, Result] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test was set up, ran or was torn down."""
        told = report.user_properties
        facts = dict(told)
        if "point" not in facts or (report.when != "call" and report.outcome == "passed"):
            return
        self.results[report.nodeid] = Result(
            point=int(str(facts["point"])),
            target=str(facts["target"]),
            client=str(facts["client"]),
            mode=str(facts["mode"]),
            outcome="failed" if "unreliable" in facts else report.outcome,
            notes=tuple(str(value) for name, value in told if name == "note"),
        )


def main(arguments: Sequence[str]) -> int:
    """0 if everything passed and the document was written."""
    recorder = Recorder()
    folder = Path(__file__).parent
    status = pytest.main(["-m", "", "-q", "-p", "no:cacheprovider", str(folder), *arguments], [recorder])
    results = list(recorder.results.values())
    FILE.write_text(rendered(results, versions()), "utf-8")
    print(f"{FILE.name}: {dict(outcomes(results))}")
    return int(status)


def versions() -> Mapping[str, str]:
    """What ran with what."""
    names = {
        EMBEDDED: f"aiortc {importlib.metadata.version('aiortc')}",
        REAL: _told([REAL, "--version"]) if shutil.which(REAL) else "not on this machine",
        GIVEN: "given by address",
        "Python": f"livekit {importlib.metadata.version('livekit')}, "
        f"livekit-api {importlib.metadata.version('livekit-api')}",
    }
    for name in PROGRAMS:
        found = program(name)
        names[name] = _told([found, "--version"]) if found else "not on this machine"
    return {name: told for name, told in names.items() if name != GIVEN or GIVEN in available()}


def _told(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    return (done.stdout or done.stderr).strip().splitlines()[0].strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
