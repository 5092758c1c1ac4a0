"""The film strip of one whole meeting: `python -m tests.tour` makes docs/tour/ anew from the invented cell."""

from __future__ import annotations

import asyncio
import sys
from tempfile import TemporaryDirectory

from tests.tour.film import FOLDER, shoot


def main() -> int:
    """Returns 0 when every picture was taken."""
    with TemporaryDirectory() as scratch:
        names = asyncio.run(shoot(scratch))
    print(f"{len(names)} pictures in {FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
