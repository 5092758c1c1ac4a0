"""`python -m tests.attacks [--print] [NUMBER …]`: run the attacks and write their transcript into docs/SECURITY.md.

With numbers only those are run and their rows written. `--print` shows the rows and writes nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import pytest

from tests.attacks.points import ATTACKS
from tests.attacks.transcript import FILE, Recorder, replaced, row, rows_of, table


def main(arguments: Sequence[str]) -> int:
    """0 if every attack ended as expected."""
    numbers = [one for one in arguments if one != "--print"]
    wanted = [one for one in ATTACKS if not numbers or str(one.number) in numbers]
    recorder = Recorder()
    nodes = dict.fromkeys(node for attack in wanted for node in attack.nodes)
    with_long_ones = ("-m", "")
    status = pytest.main(["-q", "-p", "no:cacheprovider", *with_long_ones, *nodes], [recorder])
    made = {(str(one.number), one.what): row(one, list(recorder.outcomes.values())) for one in wanted}
    print(table(made.values()))
    if "--print" not in arguments:
        document = FILE.read_text("utf-8")
        known = {**rows_of(document), **made}
        rows = [known.get((str(one.number), one.what), row(one, ())) for one in ATTACKS]
        FILE.write_text(replaced(document, table(rows)), "utf-8")
    return int(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
