"""All settings together, and what must fit between sections."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import model_validator

from meetings.settings.fields import is_loopback, refusal
from meetings.settings.sections import (
    ClockSettings,
    Data,
    Database,
    External,
    Http,
    Limits,
    Livekit,
    Log,
    Media,
    Oidc,
    Rules,
    SecretFiles,
    Section,
    Tls,
    Tsa,
)


class Settings(Section):
    """What `load` returns. Frozen: a changed setting is a new Settings and a restart."""

    language: Literal["vi", "en"] = "vi"
    data: Data = Data()
    database: Database = Database()
    http: Http = Http()
    tls: Tls = Tls()
    livekit: Livekit = Livekit()
    media: Media = Media()
    clock: ClockSettings = ClockSettings()
    rules: Rules = Rules()
    tsa: Tsa = Tsa()
    external: External = External()
    oidc: Oidc = Oidc()
    log: Log = Log()
    limits: Limits = Limits()
    secrets: SecretFiles = SecretFiles()

    @model_validator(mode="after")
    def _plain_http_stays_here(self) -> Self:
        if not (is_loopback(self.http.host) or self.tls.on or self.http.behind_proxy):
            raise refusal(
                "ngoài nội bộ máy này cần tls.cert_file hoặc http.behind_proxy: true",
                "beyond this machine tls.cert_file or http.behind_proxy: true is needed",
                key="http.host",
            )
        return self

    @model_validator(mode="after")
    def _public_address_is_safe(self) -> Self:
        parts = urlsplit(self.http.public_url)
        if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
            raise refusal("phải là https://", "must be https://", key="http.public_url")
        return self

    @property
    def reachable_from_outside(self) -> bool:
        """Whether anybody beyond this machine can reach the pages, the sound or their server."""
        hosts = [self.http.host, self.media.host if self.livekit.embedded else _host(self.livekit.url)]
        return self.http.behind_proxy or not all(is_loopback(host) for host in hosts)

    def below_data(self, *names: str) -> Path:
        """A path inside the data folder."""
        return self.data.dir.joinpath(*names)


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
