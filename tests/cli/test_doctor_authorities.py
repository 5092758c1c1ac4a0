"""Who is believed besides the internal authority, as the doctor and `chibo ca trusted` tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetings.cli.ca import trusted_lines
from meetings.health.machine import authorities
from meetings.settings import Settings
from meetings.settings.sections import External
from tests.minutes.outside import NAME, Outside, new_outside


@pytest.fixture(scope="module")
def outside() -> Outside:
    return new_outside()


def settings(file: Path | None) -> Settings:
    return Settings(external=External(list_file=file))


def test_nobody_is_believed_without_a_list() -> None:
    assert authorities(settings(None)).ok
    assert "external.list_file" in trusted_lines(settings(None))


def test_believed_authorities_are_named(outside: Outside, tmp_path: Path) -> None:
    known = settings(outside.write(tmp_path))
    found = authorities(known)
    assert (found.ok, NAME in found.vi, NAME in found.en) == (True, True, True)
    assert trusted_lines(known).startswith(f"{NAME}: Chữ ký số công cộng, do {NAME} cấp chứng thư. Tin từ ")


def test_revocation_lists_that_are_missing_or_over_are_told(outside: Outside, tmp_path: Path) -> None:
    for file in (outside.write(tmp_path, lists=False), outside.write(tmp_path, days=-1)):
        found = authorities(settings(file))
        assert (found.ok, NAME in found.vi) == (False, True)
    (tmp_path / "goc.pem").write_text("no certificate")
    broken = authorities(settings(tmp_path / "tin-cay.yaml"))
    assert (broken.ok, "goc.pem" in broken.vi) == (False, True)
