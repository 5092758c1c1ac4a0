"""The passphrase of a backup, or of the authority's key: from a file that only its owner can read, or typed."""

from __future__ import annotations

import argparse
import sys
from getpass import getpass
from pathlib import Path

from meetings.kernel.errors import Invalid
from meetings.kernel.text import nfc
from meetings.settings.secrets import read_secret_file

LEAST = 12  # characters


class WeakPassphrase(Invalid):
    """Too short for a file that leaves the house."""

    code = "backup-passphrase-weak"
    message = "Mật khẩu cần ít nhất {least} ký tự. Chưa tạo tệp nào."


class PassphraseMistyped(Invalid):
    """Two different ones."""

    code = "backup-passphrase-mistyped"
    message = "Hai lần gõ mật khẩu không giống nhau. Chưa tạo tệp nào."


class NobodyToAsk(Invalid):
    """No terminal, and no file."""

    code = "backup-passphrase-missing"
    message = "Không có ai để hỏi mật khẩu: hãy dùng --passphrase-file TỆP (chmod 600)."


def passphrase_argument(parser: argparse.ArgumentParser) -> None:
    """Where it comes from when nobody types it."""
    parser.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="tệp mật khẩu / the passphrase's file"
    )


def new_passphrase(options: argparse.Namespace) -> str:
    """For a new file: typed twice. Raises WeakPassphrase, PassphraseMistyped, NobodyToAsk, BadSetting."""
    given = old_passphrase(options)
    if len(given) < LEAST:
        raise WeakPassphrase(least=LEAST)
    if options.passphrase_file is None and given != _typed("Gõ lại / again: "):
        raise PassphraseMistyped
    return given


def old_passphrase(options: argparse.Namespace) -> str:
    """Of a file that exists. Raises NobodyToAsk, BadSetting."""
    if options.passphrase_file is not None:
        return nfc(read_secret_file("--passphrase-file", options.passphrase_file))
    return _typed("Mật khẩu / passphrase: ")


def _typed(words: str) -> str:
    if not sys.stdin.isatty():
        raise NobodyToAsk
    return nfc(getpass(words))
