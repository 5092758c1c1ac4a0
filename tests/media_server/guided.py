"""`python -m tests.media_server.guided PARSER [libFuzzer options]`: fuzzing guided by coverage, with atheris."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.media_server.hostile import PARSERS


def main() -> None:
    """Ends with status 0 when all runs were borne."""
    atheris = importlib.import_module("atheris")
    parser = PARSERS[sys.argv[1]]
    with TemporaryDirectory() as corpus:
        for number, sample in enumerate(parser.samples):
            (Path(corpus) / str(number)).write_bytes(sample)
        atheris.instrument_all()
        atheris.Setup([sys.argv[0], *sys.argv[2:], corpus], parser.bear)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
