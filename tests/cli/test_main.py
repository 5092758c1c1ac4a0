"""The table of commands."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

from meetings.cli.main import COMMANDS, main


def test_no_command_shows_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    shown = capsys.readouterr().out
    assert all(name in shown for name in COMMANDS)


@pytest.mark.parametrize("words", [["dance"], ["doctor", "--dance"], ["doctor", "--lang", "fr"]])
def test_unknown_words_refuse(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "usage: chibo" in capsys.readouterr().err


def test_every_command_is_there() -> None:
    assert [name for name, command in COMMANDS.items() if find_spec(command.module) is None] == []


def test_the_table_imports_no_command() -> None:
    """`chibo --help` answers at once: nothing heavy is loaded for it."""
    ask = "import sys, meetings.cli.main; print(sorted(set(sys.argv[1:]) & sys.modules.keys()))"
    heavy = ["aiohttp", "sqlalchemy", "pydantic", "livekit", "reportlab", "pyhanko"]
    done = subprocess.run([sys.executable, "-c", ask, *heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
