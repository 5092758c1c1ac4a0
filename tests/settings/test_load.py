"""The shipped file, the environment over it, and refusals that name the setting."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from meetings.settings import BadSetting, Settings, load
from meetings.settings.load import DEFAULT_FILE, SECRETS, dotted_names, variable

# Where what is missing is the other one.
PARTNERS = {
    "database.password_file": "database.url",
    "tls.cert_file": "tls.key_file",
    "tls.key_file": "tls.cert_file",
}


def written(folder: Path, text: str) -> Path:
    """A configuration file."""
    file = folder / "config.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_shipped_file_says_what_the_defaults_are() -> None:
    shipped = load(None, {})
    assert shipped.data.dir == DEFAULT_FILE.parent / "data"
    assert shipped.model_copy(update={"data": Settings().data}) == Settings()


def test_the_shipped_file_holds_and_explains_every_setting_but_secrets() -> None:
    lines = DEFAULT_FILE.read_text(encoding="utf-8").splitlines()
    found, section, explained = set[str](), "", False
    for line in lines:
        if entry := re.match(r"( {2})?(\w+):(.*)", line):
            if not entry[1] and not entry[3]:
                section = entry[2]
                continue
            found.add(f"{section}.{entry[2]}" if entry[1] else entry[2])
            assert explained, f"{line} stands without a word"
        explained = (explained and bool(line.strip())) or line.lstrip().startswith("#")
    assert found == dotted_names() - SECRETS


def test_an_empty_file_and_empty_sections_are_the_defaults(tmp_path: Path) -> None:
    assert load(written(tmp_path, ""), {}) == Settings()
    assert load(written(tmp_path, "http:\nrules:\n  # nothing yet\n"), {}) == Settings()


def test_the_environment_goes_before_the_file_and_the_caller_before_both(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "language: en\nhttp:\n  port: 1\n  public_url: https://a.example\nlimits:\n  body_bytes: 2048\n",
    )
    settings = load(file, {"CHIBO_HTTP__PORT": "2", "CHIBO_LIMITS__BODY_BYTES": "4096"}, {"http.port": 3})
    assert (settings.language, settings.http.port, settings.limits.body_bytes) == ("en", 3, 4096)
    assert settings.http.public_url == "https://a.example"


@pytest.mark.parametrize("name", sorted(dotted_names()))
def test_every_setting_has_its_variable(name: str) -> None:
    try:
        load(None, {variable(name): "odd/"})
    except BadSetting as refused:
        assert str(refused.facts["key"]).removesuffix(".0") == PARTNERS.get(name, name)
        assert "no such setting" not in str(refused)


def test_lists_come_from_the_environment_with_commas() -> None:
    settings = load(
        None, {"CHIBO_HTTP__TRUSTED_PROXIES": "10.0.0.1, 10.1.0.0/16", "CHIBO_MEDIA__RTC_ADDRESSES": ""}
    )
    assert settings.http.trusted_proxies == ("10.0.0.1/32", "10.1.0.0/16")
    assert settings.media.rtc_addresses == ()


def test_an_empty_variable_takes_a_file_away(tmp_path: Path) -> None:
    file = written(tmp_path, "tls:\n  cert_file: a.pem\n  key_file: b.pem\n")
    assert load(file, {}).tls.on
    assert not load(file, {"CHIBO_TLS__CERT_FILE": "", "CHIBO_TLS__KEY_FILE": ""}).tls.on


def test_relative_paths_belong_to_the_file_or_to_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "etc").mkdir()
    file = written(tmp_path / "etc", "data:\n  dir: ../var\n")
    assert load(file, {}).data.dir == tmp_path / "etc" / ".." / "var"
    monkeypatch.chdir(tmp_path)
    assert load(file, {"CHIBO_DATA__DIR": "here"}).data.dir == tmp_path / "here"
    assert load(file, {}, {"data.dir": tmp_path / "there"}).data.dir == tmp_path / "there"


def test_the_file_may_be_named_by_a_variable(tmp_path: Path) -> None:
    file = written(tmp_path, "language: en\n")
    assert load(None, {"CHIBO_CONFIG": str(file), "CHIBO_WEB": "skip", "PATH": "x"}).language == "en"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("htp:\n  port: 1\n", "htp"),
        ("verbose: true\n", "verbose"),
        ("http:\n  prot: 1\n", "http.prot"),
        ("http: 8080\n", "http"),
        ("http:\n  port: soon\n", "http.port"),
        ("http:\n  port: 70000\n", "http.port"),
        ("http:\n  port: -1\n", "http.port"),
        ("http:\n  port: true\n", "http.port"),
        ("http:\n  port: {a: 1}\n", "http.port"),
        ("http:\n  port: 80.5\n", "http.port"),
        ("http:\n  host: ''\n", "http.host"),
        ("http:\n  host: 'a b'\n", "http.host"),
        ("http:\n  host: 0.0.0.0\n", "http.host"),
        ("http:\n  host: example.vn\n", "http.host"),
        ("http:\n  behind_proxy: true\n", "http.trusted_proxies"),
        ("http:\n  behind_proxy: perhaps\n", "http.behind_proxy"),
        ("http:\n  trusted_proxies: 10.0.0.1\n", "http.trusted_proxies"),
        ("http:\n  trusted_proxies: [proxy]\n", "http.trusted_proxies.0"),
        ("http:\n  public_url: ftp://a.example\n", "http.public_url"),
        ("http:\n  public_url: http://a.example\n", "http.public_url"),
        ("http:\n  public_url: 'https://'\n", "http.public_url"),
        ("tls:\n  cert_file: a.pem\n", "tls.key_file"),
        ("tls:\n  key_file: a.pem\n", "tls.cert_file"),
        ("livekit:\n  url: ws://live.example\n", "livekit.url"),
        ("livekit:\n  url: http://live.example\n", "livekit.url"),
        ("livekit:\n  url: 'wss://live.example:99999'\n", "livekit.url"),
        ("livekit:\n  api_key: ''\n", "livekit.api_key"),
        ("livekit:\n  api_key: 17\n", "livekit.api_key"),
        ("media:\n  rtc_addresses: [everywhere]\n", "media.rtc_addresses.0"),
        ("database:\n  url: mysql://a/b\n", "database.url"),
        ("database:\n  url: postgresql+asyncpg://a\n", "database.url"),
        ("database:\n  url: postgresql+asyncpg://a/b\n  password_file: c\n", "database.url"),
        ("database:\n  pool_size: 0\n", "database.pool_size"),
        ("data:\n  dir: ''\n", "data.dir"),
        ("clock:\n  mode: fast\n", "clock.mode"),
        ("clock:\n  mode: demo\n", "clock.start"),
        ("clock:\n  start: 2026-11-24T19:00:00+07:00\n", "clock.start"),
        ("clock:\n  rate: 60\n", "clock.rate"),
        ("clock:\n  mode: demo\n  start: 2026-11-24T19:00:00\n", "clock.start"),
        ("clock:\n  mode: demo\n  start: '2026-11-24T19:00:00+07:00'\n  rate: 0\n", "clock.rate"),
        ("clock:\n  mode: demo\n  start: '2026-11-24T19:00:00+07:00'\n  rate: .inf\n", "clock.rate"),
        ("rules:\n  signing_authority: T/M ĐẢNG ỦY\n", "rules.signing_authority"),
        ("rules:\n  hall_minimum: '>1/2'\n", "rules.hall_minimum"),
        ("tsa:\n  url: time.example\n", "tsa.url"),
        ("limits:\n  body_bytes: 1\n", "limits.body_bytes"),
        ("language: fr\n", "language"),
        ("- a\n- b\n", "config.yaml"),
        ("http: [\n", "config.yaml:2"),
    ],
)
def test_what_cannot_be_refuses_with_its_name(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(BadSetting) as refused:
        load(written(tmp_path, text), {})
    assert refused.value.facts["key"] == key
    said = str(refused.value)
    assert said.startswith(f"Cấu hình {key}: ")
    assert f" / Setting {key}: " in said
    assert "\n" not in said


@pytest.mark.parametrize(
    "name", ["CHIBO_HTTP__PROT", "CHIBO_HTTP_PORT", "CHIBO_PORT", "CHIBO_", "CHIBO_HTTP__PORT__X"]
)
def test_an_unknown_variable_refuses(name: str) -> None:
    with pytest.raises(BadSetting, match=f"Setting {name}: there is no such setting"):
        load(None, {name: "1"})


def test_an_unknown_name_from_the_caller_refuses() -> None:
    with pytest.raises(BadSetting, match=r"Setting http\.prot"):
        load(None, {}, {"http.prot": 1})


def test_a_missing_file_refuses(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=r"Setting none\.yaml: the file cannot be read"):
        load(tmp_path / "none.yaml", {})


@pytest.mark.parametrize("key", sorted(SECRETS))
def test_a_secret_in_the_file_refuses_and_one_in_the_environment_does_not(tmp_path: Path, key: str) -> None:
    section, name = key.split(".")
    with pytest.raises(BadSetting) as refused:
        load(written(tmp_path, f"{section}:\n  {name}: hush-hush\n"), {})
    assert refused.value.facts["key"] == key
    settings = load(None, {variable(key): "hush-hush"})
    assert getattr(getattr(settings, section), name).get_secret_value() == "hush-hush"
    assert "hush-hush" not in repr(settings)


def test_a_password_in_the_file_refuses_and_is_never_shown(tmp_path: Path) -> None:
    url = "postgresql+asyncpg://cell:hush-hush@db.example/chibo"
    with pytest.raises(BadSetting) as refused:
        load(written(tmp_path, f"database:\n  url: {url}\n"), {})
    assert "hush-hush" not in str(refused.value)
    settings = load(None, {"CHIBO_DATABASE__URL": url})
    assert settings.database.url == url
    assert "hush-hush" not in repr(settings)


def test_a_bad_value_is_never_shown() -> None:
    with pytest.raises(BadSetting) as refused:
        load(None, {"CHIBO_DATABASE__URL": "mysql://cell:hush-hush@db.example/chibo"})
    assert "hush-hush" not in str(refused.value)
