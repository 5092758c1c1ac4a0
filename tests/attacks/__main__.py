"""`python -m tests.attacks [NUMBER …]`: run the attacks and write their transcript into docs/SECURITY.md.

With numbers it runs only those, prints their rows and writes nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import pytest

from tests.attacks.points import ATTACKS
from tests.attacks.transcript import FILE, Recorder, replaced, row, table


def main(arguments: Sequence[str]) -> int:
    """0 if every attack ended as expected."""
    wanted = [one for one in ATTACKS if not arguments or str(one.number) in arguments]
    recorder = Recorder()
    nodes = dict.fromkeys(node for attack in wanted for node in attack.nodes)
    status = pytest.main(["-q", "-p", "no:cacheprovider", *nodes], [recorder])
    rows = [row(attack, list(recorder.outcomes.values())) for attack in wanted]
    print(table(rows))
    if not arguments:
        FILE.write_text(replaced(FILE.read_text("utf-8"), table(rows)), "utf-8")
    return int(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
