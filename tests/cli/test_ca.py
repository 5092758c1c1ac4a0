"""`chibo ca`: the operator looks, takes the key off line, issues with it, brings it back, revokes."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography import x509

from meetings.minutes.service import MinutesService
from tests.cli.laptop import Laptop, laptop
from tests.conftest import Template
from tests.minutes.conftest import device
from tests.minutes.device import Device
from tests.sitting.holding import RECORDER, Cell

__all__ = ["device", "laptop"]


@pytest.fixture(scope="session")
def database_template(with_keys: Template) -> Template:
    return with_keys


@pytest.fixture
def word(tmp_path: Path) -> Path:
    """The stick's passphrase in a file."""
    file = tmp_path / "word"
    file.write_text("mật khẩu của chiếc USB 2026", encoding="utf-8")
    file.chmod(0o600)
    return file


async def ca(laptop: Laptop, *words: object) -> tuple[int, str]:
    """`chibo ca` on the installation."""
    return await laptop.chibo("ca", "--config", laptop.config, *words)


async def test_the_key_off_line_and_back(
    laptop: Laptop, cell: Cell, minutes: MinutesService, device: Device, word: Path
) -> None:
    stick, recorder = laptop.folder / "stick.json", cell.world.asks(RECORDER)
    secret = ("--passphrase-file", word)
    status, said = await ca(laptop, "show")
    assert (status, "trên máy này" in said, "Đã cấp 2 chứng thư" in said) == (0, True, True)
    status, said = await ca(laptop, "offline", stick, *secret)
    assert status == 0, said
    assert stat.S_IMODE(stick.stat().st_mode) == 0o600
    assert "cất ngoài máy" in (await ca(laptop, "show"))[1]
    assert (await ca(laptop, "offline", laptop.folder / "again.json", *secret))[0] == 2
    waits = await minutes.keys.certify_ahead(recorder, device.request(recorder.person))
    assert await minutes.keys.keep_certified(recorder, waits) is None
    assert "1 yêu cầu đang chờ" in (await ca(laptop, "show"))[1]
    status, said = await ca(laptop, "issue", stick, *secret)
    assert (status, "Đã cấp 1 chứng thư" in said) == (0, True)
    listed = laptop.folder / "new.crl"
    assert (await ca(laptop, "crl", listed))[0] == 0
    assert len(list(x509.load_der_x509_crl(listed.read_bytes()))) == 1  # the recorder's earlier one
    assert (await ca(laptop, "online", stick, *secret))[0] == 0
    assert "trên máy này" in (await ca(laptop, "show"))[1]


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
async def test_what_is_wrong_is_said_and_changes_nothing(laptop: Laptop, word: Path) -> None:
    stick, secret = laptop.folder / "stick.json", ("--passphrase-file", word)
    stick.write_text("{}", encoding="ascii")
    assert "không ghi được tệp stick.json" in (await ca(laptop, "offline", stick, *secret))[1].lower()
    for name in ("online", "issue"):
        assert "stick.json không phải" in (await ca(laptop, name, stick, *secret))[1]
    assert (await ca(laptop, "online", laptop.folder / "none.json", *secret))[0] == 2
    assert "trên máy này" in (await ca(laptop, "show"))[1]


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
async def test_a_certificate_is_listed_and_taken_back(laptop: Laptop) -> None:
    lines = (await ca(laptop, "list"))[1].splitlines()
    assert [line.endswith("còn hiệu lực") for line in lines] == [True, True]
    mark = lines[0].split()[0]
    assert mark in (await ca(laptop, "revoke", mark[:12]))[1]
    assert (await ca(laptop, "revoke", mark[:12]))[0] == 2
    assert ["thu hồi" in line for line in (await ca(laptop, "list"))[1].splitlines()] == [True, False]
