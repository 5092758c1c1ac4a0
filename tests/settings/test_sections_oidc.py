"""An identity service in the settings: off by default, never over an open line, its secret never in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetings.settings import BadSetting, Settings, load, open_secrets
from meetings.settings.sections import Data, Oidc

ISSUER = {"CHIBO_OIDC__ISSUER": "https://id.example.vn/realms/tinh/", "CHIBO_OIDC__CLIENT_ID": "chibo"}


def test_it_is_off_by_default() -> None:
    assert load(None, {}).oidc == Oidc()
    assert not Oidc().issuer


def test_the_issuer_keeps_its_name_as_it_is() -> None:
    assert load(None, ISSUER).oidc.issuer == "https://id.example.vn/realms/tinh/"


@pytest.mark.parametrize(
    "issuer", ["http://id.example.vn", "id.example.vn", "https://id.example.vn?a=1", "ftp://a.vn"]
)
def test_an_open_line_is_refused(issuer: str) -> None:
    with pytest.raises(BadSetting, match=r"oidc\.issuer"):
        load(None, ISSUER | {"CHIBO_OIDC__ISSUER": issuer})


def test_a_client_without_a_name_is_refused() -> None:
    with pytest.raises(BadSetting, match=r"oidc\.client_id"):
        load(None, {"CHIBO_OIDC__ISSUER": "https://id.example.vn"})


def test_the_secret_comes_from_a_file_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "word"
    file.write_text("mot-bi-mat-mau\n")
    file.chmod(0o600)
    oidc = Oidc(issuer="https://id.example.vn", client_id="chibo", client_secret_file=file)
    settings = Settings(data=Data(dir=tmp_path), oidc=oidc)
    secrets = open_secrets(settings)
    assert secrets.oidc_client_secret == "mot-bi-mat-mau"
    assert "mot-bi-mat-mau" not in repr(secrets) + repr(settings)
    file.chmod(0o644)
    with pytest.raises(BadSetting, match=r"oidc\.client_secret_file"):
        open_secrets(settings)
