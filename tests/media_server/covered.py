"""`python -m tests.media_server.covered NAME FOLDER RUNS`: bytes that lead libFuzzer to new lines of a parser.

Leaves what was worth keeping in FOLDER; ends with another status than 0 at the first byte string that is not borne.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["media_server"]):
    from tests.media_server.hostile import PARSERS, Parser

PLANTED = "a planted fault"
_LONGEST = 4000  # of one input, in bytes


def _planted(given: bytes) -> None:
    """Chance does not find this in a hundred times as many tries; following the lines does."""
    for letter, wanted in zip(given, b"chi", strict=False):
        if letter != wanted:
            return
    if len(given) > 2:
        raise ZeroDivisionError


def main(name: str, folder: Path, runs: int) -> None:
    """Does not return: libFuzzer ends the process."""
    parser = (dict(PARSERS) | {PLANTED: Parser(read=atheris.instrument_func(_planted), samples=(b"....",))})[
        name
    ]
    for number, sample in enumerate(parser.samples):
        (folder / f"good-{number}").write_bytes(sample)
    told = (f"-runs={runs}", "-seed=1", f"-max_len={_LONGEST}", "-timeout=20", f"-artifact_prefix={folder}/")
    atheris.Setup([sys.argv[0], *told, str(folder)], parser.bear)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
