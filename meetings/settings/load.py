"""Reads config.yaml, lays the environment and the command line over it, and refuses what cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from meetings.settings.errors import BadSetting
from meetings.settings.model import Settings
from meetings.settings.sections import Section

DEFAULT_FILE = Path(__file__).resolve().parents[2] / "config.yaml"
PREFIX = "CHIBO_"
NOT_SETTINGS = frozenset({"CHIBO_WEB", "CHIBO_CONFIG"})  # the build hook's, and the path of the file
SECRETS = frozenset(
    {
        "livekit.api_secret",
        "livekit.webhook_secret",
        "oidc.client_secret",
        "secrets.session",
        "secrets.ca_passphrase",
        "secrets.log_key",
    }
)
PATHS = frozenset({"data.dir"})
ADDRESSES = frozenset({"database.url", "database.owner_url"})
LISTS = frozenset(
    {
        "http.trusted_proxies",
        "log.witnesses",
        "media.rtc_addresses",
        "media.rtc_interfaces",
        "media.rtc_announced",
    }
)

Tree = dict[str, dict[str, object] | object]


class Origin(StrEnum):
    """Where a setting in effect comes from."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"
    COMMAND = "command"  # the command line


def load(
    path: Path | None, env: Mapping[str, str], overrides: Mapping[str, object] | None = None
) -> Settings:
    """The settings of the file (`path`, else CHIBO_CONFIG, else the shipped one), then CHIBO_<SECTION>__<KEY>
    variables, then `overrides` by dotted name. Relative paths belong to the file's folder; elsewhere to the
    working folder. Raises BadSetting naming the first key that is unknown or impossible.
    """
    values = {key: value for layer in _layers(path, env, overrides).values() for key, value in layer.items()}
    try:
        return Settings.model_validate(_tree(values))
    except ValidationError as error:
        raise _refusal(error.errors(include_url=False, include_input=False)[0]) from None


def origins(
    path: Path | None, env: Mapping[str, str], overrides: Mapping[str, object] | None = None
) -> dict[str, Origin]:
    """Where each setting comes from that `load` would read with the same arguments; the others have their default.
    Raises BadSetting."""
    return {key: origin for origin, layer in _layers(path, env, overrides).items() for key in layer}


def _layers(
    path: Path | None, env: Mapping[str, str], overrides: Mapping[str, object] | None
) -> dict[Origin, dict[str, object]]:
    """The later goes before the earlier."""
    file = path or (Path(env["CHIBO_CONFIG"]) if env.get("CHIBO_CONFIG") else DEFAULT_FILE)
    return {
        Origin.FILE: _from_file(file),
        Origin.ENVIRONMENT: _from_env(env),
        Origin.COMMAND: _from_caller(overrides or {}),
    }


def _from_file(file: Path) -> dict[str, object]:
    try:
        read = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError):
        raise BadSetting(file.name, "không đọc được tệp cấu hình", "the file cannot be read") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{file.name}:{mark.line + 1}" if mark else file.name
        raise BadSetting(where, "tệp không đúng dạng YAML", "the file is not YAML") from None
    if not isinstance(read, dict):
        raise BadSetting(file.name, "tệp phải gồm các mục", "the file must be a mapping of sections")
    values = dict(_flattened(read))
    _refuse_secrets_in_file(values)
    folder = file.resolve().parent
    return {key: _anchored(key, value, folder) for key, value in values.items()}


def _flattened(read: Mapping[object, object]) -> Iterator[tuple[str, object]]:
    for section, inner in read.items():
        if isinstance(inner, Mapping):
            yield from ((f"{section}.{key}", value) for key, value in inner.items())
        elif inner is not None or section not in _sections():
            yield str(section), inner


def _refuse_secrets_in_file(values: Mapping[str, object]) -> None:
    addresses = {key for key in ADDRESSES if _holds_password(values.get(key))}
    for key in sorted((SECRETS & values.keys()) | addresses):
        raise BadSetting(
            key,
            f"không ghi bí mật vào tệp cấu hình; dùng tệp riêng hoặc biến môi trường {variable(key)}",
            f"a secret does not belong into this file; use a file of its own or the variable {variable(key)}",
        )


