"""`chibo backup`: one sealed file with the database and what lies beside it, verified before it gets its name."""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from meetings.cli.bundle import Manifest, digest, files_in, pack, unpack
from meetings.cli.installation import FILE, check_installed, reading, sample_argument, settings_of
from meetings.cli.passphrase import new_passphrase, passphrase_argument
from meetings.db import copying
from meetings.db.lock import DataLock
from meetings.health.machine import mark_backup
from meetings.kernel.clock import real_now
from meetings.kernel.errors import Conflict
from meetings.settings import Settings, database_url

KEPT = ("secrets", "tls", "clock.json")  # beside the database; everything else in data.dir is made anew
DATA, TABLES = "data", "tables"  # inside the backup
_WORK = ".backup"


class BackupExists(Conflict):
    """No file is ever overwritten."""

    code = "backup-exists"
    message = "Đã có tệp {name}. Không ghi đè; xin chọn tên khác."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and under which passphrase."""
    sample_argument(parser)
    passphrase_argument(parser)
    parser.add_argument("--out", type=Path, metavar="FILE", help="tệp sao lưu / the file to write")


def run(options: argparse.Namespace) -> int:
    """0 when the file stands and was read back. Also while the service runs. Raises BackupExists,
    NoInstallation, SchemaBehind, WeakPassphrase, …"""
    settings = settings_of(options)
    check_installed(settings)
    out = options.out or Path(f"chibo-{real_now():%Y%m%d-%H%M%S}.backup")
    if out.exists():
        raise BackupExists(name=out.name)
    manifest = _written(settings, out, new_passphrase(options))
    mark_backup(settings)
    print(
        f"Đã sao lưu vào {out} ({out.stat().st_size} byte), đã đọc lại và kiểm tra. / Backed up and verified."
    )
    for key in manifest.elsewhere:
        print(
            f"KHÔNG có trong bản sao: bí mật {key}, nằm ngoài data.dir. Hãy cất riêng. / Not inside: {key}."
        )
    print("Mất mật khẩu sao lưu là mất bản sao: không ai mở lại được. / Without its passphrase it is lost.")
    return 0


def _written(settings: Settings, out: Path, passphrase: str) -> Manifest:
    work = settings.below_data(_WORK)
    with _emptied(work), _drafted(out) as draft:
        manifest = asyncio.run(_stage(settings, work / "staged"))
        with draft.open("wb") as target:
            pack(work / "staged", manifest, target, passphrase)
            target.flush()
            os.fsync(target.fileno())
        with draft.open("rb") as source:
            unpack(source, passphrase, None)
    return manifest


@contextmanager
def _emptied(work: Path) -> Iterator[None]:
    """A folder for one backup at a time. What a killed one left goes first. Raises InUse."""
    work.mkdir(mode=0o700, exist_ok=True)
    with DataLock(work):
        shutil.rmtree(work / "staged", ignore_errors=True)
        (work / "staged").mkdir(mode=0o700)
        try:
            yield
        finally:
            shutil.rmtree(work)


@contextmanager
def _drafted(out: Path) -> Iterator[Path]:
    """A file of another name, 0600, that gets its name only at the end of the block."""
    draft = out.with_name(f".{out.name}.{secrets.token_hex(8)}")
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield draft
        if out.exists():
            raise BackupExists(name=out.name)
        draft.rename(out)
        _settle(out.parent)
    finally:
        draft.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """The new name itself reaches the disk (not on Windows, which opens no folders)."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)


async def _stage(settings: Settings, folder: Path) -> Manifest:
    """Copies of everything, and what they are. Raises SchemaBehind."""
    async with reading(settings) as units, units.read() as uow:
        revision = await (await uow.session.connection()).run_sync(copying.revision_of)
    (folder / DATA).mkdir(mode=0o700)
    if settings.database.url:
        (folder / TABLES).mkdir(mode=0o700)
        await copying.copy_postgres(database_url(settings), folder / TABLES)
    else:
        copying.copy_sqlite(settings.below_data(FILE), folder / DATA / FILE)
    for name in KEPT:
        _copy(settings.below_data(name), folder / DATA / name)
    return Manifest(
        kind="postgresql" if settings.database.url else "sqlite",
        revision=revision,
        made_at=real_now().isoformat(timespec="seconds"),
        elsewhere=tuple(_elsewhere(settings)),
        files={name: digest(folder / name) for name in files_in(folder)},
    )


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.exists():
        shutil.copy2(source, target)


def _elsewhere(settings: Settings) -> Iterator[str]:
    """Settings whose secret is given by the operator and so does not lie in the data folder."""
    own = settings.secrets
    given = {
        "secrets.session": (own.session, own.session_file),
        "secrets.ca_passphrase": (own.ca_passphrase, own.ca_passphrase_file),
        "secrets.log_key": (own.log_key, own.log_key_file),
    }
    for key, (word, file) in given.items():
        if word.get_secret_value() or file is not None:
            yield key
