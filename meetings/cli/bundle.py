"""What a backup holds: a manifest, then every file it names, as a compressed tar inside a sealed stream."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, cast

from meetings.cli.sealed import BackupSpoiled, SealedReader, SealedWriter
from meetings.kernel.errors import Refused

MANIFEST = "manifest.json"
_BLOCK = 1 << 20
_BROKEN = (tarfile.TarError, zlib.error, EOFError, ValueError, LookupError, TypeError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """`kind` sqlite or postgresql; `made_at` ISO 8601; `elsewhere`: settings whose secrets are not inside;
    `files`: SHA-256 in hex by name."""

    kind: str
    revision: str
    made_at: str
    elsewhere: tuple[str, ...]
    files: Mapping[str, str]


def files_in(folder: Path) -> Iterator[str]:
    """Names of all files below, with slashes, in order."""
    found = (one for one in folder.rglob("*") if one.is_file() and not one.is_symlink())
    yield from sorted(one.relative_to(folder).as_posix() for one in found)


def digest(file: Path) -> str:
    """SHA-256 in hex."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def pack(folder: Path, manifest: Manifest, out: IO[bytes], passphrase: str) -> None:
    """The whole backup into `out`."""
    sealed = SealedWriter(out, passphrase)
    told = json.dumps(asdict(manifest), ensure_ascii=False).encode()
    with tarfile.open(fileobj=cast(IO[bytes], sealed), mode="w|gz", format=tarfile.PAX_FORMAT) as tar:
        _add(tar, MANIFEST, io.BytesIO(told), len(told))
        for name in manifest.files:
            file = folder / name
            with file.open("rb") as source:
                _add(tar, name, source, file.stat().st_size)
    sealed.finish()


def _add(tar: tarfile.TarFile, name: str, source: IO[bytes], size: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    tar.addfile(entry, source)


def unpack(source: IO[bytes], passphrase: str, folder: Path | None) -> Manifest:
    """Reads the backup to its end and holds every file to the manifest; with a folder it writes them there.

    Raises NotABackup, WrongPassphrase, BackupSpoiled. What lies in the folder counts only once this returned.
    """
    sealed = SealedReader(source, passphrase)
    try:
        with tarfile.open(fileobj=cast(IO[bytes], sealed), mode="r|gz") as tar:
            manifest = _manifest(tar)
            seen = {}
            while (entry := tar.next()) is not None:  # a loop over `tar` would begin with the manifest again
                seen[entry.name] = _take(tar, entry, folder, manifest)
        while sealed.read(_BLOCK):
            pass
    except Refused:
        raise
    except _BROKEN:
        raise BackupSpoiled from None
    if seen != manifest.files:
        raise BackupSpoiled
    return manifest


def _manifest(tar: tarfile.TarFile) -> Manifest:
    entry = tar.next()
    told = tar.extractfile(entry) if entry is not None and entry.name == MANIFEST else None
    if told is None:
        raise BackupSpoiled
    read = json.load(told)
    return Manifest(**{**read, "elsewhere": tuple(read["elsewhere"])})


def _take(tar: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path | None, manifest: Manifest) -> str:
    """One file's SHA-256; only what the manifest names is written, and never outside the folder."""
    content = tar.extractfile(entry) if entry.name in manifest.files else None
    if content is None or ".." in Path(entry.name).parts or Path(entry.name).is_absolute():
        raise BackupSpoiled
    seen = hashlib.sha256()
    target = None if folder is None else folder / entry.name
    with _opened(target) as out:
        while block := content.read(_BLOCK):
            seen.update(block)
            out.write(block)
    return seen.hexdigest()


def _opened(target: Path | None) -> IO[bytes]:
    if target is None:
        return Path(os.devnull).open("wb")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.touch(mode=0o600)
    return target.open("wb")
