"""`chibo restore FILE`: an empty installation becomes what the backup holds, whole or not at all."""

from __future__ import annotations

import argparse
import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from meetings.cli.backup import DATA, TABLES
from meetings.cli.bundle import Manifest, unpack
from meetings.cli.installation import FILE, reading, sample_argument, settings_of
from meetings.cli.passphrase import old_passphrase, passphrase_argument
from meetings.db.copying import CopySpoiled, check_sqlite, load_postgres
from meetings.db.lock import DataLock
from meetings.db.migrate import newest_revision
from meetings.kernel.errors import Conflict, Invalid, NotFound
from meetings.ledger.log import logged_so_far
from meetings.settings import Settings, owner_url

_NEXT = """\
Việc phải làm tiếp, theo thứ tự, TRƯỚC khi chạy phần mềm:
1. chibo verify --ledger
2. Những gì ghi sau {made_at} không còn: hỏi xem có bản sao lưu mới hơn không.
3. Sổ ghi chung nay có {size} mục. Mời nơi làm chứng xem ngay: chibo log export THƯ_MỤC, rồi ở nơi làm chứng:
   chibo witness THƯ_MỤC. Nếu báo "NGẮN HƠN lần trước" thì đúng là sổ đã lùi lại: báo cấp ủy bằng văn bản
   (ngày, lý do, số mục); nơi làm chứng giữ thư mục cũ cùng văn bản đó và mở thư mục mới.
   Nếu chạy tiếp mà không báo, lần sau sẽ thành "ĐÃ BỊ VIẾT LẠI".
4. Nhập lại những buổi họp đã mất như buổi họp ghi trên giấy (docs/OPERATIONS.md, "Restore")."""


class NoSuchBackup(NotFound):
    """The file cannot be read."""

    code = "no-such-backup"
    message = "Không đọc được tệp sao lưu {name}."


class DataNotEmpty(Conflict):
    """The data folder holds something."""

    code = "data-not-empty"
    message = "Thư mục {where} đã có dữ liệu. Chỉ khôi phục vào nơi trống (data.dir khác). Chưa thay đổi gì."


class OtherDatabase(Invalid):
    """A backup goes back into the kind of database it came from."""

    code = "backup-other-database"
    message = (
        "Bản sao lưu này của {kind}; hãy chỉnh database.url trong config.yaml cho đúng. Chưa thay đổi gì."
    )


class OtherVersion(Invalid):
    """Another version of this program made it."""

    code = "backup-other-version"
    message = (
        "Bản sao lưu thuộc phiên bản dữ liệu {revision}, phần mềm này là {own}. Hãy khôi phục bằng đúng phiên bản cũ"
        " rồi mới nâng cấp. Chưa thay đổi gì."
    )


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which file, and its passphrase."""
    sample_argument(parser)
    passphrase_argument(parser)
    parser.add_argument("file", type=Path, help="tệp sao lưu / the backup")


def run(options: argparse.Namespace) -> int:
    """0 when everything stands. Raises DataNotEmpty, DatabaseNotEmpty, NotABackup, WrongPassphrase,
    BackupSpoiled, OtherDatabase, OtherVersion; then nothing was changed."""
    settings = settings_of(options)
    _check_empty(settings)
    if not options.file.is_file():
        raise NoSuchBackup(name=options.file.name)
    passphrase = old_passphrase(options)
    with _workshop(settings) as work:
        with options.file.open("rb") as source:
            manifest = unpack(source, passphrase, work)
        _check_fits(settings, manifest)
        asyncio.run(_put_in_place(settings, work))
    size = asyncio.run(_logged(settings))
    print(f"Đã khôi phục trạng thái lúc {manifest.made_at}. / Restored.")
    for key in manifest.elsewhere:
        print(
            f"Bí mật {key} không có trong bản sao: hãy đặt lại như cũ trong cấu hình. / Give {key} as before."
        )
    print(_NEXT.format(made_at=manifest.made_at, size=size))
    return 0


def _check_empty(settings: Settings) -> None:
    folder = settings.data.dir
    if folder.exists() and any(folder.iterdir()):
        raise DataNotEmpty(where=str(folder))


def _check_fits(settings: Settings, manifest: Manifest) -> None:
    if (manifest.kind == "postgresql") != bool(settings.database.url):
        raise OtherDatabase(kind="PostgreSQL" if manifest.kind == "postgresql" else "SQLite")
    if manifest.revision != newest_revision():
        raise OtherVersion(revision=manifest.revision, own=newest_revision())


@contextmanager
def _workshop(settings: Settings) -> Iterator[Path]:
    """A folder beside the data folder, so that one rename puts it in place. Raises InUse."""
    folder = settings.data.dir.with_name(f".{settings.data.dir.name}.restoring")
    with DataLock(folder):
        work = folder / "unpacked"
        shutil.rmtree(work, ignore_errors=True)  # of a restore that was killed
        work.mkdir(mode=0o700)
        try:
            yield work
        finally:
            shutil.rmtree(folder)


async def _put_in_place(settings: Settings, work: Path) -> None:
    """PostgreSQL's tables and the folder, or neither. Raises DatabaseNotEmpty, CopySpoiled."""
    place = partial(_place, work / DATA, settings.data.dir)
    (work / DATA).mkdir(mode=0o700, exist_ok=True)
    if not settings.database.url:
        if not (work / DATA / FILE).is_file():
            raise CopySpoiled
        await check_sqlite(work / DATA / FILE)
        place()
        return
    try:
        await load_postgres(owner_url(settings), work / TABLES, before_commit=place)
    except BaseException:
        if not (work / DATA).exists():
            settings.data.dir.rename(work / DATA)
        raise


def _place(source: Path, target: Path) -> None:
    if target.exists():
        target.rmdir()  # it is empty
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)


async def _logged(settings: Settings) -> int:
    async with reading(settings) as units:
        return await logged_so_far(units)
