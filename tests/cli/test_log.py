"""`chibo log` and `chibo witness` on a served cell: sequence, export, witness, verify without the installation."""

from __future__ import annotations

import json

import pytest

from tests.cli.laptop import Laptop, laptop
from tests.conftest import Template
from tests.sitting.holding import Cell

__all__ = ["laptop"]


@pytest.fixture(scope="session")
def database_template(with_keys: Template) -> Template:
    return with_keys


def words_of(said: str, rule: int) -> str:
    return next(line for line in said.splitlines() if line.startswith(f"{rule}. "))


async def test_from_the_sitting_to_the_auditor(laptop: Laptop) -> None:
    witness, _ = await laptop.witnessed()
    signed, export = laptop.folder / "signed.pdf", laptop.folder / "export"
    known = ("verify", "--config", laptop.config, signed)
    status, said = await laptop.chibo(*known)
    assert (status, "chưa áp dụng" in words_of(said, 7)) == (0, True)
    assert (await laptop.log("cosign", export / "cosignature.json"))[0] == 2  # not in the settings yet
    laptop.trust(witness)
    assert (await laptop.log("cosign", export / "cosignature.json"))[0] == 0
    status, said = await laptop.chibo(*known)
    assert (status, "đạt. Tệp có trong sổ ghi chung; làm chứng: dang-uy.example" in words_of(said, 7)) == (
        0,
        True,
    )
    assert "chưa áp dụng" in words_of(said, 5)

    await laptop.log("export", export, "--witnessed")
    offline = ("verify", "--offline", "--log", export, "--log-key", (await laptop.log("key"))[1].strip())
    roots = ("--root", laptop.folder / "root.pem", "--crl", laptop.folder / "list.crl")
    status, said = await laptop.chibo(*offline, "--witness", witness, *roots, signed)
    assert status == 0, said
    assert [": đạt." in words_of(said, rule) for rule in (1, 2, 3, 4, 6, 7, 8, 9)] == [True] * 8
    half = laptop.folder / "half.pdf"
    status, said = await laptop.chibo(*offline, "--witness", witness, *roots, half)
    assert (status, "KHÔNG ĐẠT" in words_of(said, 7)) == (1, True)  # attack 7, by the log alone
    assert (await laptop.chibo(*offline, "--witness", witness))[0] == 0
    (export / "tile/entries/000.p").rename(export / "tile/entries/001.p")
    status, said = await laptop.chibo(*offline)
    assert (status, "KHÔNG đạt" in said) == (1, True)


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
async def test_one_member_s_attendance_is_shown_and_nobody_else_s(laptop: Laptop, cell: Cell) -> None:
    proof, member = laptop.folder / "proof.json", cell.world.member("o2")
    status, said = await laptop.log("prove", proof, "--attendance", laptop.sitting, member)
    assert status == 0, said
    told = proof.read_text("utf-8")
    values = [one["value"] for part in json.loads(told)["proofs"] for one in part["disclosed"].values()]
    assert [member, "present"] in values
    others = [cell.world.member(f"o{number}") for number in range(1, 14) if number != 2]
    assert not [one for one in others if any(one in str(value) for value in values)]
    assert (await laptop.log("prove", proof, "--entry", laptop.sitting))[0] == 2


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
async def test_what_is_missing_is_said(laptop: Laptop) -> None:
    export, key = laptop.folder / "export", (await laptop.log("key"))[1].strip()
    source = ("witness", export, "--state", laptop.folder / "witness")
    assert "--name" in (await laptop.chibo(*source))[1]
    assert (await laptop.chibo("verify", "--offline", "--log", export))[0] == 2
    assert (await laptop.chibo("verify", "--config", laptop.config))[0] == 2
    offline = ("verify", "--offline", "--log", export, "--log-key", key)
    assert "--root" in (await laptop.chibo(*offline, laptop.folder / "signed.pdf"))[1]
    witness, _ = await laptop.witnessed()
    assert (await laptop.chibo(*offline, "--witness", witness))[0] == 1  # nobody handed it in
    rubbish = laptop.folder / "rubbish.json"
    rubbish.write_text("[]", "utf-8")
    assert (await laptop.log("cosign", rubbish))[0] == 2
    assert (await laptop.log("export", laptop.folder / "other", "--witnessed"))[0] == 2
