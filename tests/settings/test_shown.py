"""Settings as an administrator reads them: every one, where it comes from, no secret and no password."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetings.settings import Origin, load, origins
from meetings.settings.load import SECRETS, dotted_names, variable
from meetings.settings.shown import Shown, shown

SECRET = "s3cret-with-40-characters-0123456789-abcd"


def _shown(env: dict[str, str], file: Path | None = None, **command: object) -> dict[str, Shown]:
    overrides = {key.replace("__", "."): value for key, value in command.items()}
    found = shown(load(file, env, overrides), origins(file, env, overrides))
    return {one.key: one for one in found}


def test_every_setting_is_shown_once() -> None:
    assert _shown({}).keys() == dotted_names()


def test_each_says_where_it_comes_from(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("http:\n  port: 8090\n  host: 127.0.0.1\nlimits:\n  body_bytes: 4096\n")
    found = _shown({"CHIBO_LIMITS__BODY_BYTES": "8192"}, file, http__port=8091)
    assert (found["http.port"].value, found["http.port"].origin) == ("8091", Origin.COMMAND)
    assert (found["limits.body_bytes"].value, found["limits.body_bytes"].origin) == (
        "8192",
        Origin.ENVIRONMENT,
    )
    assert found["http.host"].origin is Origin.DEFAULT  # the file repeats the default
    assert found["language"].origin is Origin.DEFAULT


@pytest.mark.parametrize("key", sorted(SECRETS))
def test_no_secret_is_shown(key: str) -> None:
    one = _shown({variable(key): SECRET})[key]
    assert (one.value, one.secret, one.given, one.origin) == ("", True, True, Origin.ENVIRONMENT)
    assert not _shown({})[key].given


@pytest.mark.parametrize("word", ["w0rd", "w@rd", "w:rd", "%40w"])
def test_no_password_in_an_address_is_shown(word: str) -> None:
    address = f"postgresql+asyncpg://chibo_app:{word}@localhost/chibo"
    one = _shown({"CHIBO_DATABASE__URL": address})["database.url"]
    assert one.value == "postgresql+asyncpg://chibo_app:***@localhost/chibo"


def test_no_password_behind_an_address_is_shown() -> None:
    address = "postgresql+asyncpg://chibo_app@localhost/chibo?ssl=require&password=w0rd"
    assert "w0rd" not in _shown({"CHIBO_DATABASE__URL": address})["database.url"].value
