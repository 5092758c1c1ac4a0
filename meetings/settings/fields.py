"""Kinds of values that several sections share, with refusals in both languages."""

from __future__ import annotations

import ipaddress
from typing import Annotated, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError


def refusal(vi: str, en: str, key: str = "") -> PydanticCustomError:
    """A refusal for a validator; `key` only where it is not the field itself."""
    return PydanticCustomError("setting", "{vi} / {en}", {"vi": vi, "en": en, "key": key})


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the host (name or address)."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _number(value: object) -> object:
    if isinstance(value, bool):
        raise refusal("phải là một số", "must be a number")
    return value


def _host(value: str) -> str:
    if not value or any(char.isspace() or char in "/@?#" for char in value):
        raise refusal("phải là tên máy hoặc địa chỉ IP", "must be a host name or an IP address")
    return value


def _address(value: str) -> str:
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        raise refusal("phải là địa chỉ IP", "must be an IP address") from None


def _network(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value))
    except ValueError:
        raise refusal("phải là địa chỉ IP hoặc mạng con", "must be an IP address or a network") from None


def check_url(value: str, *schemes: str) -> str:
    """The address without its last slash, if it is empty or has one of the schemes and a host."""
    if not value:
        return value
    try:
        parts = urlsplit(value)
        known = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known:
        wanted = ", ".join(f"{scheme}://" for scheme in schemes)
        raise refusal(
            f"phải là địa chỉ bắt đầu bằng {wanted}", f"must be an address that starts with {wanted}"
        )
    return value.rstrip("/")


def check_private(value: str, plain: str) -> str:
    """Refuses an address of the unencrypted scheme `plain` that leaves this machine."""
    parts = urlsplit(value)
    if parts.scheme == plain and not is_loopback(parts.hostname or ""):
        raise refusal(
            f"{plain}:// chỉ dùng trong nội bộ máy này; hãy dùng {plain}s://",
            f"{plain}:// is for this machine only; use {plain}s://",
        )
    return value


Number: TypeAlias = Annotated[int, BeforeValidator(_number)]
Port: TypeAlias = Annotated[Number, Field(ge=0, le=65535)]
Host: TypeAlias = Annotated[str, AfterValidator(_host)]
Address: TypeAlias = Annotated[str, AfterValidator(_address)]
Network: TypeAlias = Annotated[str, AfterValidator(_network)]
