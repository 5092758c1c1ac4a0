"""Secrets: made once, private, and strong as soon as anybody else can knock."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from meetings.settings import BadSetting, Settings, database_url, load, open_secrets, owner_url
from meetings.settings.secrets import LEAST, read_secret_file

STRONG = "a-long-secret-of-forty-characters-or-more"
OUTSIDE = {"CHIBO_HTTP__BEHIND_PROXY": "true", "CHIBO_HTTP__TRUSTED_PROXIES": "127.0.0.1"}


def settings_in(folder: Path, **env: str) -> Settings:
    """Settings whose data folder is below `folder`."""
    return load(None, {"CHIBO_DATA__DIR": str(folder / "data"), **env})


def secret_file(folder: Path, text: str, mode: int = 0o600) -> Path:
    """A file with a secret."""
    file = folder / "given"
    file.write_text(text)
    file.chmod(mode)
    return file


def test_they_are_made_at_the_first_start_and_stay(tmp_path: Path) -> None:
    first, second = (open_secrets(settings_in(tmp_path)) for _ in range(2))
    assert first == second
    values = {first.session, first.ca_passphrase, first.livekit_api_secret}
    assert len(values) == 3
    assert all(len(value) >= LEAST for value in values)
    assert first.livekit_webhook_secret == first.livekit_api_secret
    assert repr(first) == "Secrets()"


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_only_their_owner_can_read_them(tmp_path: Path) -> None:
    open_secrets(settings_in(tmp_path))
    made = [tmp_path / "data", tmp_path / "data" / "secrets", *(tmp_path / "data" / "secrets").iterdir()]
    assert len(made) == 6
    assert not [path for path in made if stat.S_IMODE(path.stat().st_mode) & 0o077]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_can_read_refuses(tmp_path: Path, mode: int) -> None:
    file = secret_file(tmp_path, STRONG, mode)
    with pytest.raises(BadSetting, match=r"Setting secrets\.session_file: others can read"):
        open_secrets(settings_in(tmp_path, CHIBO_SECRETS__SESSION_FILE=str(file)))
    open_secrets(settings_in(tmp_path))
    (tmp_path / "data" / "secrets" / "secrets.session").chmod(mode)
    with pytest.raises(BadSetting, match=r"Setting secrets\.session: others can read"):
        open_secrets(settings_in(tmp_path))


def test_a_missing_or_empty_file_refuses(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="cannot be read"):
        open_secrets(settings_in(tmp_path, CHIBO_SECRETS__SESSION_FILE=str(tmp_path / "none")))
    with pytest.raises(BadSetting, match="is empty"):
        read_secret_file("secrets.session", secret_file(tmp_path, "\n"))


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    file = secret_file(tmp_path, STRONG)
    given = settings_in(tmp_path, CHIBO_SECRETS__SESSION_FILE=str(file))
    assert open_secrets(given).session == STRONG
    both = settings_in(tmp_path, CHIBO_SECRETS__SESSION_FILE=str(file), CHIBO_SECRETS__SESSION="from outside")
    assert open_secrets(both).session == "from outside"


@pytest.mark.parametrize("known", ["secret", "devkey", "Password", "short-one"])
@pytest.mark.parametrize("name", ["LIVEKIT__API_SECRET", "SECRETS__SESSION", "SECRETS__CA_PASSPHRASE"])
def test_a_known_secret_serves_this_machine_only(tmp_path: Path, name: str, known: str) -> None:
    env = {f"CHIBO_{name}": known}
    open_secrets(settings_in(tmp_path, **env))
    with pytest.raises(BadSetting) as refused:
        open_secrets(settings_in(tmp_path, **env, **OUTSIDE))
    assert refused.value.facts["key"] == name.lower().replace("__", ".")
    assert known == "secret" or known not in str(refused.value)


def test_made_secrets_serve_everybody(tmp_path: Path) -> None:
    assert open_secrets(settings_in(tmp_path, **OUTSIDE)) == open_secrets(settings_in(tmp_path))


def test_another_livekit_needs_its_secret(tmp_path: Path) -> None:
    url = {"CHIBO_LIVEKIT__URL": "wss://live.example"}
    with pytest.raises(BadSetting, match=r"Setting livekit\.api_secret_file"):
        open_secrets(settings_in(tmp_path, **url))
    given = {**url, "CHIBO_LIVEKIT__API_SECRET": STRONG}
    assert open_secrets(settings_in(tmp_path, **given)).livekit_webhook_secret == STRONG
    with pytest.raises(BadSetting, match=r"Setting livekit\.webhook_secret_file"):
        open_secrets(settings_in(tmp_path, **given, CHIBO_LIVEKIT__WEBHOOK_KEY="other"))


def test_webhooks_may_have_a_secret_of_their_own(tmp_path: Path) -> None:
    opened = open_secrets(settings_in(tmp_path, CHIBO_LIVEKIT__WEBHOOK_KEY="other"))
    assert opened.livekit_webhook_secret != opened.livekit_api_secret


def test_of_many_first_starts_one_makes_the_secrets(tmp_path: Path) -> None:
    start = (
        "import sys; from meetings.settings import load, open_secrets;"
        "print(open_secrets(load(None, {}, {'data.dir': sys.argv[1]})).session)"
    )
    command = [sys.executable, "-c", start, str(tmp_path / "data")]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    printed = {process.communicate(timeout=60)[0] for process in started}
    assert len(printed) == 1
    assert len(printed.pop().strip()) >= LEAST
    assert not list((tmp_path / "data" / "secrets").glob(".*"))


def test_the_password_file_completes_the_address(tmp_path: Path) -> None:
    file = secret_file(tmp_path, "p@ss/word\n")
    url = "postgresql+asyncpg://chibo_app@db.example:5433/chibo"
    settings = settings_in(tmp_path, CHIBO_DATABASE__URL=url, CHIBO_DATABASE__PASSWORD_FILE=str(file))
    assert database_url(settings) == "postgresql+asyncpg://chibo_app:p%40ss%2Fword@db.example:5433/chibo"
    assert owner_url(settings) == database_url(settings)


def test_without_an_address_the_database_is_a_file_below_data(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    assert database_url(settings) == f"sqlite+aiosqlite:///{tmp_path}/data/chibo.sqlite3"
    owner = "postgresql+asyncpg://chibo_owner@db.example/chibo"
    assert owner_url(settings_in(tmp_path, CHIBO_DATABASE__OWNER_URL=owner)) == owner
