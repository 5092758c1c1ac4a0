"""Settings in effect as an administrator reads them: no secret, no password."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pydantic import SecretStr

from meetings.settings.load import Origin
from meetings.settings.model import Settings
from meetings.settings.sections import Section

_PASSWORD = re.compile(r"(?<=//)([^/@?#:]*):[^/?#]*@")  # greedy: a password may hold an @ of its own
_IN_QUERY = re.compile(r"([?&]password=)[^&#]*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """One setting. `value` is empty where nothing is set and for every `secret`; `given`: whether a secret is set."""

    key: str
    value: str
    origin: Origin
    secret: bool = False
    given: bool = True

    @property
    def section(self) -> str:
        """What its name begins with; empty for those without a section."""
        return self.key.rpartition(".")[0]


def shown(settings: Settings, origins: Mapping[str, Origin]) -> tuple[Shown, ...]:
    """Every setting in the order of config.yaml. One that is as it would be unset has its default as origin."""
    plain, found = Settings(), list[Shown]()
    for name in Settings.model_fields:
        value, usual = getattr(settings, name), getattr(plain, name)
        if not isinstance(value, Section):
            found.append(_one(name, value, usual, origins))
            continue
        for inner in type(value).model_fields:
            found.append(_one(f"{name}.{inner}", getattr(value, inner), getattr(usual, inner), origins))
    return tuple(found)


def _one(key: str, value: object, usual: object, origins: Mapping[str, Origin]) -> Shown:
    origin = origins.get(key, Origin.DEFAULT)
    if isinstance(value, SecretStr):
        return Shown(key=key, value="", origin=origin, secret=True, given=bool(value.get_secret_value()))
    if value == usual and origin is Origin.FILE:  # the shipped file names every default
        origin = Origin.DEFAULT
    return Shown(key=key, value=_text(value), origin=origin)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(_text(one) for one in value)
    if isinstance(value, StrEnum):
        return value.value
    return _IN_QUERY.sub(r"\1***", _PASSWORD.sub(r"\1:***@", str(value)))