def _holds_password(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(urlsplit(value).password)
    except ValueError:
        return False


def variable(key: str) -> str:
    """The environment variable of a dotted name."""
    return PREFIX + key.upper().replace(".", "__")


def dotted_names() -> frozenset[str]:
    """Every setting there is."""
    sections = _sections()
    inner = {f"{name}.{key}" for name, kind in sections.items() for key in kind.model_fields}
    return frozenset(inner | (Settings.model_fields.keys() - sections.keys()))


def _sections() -> dict[str, type[Section]]:
    kinds = {name: field.annotation for name, field in Settings.model_fields.items()}
    return {
        name: kind for name, kind in kinds.items() if isinstance(kind, type) and issubclass(kind, Section)
    }


def _from_env(env: Mapping[str, str]) -> dict[str, object]:
    keys = {variable(name): name for name in dotted_names()}
    values: dict[str, object] = {}
    for name in sorted(env):
        if not name.startswith(PREFIX) or name in NOT_SETTINGS:
            continue
        if name not in keys:
            raise BadSetting(name, "không có thiết lập này", "there is no such setting")
        values[keys[name]] = _anchored(keys[name], _parsed(keys[name], env[name]), Path.cwd())
    return values


def _from_caller(overrides: Mapping[str, object]) -> dict[str, object]:
    for key in sorted(overrides.keys() - dotted_names()):
        raise BadSetting(key, "không có thiết lập này", "there is no such setting")
    return {key: _anchored(key, value, Path.cwd()) for key, value in overrides.items()}


def _parsed(key: str, text: str) -> object:
    if key in LISTS:
        return [part.strip() for part in text.split(",") if part.strip()]
    return None if text == "" and _may_be_empty(key) else text


def _may_be_empty(key: str) -> bool:
    return key.endswith("_file") or key == "clock.start"


def _anchored(key: str, value: object, folder: Path) -> object:
    if value and isinstance(value, str) and (key in PATHS or key.endswith("_file")):
        return str(folder / Path(value).expanduser())
    return value


def _tree(values: Mapping[str, object]) -> Tree:
    tree: Tree = {}
    for key, value in values.items():
        section, dot, inner = key.partition(".")
        branch = tree.setdefault(section, {} if dot else value)
        if dot and isinstance(branch, dict):
            branch[inner] = value
    return tree


_REASONS: Mapping[str, tuple[str, str]] = {
    "extra_forbidden": ("không có thiết lập này", "there is no such setting"),
    "int_parsing": ("phải là số nguyên", "must be a whole number"),
    "int_from_float": ("phải là số nguyên", "must be a whole number"),
    "int_type": ("phải là số nguyên", "must be a whole number"),
    "float_parsing": ("phải là một số", "must be a number"),
    "float_type": ("phải là một số", "must be a number"),
    "finite_number": ("phải là một số", "must be a number"),
    "bool_parsing": ("phải là true hoặc false", "must be true or false"),
    "bool_type": ("phải là true hoặc false", "must be true or false"),
    "string_type": ("phải là chữ, trong dấu ngoặc kép", "must be text, in quotes"),
    "string_too_short": ("không được để trống", "must not be empty"),
    "string_too_long": ("quá dài", "is too long"),
    "literal_error": ("chỉ nhận {expected}", "must be {expected}"),
    "enum": ("chỉ nhận {expected}", "must be {expected}"),
    "greater_than": ("phải lớn hơn {gt}", "must be greater than {gt}"),
    "greater_than_equal": ("phải từ {ge} trở lên", "must be at least {ge}"),
    "less_than_equal": ("không được quá {le}", "must be at most {le}"),
    "timezone_aware": ("thiếu múi giờ, ví dụ +07:00", "lacks its offset, such as +07:00"),
    "tuple_type": ("phải là danh sách", "must be a list"),
    "model_type": ("phải gồm các thiết lập con", "must hold settings of its own"),
    "path_type": ("phải là đường dẫn", "must be a path"),
    "setting": ("{vi}", "{en}"),
}
_OTHERWISE = ("không đúng dạng", "cannot be understood")


def _refusal(error: ErrorDetails) -> BadSetting:
    facts = error.get("ctx", {})
    vi, en = _REASONS.get(error["type"], _OTHERWISE)
    key = facts.get("key") or ".".join(str(part) for part in error["loc"])
    in_vietnamese = {**facts, "expected": str(facts.get("expected", "")).replace(" or ", " hoặc ")}
    return BadSetting(str(key), vi.format(**in_vietnamese), en.format(**facts))
