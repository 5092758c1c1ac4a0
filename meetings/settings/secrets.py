"""Secrets: from the environment, from a file, or made once below data.dir with mode 0600."""

from __future__ import annotations

import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from pydantic import SecretStr

from meetings.settings.errors import BadSetting
from meetings.settings.model import Settings

LEAST = 32  # characters; LiveKit's own servers ask for as many
KNOWN = frozenset({"secret", "devkey", "devsecret", "changeme", "change-me", "password", "chibo", "test"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Secrets:
    """Opened secrets; none appears in a representation or a log."""

    session: str = field(repr=False)
    ca_passphrase: str = field(repr=False)
    log_key: str = field(repr=False)
    livekit_api_secret: str = field(repr=False)
    livekit_webhook_secret: str = field(repr=False)
    oidc_client_secret: str = field(default="", repr=False)  # empty: PKCE alone


def open_secrets(settings: Settings) -> Secrets:
    """Reads the secrets and makes those that are missing.

    Raises BadSetting for a secret file that others can read, that is empty, or that was named and is
    missing; for a LiveKit elsewhere whose secret was not given; and for a known or short secret as soon as
    anybody beyond this machine can reach the service.
    """
    livekit, own, folder = settings.livekit, settings.secrets, settings.below_data("secrets")
    settings.data.dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = folder if livekit.embedded else None
    api = _opened("livekit.api_secret", livekit.api_secret, livekit.api_secret_file, made)
    webhook = api
    if livekit.webhook_key:
        webhook = _opened("livekit.webhook_secret", livekit.webhook_secret, livekit.webhook_secret_file, made)
    found = {
        "secrets.session": _opened("secrets.session", own.session, own.session_file, folder),
        "secrets.ca_passphrase": _opened(
            "secrets.ca_passphrase", own.ca_passphrase, own.ca_passphrase_file, folder
        ),
        "secrets.log_key": _opened("secrets.log_key", own.log_key, own.log_key_file, folder),
        "livekit.api_secret": api,
        "livekit.webhook_secret": webhook,
    }
    if settings.reachable_from_outside:
        _refuse_weak(found)
    return Secrets(
        session=found["secrets.session"],
        ca_passphrase=found["secrets.ca_passphrase"],
        log_key=found["secrets.log_key"],
        livekit_api_secret=api,
        livekit_webhook_secret=webhook,
        oidc_client_secret=_given(
            "oidc.client_secret", settings.oidc.client_secret, settings.oidc.client_secret_file
        ),
    )


def database_url(settings: Settings) -> str:
    """The SQLAlchemy address of the serving database, with its password; SQLite below data.dir when none is
    set. Raises BadSetting for a bad password file.
    """
    database = settings.database
    if not database.url:
        return f"sqlite+aiosqlite:///{settings.below_data('chibo.sqlite3')}"
    if database.password_file is None or urlsplit(database.url).password:
        return database.url
    password = read_secret_file("database.password_file", database.password_file)
    user, at, rest = database.url.partition("://")[2].rpartition("@")
    return f"postgresql+asyncpg://{user}:{quote(password, safe='')}{at}{rest}"


def owner_url(settings: Settings) -> str:
    """The address with which migrations run: database.owner_url, else the serving one."""
    return settings.database.owner_url or database_url(settings)


def read_secret_file(key: str, file: Path) -> str:
    """The one line of a secret file. Raises BadSetting naming `key`."""
    try:
        refuse_open_mode(key, file)
        text = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise BadSetting(key, "không đọc được tệp bí mật", "the secret file cannot be read") from None
    if not text:
        raise BadSetting(key, "tệp bí mật trống", "the secret file is empty")
    return text


def refuse_open_mode(key: str, file: Path) -> None:
    """Raises BadSetting if group or others may read the file (POSIX only: Windows has no such bits)."""
    if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise BadSetting(
            key,
            "người khác đọc được tệp bí mật; hãy chạy chmod 600 cho tệp đó",
            "others can read the secret file; run chmod 600 on it",
        )


def _given(key: str, given: SecretStr, file: Path | None) -> str:
    """A secret that only others can make; empty where there is none."""
    if given.get_secret_value() or file is None:
        return given.get_secret_value()
    return read_secret_file(f"{key}_file", file)


def _opened(key: str, given: SecretStr, file: Path | None, made_in: Path | None) -> str:
    if given.get_secret_value():
        return given.get_secret_value()
    if file is not None:
        return read_secret_file(f"{key}_file", file)
    if made_in is None:
        raise BadSetting(
            f"{key}_file",
            "cần có khi livekit.url trỏ tới máy chủ khác",
            "is needed when livekit.url names another server",
        )
    own = made_in / key
    if not own.exists():
        make_secret_file(own)
    return read_secret_file(key, own)


def make_secret_file(file: Path) -> None:
    """Creates the file with a new secret in one step: it never exists half-written or readable by others,
    and of two processes that start together the first one's secret stays.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(secrets.token_urlsafe(48) + "\n")
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(draft, file)
        except FileExistsError:
            return
    finally:
        draft.unlink()


def _refuse_weak(found: dict[str, str]) -> None:
    for key, value in found.items():
        if len(value) < LEAST or value.casefold() in KNOWN:
            raise BadSetting(
                key,
                f"bí mật quá ngắn hoặc ai cũng biết; ngoài máy này cần ít nhất {LEAST} ký tự ngẫu nhiên",
                f"a short or known secret; beyond this machine it needs at least {LEAST} random characters",
            )
