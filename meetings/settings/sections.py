"""The sections of config.yaml. Each setting is explained in that file; these are its defaults and limits."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, SecretStr, model_validator

from meetings.settings.fields import (
    Address,
    Host,
    Network,
    Number,
    Port,
    check_private,
    check_url,
    refusal,
)


class Section(BaseModel):
    """Frozen; refuses unknown keys; never shows a value in an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True)


def _named(path: Path) -> Path:
    if path == Path():
        raise refusal("không được để trống", "must not be empty")
    return path


class Data(Section):
    """Where everything that the service writes lives."""

    dir: Annotated[Path, AfterValidator(_named)] = Path("data")


def _database_url(value: str) -> str:
    head, socket, folder = value.partition("?host=/")  # a Unix socket instead of a host
    checked = check_url(head.replace("@/", "@localhost/") if socket else value, "postgresql+asyncpg")
    if checked and not urlsplit(checked).path.strip("/"):
        raise refusal("thiếu tên cơ sở dữ liệu", "the database name is missing")
    return f"{head}{socket}{folder}" if socket else checked


DatabaseUrl = Annotated[str, AfterValidator(_database_url), Field(repr=False)]


class Database(Section):
    """Empty `url`: SQLite inside data.dir. `owner_url` is the role that owns the tables, for migrations."""

    url: DatabaseUrl = ""
    owner_url: DatabaseUrl = ""
    password_file: Path | None = None
    pool_size: Number = Field(default=10, ge=1, le=200)

    @model_validator(mode="after")
    def _password_has_a_user(self) -> Self:
        if self.password_file is not None and not urlsplit(self.url).username:
            raise refusal(
                "cần tên vai trò khi có database.password_file",
                "must name its role when database.password_file is given",
                key="database.url",
            )
        return self


class Http(Section):
    """Where pages are served. Plain http is for this machine only."""

    host: Host = "127.0.0.1"
    port: Port = 8080
    public_url: Annotated[str, AfterValidator(lambda url: check_url(url, "https", "http"))] = ""
    behind_proxy: bool = False
    trusted_proxies: tuple[Network, ...] = ()

    @model_validator(mode="after")
    def _proxy_is_named(self) -> Self:
        if self.behind_proxy and not self.trusted_proxies:
            raise refusal(
                "cần địa chỉ của máy chủ trung gian khi http.behind_proxy bật",
                "the proxy's address is needed when http.behind_proxy is on",
                key="http.trusted_proxies",
            )
        return self


class Tls(Section):
    """Certificate chain and key in PEM, both or none."""

    cert_file: Path | None = None
    key_file: Path | None = None

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.cert_file is None) != (self.key_file is None):
            missing = "tls.cert_file" if self.cert_file is None else "tls.key_file"
            raise refusal("cần cả chứng thư và khóa", "certificate and key are both needed", key=missing)
        return self

    @property
    def on(self) -> bool:
        """Whether the service itself speaks TLS."""
        return self.cert_file is not None


def _livekit_url(value: str) -> str:
    checked = check_url(value, "wss", "https", "ws", "http")
    return check_private(check_private(checked, "ws"), "http")


class Livekit(Section):
    """Empty `url`: the embedded media server. Empty `webhook_key`: webhooks use the api key and secret."""

    url: Annotated[str, AfterValidator(_livekit_url)] = ""
    api_key: str = Field(default="chibo", min_length=1, max_length=64)
    api_secret: SecretStr = SecretStr("")
    api_secret_file: Path | None = None
    webhook_key: str = Field(default="", max_length=64)
    webhook_secret: SecretStr = SecretStr("")
    webhook_secret_file: Path | None = None

    @property
    def embedded(self) -> bool:
        """Whether this service starts its own media server."""
        return not self.url


class Media(Section):
    """The embedded media server: signalling on host:port, sound over one UDP port and its TCP twin."""

    host: Host = "127.0.0.1"
    port: Port = 7880
    rtc_addresses: tuple[Address, ...] = ()
    rtc_interfaces: tuple[str, ...] = ()
    rtc_announced: tuple[Address, ...] = ()
    rtc_port: Port = 7882
    rtc_tcp_port: Port = 0
    processes: Number = Field(default=1, ge=1, le=64)


