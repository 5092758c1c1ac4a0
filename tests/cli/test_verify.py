"""`chibo verify`: the nine rules by what the installation knows, or by a root; the ledger entry by entry."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from meetings.cli.main import main
from meetings.committees.powers import Part
from meetings.db.engine import Database
from meetings.db.schema import drop_guards
from meetings.minutes.service import MinutesService
from tests.attendance.world import MEMBER, SECRETARY
from tests.conftest import Template
from tests.minutes.office import PASSPHRASE
from tests.postgres import Urls
from tests.sitting.holding import RECORDER, Cell

pytestmark = pytest.mark.matrix

Config = Callable[..., Path]


@pytest.fixture(scope="session")
def database_template(with_keys: Template) -> Template:
    return with_keys


@pytest.fixture
async def signed(cell: Cell, minutes: MinutesService, tmp_path: Path) -> Path:
    """The November minutes, signed by both, as a file."""
    sitting = (await cell.november()).sitting
    await minutes.approve(cell.world.asks(SECRETARY), sitting.id)
    await minutes.sign(cell.world.asks(RECORDER), sitting.id, Part.RECORDER, PASSPHRASE)
    await minutes.sign(cell.world.asks(SECRETARY), sitting.id, Part.CHAIR, PASSPHRASE)
    file = tmp_path / "bien-ban.pdf"
    file.write_bytes(await minutes.pdf(cell.world.asks(MEMBER), sitting.id))
    return file


async def chibo(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str], str]:
    """(exit status, lines, complaints) of a command line."""
    capsys.readouterr()
    status = await asyncio.to_thread(main, ["verify", *words])
    said = capsys.readouterr()
    return status, said.out.splitlines(), said.err


async def test_an_installation_knows_its_own_minutes(
    signed: Path, installation: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines, _ = await chibo(capsys, str(signed), "--config", str(installation()))
    assert status == 0
    assert len(lines) == 12
    assert all(line.startswith("Chữ ký điện tử nội bộ") for line in lines[:2])
    assert lines[2].startswith("1. ")
    assert "4. Đúng người đã được ghi nhận cho buổi họp: đạt." in lines[5]
    for line, rule in ((lines[6], "5. Dấu thời gian"), (lines[8], "7. Tệp có trong sổ ghi")):
        assert line.startswith(rule)
        assert (": chưa áp dụng. " in line, ": đạt" in line) == (True, False)
    assert lines[-1].startswith("Nội dung chưa bị thay đổi sau khi ký. Loại chữ ký: Chữ ký điện tử nội bộ")


def _spoil(file: Path) -> None:
    pdf = bytearray(file.read_bytes())
    pdf[len(pdf) // 3] ^= 1
    file.write_bytes(pdf)


async def test_one_changed_byte_fails_with_a_sentence(
    signed: Path, installation: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    _spoil(signed)
    status, lines, _ = await chibo(capsys, str(signed), "--config", str(installation()))
    assert status == 1
    assert lines[-1].startswith("Không chấp nhận tệp này.")


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
async def test_elsewhere_a_root_and_its_revocation_list_are_needed(
    signed: Path,
    installation: Config,
    minutes: MinutesService,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    config = str(installation(known=False))
    status, lines, complaint = await chibo(capsys, str(signed), "--config", config)
    assert (status, lines) == (2, [])
    assert "--root" in complaint
    trusted = await minutes.keys.trusted()
    root, crl = tmp_path / "root.pem", tmp_path / "list.crl"
    root.write_bytes(trusted.root)
    crl.write_bytes(trusted.crl or b"")
    status, lines, _ = await chibo(capsys, str(signed), "--config", config, "--root", str(root))
    assert (status, "thiếu danh sách thu hồi" in lines[-1]) == (1, True)
    given = ("--config", config, "--root", str(root), "--crl", str(crl))
    status, lines, _ = await chibo(capsys, str(signed), *given)
    assert status == 0
    assert "chưa áp dụng" in lines[5]
    status, _, complaint = await chibo(capsys, str(tmp_path / "none.pdf"), *given)
    assert (status, complaint) == (2, "chibo: Không đọc được tệp none.pdf.\n")


async def as_owner(urls: Urls, statement: str, **values: object) -> None:
    """Somebody with the keys of the machine."""
    database = Database(urls.owner)
    async with database.connection() as connection:
        await connection.run_sync(drop_guards)
        await connection.execute(text(statement), values)
    await database.close()


FIFTH = "WHERE cell_id = :cell AND seq = 5"
SWAP = "CASE seq WHEN 5 THEN 100006 ELSE 100005 END WHERE cell_id = :cell AND seq IN (5, 6)"
FIRST_PERSONAL = "SELECT min(e.id) FROM ledger_entry e JOIN ledger_personal p ON p.entry_id = e.id"
# the statement, the entry that is named (None: another), words of the line
ATTACKS = {
    "edited": (f"UPDATE ledger_entry SET leaf = replace(leaf, 'prev', 'past') {FIFTH}", 5, "đã bị sửa"),
    "garbage": (f"UPDATE ledger_entry SET leaf = '[' {FIFTH}", 5, "đã bị sửa"),
    "relabelled": (f"UPDATE ledger_entry SET act = 'x' {FIFTH}", 5, "đã bị sửa"),
    "another's": (f"UPDATE ledger_entry SET actor_id = 'x' {FIFTH}", 5, "đã bị sửa"),
    "removed": (f"DELETE FROM ledger_entry {FIFTH}", 5, "đã bị xóa"),
    "end removed": ("DELETE FROM ledger_entry WHERE cell_id = :cell AND seq > 5", 6, "đã bị xóa"),
    "head removed": ("DELETE FROM ledger_head WHERE cell_id = :cell", None, "đầu sổ"),
    "reordered": (f"UPDATE ledger_entry SET seq = {SWAP}", 5, "đã bị đổi chỗ"),
    "told otherwise": (
        f"UPDATE ledger_personal SET data = '{{}}' WHERE entry_id = ({FIRST_PERSONAL})",
        None,
        "đã bị sửa",
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
async def test_the_first_broken_entry_is_named(
    cell: Cell,
    installation: Config,
    database_urls: Urls,
    attack: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sitting = (await cell.november()).sitting
    config = str(installation())
    status, lines, _ = await chibo(capsys, "--ledger", "--config", config)
    assert status == 0
    assert lines[-1].startswith("Sổ ghi còn nguyên vẹn:")
    statement, seq, words = ATTACKS[attack]
    values = {"cell": sitting.cell} if ":cell" in statement else {}
    await as_owner(database_urls, statement, **values)
    if attack == "reordered":
        await as_owner(database_urls, "UPDATE ledger_entry SET seq = seq - 100000 WHERE seq > 100000")
    status, lines, _ = await chibo(capsys, "--ledger", "--config", config)
    assert status == 1
    [line] = [one for one in lines if f"Chi bộ {sitting.cell}" in one]
    assert words in line
    assert seq is None or f"mục số {seq} " in line
    assert lines[-1].startswith("Sổ ghi KHÔNG còn nguyên vẹn")


async def test_erasing_personal_values_breaks_nothing(
    cell: Cell, installation: Config, database_urls: Urls, capsys: pytest.CaptureFixture[str]
) -> None:
    await cell.november()
    config = str(installation())
    await as_owner(database_urls, "DELETE FROM ledger_personal")
    assert (await chibo(capsys, "--ledger", "--config", config))[0] == 0


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
async def test_without_an_installation_there_is_no_ledger(
    installation: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, complaint = await chibo(capsys, "--ledger", "--config", str(installation(known=False)))
    assert status == 2
    assert "Không thấy cơ sở dữ liệu" in complaint