class ClockMode(StrEnum):
    """Whether domain time is the machine's time."""

    REAL = "real"
    DEMO = "demo"


class ClockSettings(Section):
    """Domain time; `start` and `rate` are for demonstrations only."""

    mode: ClockMode = ClockMode.REAL
    start: AwareDatetime | None = None
    rate: Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)] = 1.0

    @model_validator(mode="after")
    def _fits_the_mode(self) -> Self:
        if self.mode is ClockMode.DEMO and self.start is None:
            raise refusal(
                "cần có khi clock.mode là demo", "is needed when clock.mode is demo", key="clock.start"
            )
        if self.mode is ClockMode.REAL and (self.start is not None or self.rate != 1.0):
            key = "clock.rate" if self.start is None else "clock.start"
            raise refusal("chỉ dùng khi clock.mode là demo", "is only for clock.mode demo", key=key)
        return self

    def start_utc(self) -> datetime:
        """The demonstration's first moment in UTC. Only when the mode is demo."""
        if self.start is None:
            raise ValueError("a real clock has no start")
        return self.start.astimezone(UTC)


class Rules(Section):
    """How this installation writes; what is counted comes from the dated table and the committees' figures."""

    signing_authority: Literal["T/M CHI BỘ", "T/M CHI ỦY"] = "T/M CHI BỘ"


class Tsa(Section):
    """RFC 3161 time stamps on signatures; empty `url`: none. By `root_file` (PEM) and `crl_file` (DER or PEM) the
    verifier judges them."""

    url: Annotated[str, AfterValidator(lambda url: check_url(url, "https", "http"))] = ""
    root_file: Path | None = None
    crl_file: Path | None = None


class External(Section):
    """Certification authorities besides the internal one: `list_file`, a dated list (YAML); none: nobody."""

    list_file: Path | None = None


def _verifier_key(value: str) -> str:
    if not re.fullmatch(r"[^+\s]{1,200}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}", value):
        raise refusal("phải là khóa dạng tên+số+khóa", "must be a key like name+number+key")
    return value


VerifierKey = Annotated[str, AfterValidator(_verifier_key)]


def _issuer(value: str) -> str:
    if value != value.strip() or urlsplit(value).query or urlsplit(value).fragment:
        raise refusal("phải là địa chỉ không có ? và #", "must be an address without ? and #")
    check_private(check_url(value, "https", "http"), "http")
    return value  # as it is: a slash at its end is part of its name


class Oidc(Section):
    """An identity service (OpenID Connect); empty `issuer`: none. `name`: what people call it."""

    issuer: Annotated[str, AfterValidator(_issuer)] = ""
    client_id: str = Field(default="", max_length=255)
    client_secret: SecretStr = SecretStr("")
    client_secret_file: Path | None = None
    name: str = Field(default="tài khoản của tỉnh", min_length=1, max_length=60)

    @model_validator(mode="after")
    def _client_is_named(self) -> Self:
        if self.issuer and not self.client_id:
            raise refusal(
                "cần có khi oidc.issuer được đặt", "is needed when oidc.issuer is set", key="oidc.client_id"
            )
        return self


class Log(Section):
    """Whose cosignatures on the log's checkpoints count, as C2SP verifier keys."""

    witnesses: tuple[VerifierKey, ...] = ()


class Limits(Section):
    """How much one asker may send, and how often."""

    body_bytes: Number = Field(default=262_144, ge=1024, le=16_777_216)
    upload_bytes: Number = Field(default=29_360_128, ge=1024, le=268_435_456)
    requests_per_minute: Number = Field(default=600, ge=10, le=1_000_000)
    sign_in_tries_per_hour: Number = Field(default=20, ge=1, le=10_000)
    waiting_writes: Number = Field(default=4096, ge=16, le=1_000_000)


class SecretFiles(Section):
    """Secrets of the service itself; what is not given is generated below data.dir."""

    session: SecretStr = SecretStr("")
    session_file: Path | None = None
    ca_passphrase: SecretStr = SecretStr("")
    ca_passphrase_file: Path | None = None
    log_key: SecretStr = SecretStr("")
    log_key_file: Path | None = None
