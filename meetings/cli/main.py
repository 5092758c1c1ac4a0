"""The command line `chibo`: one table of commands, each in a module imported only when it is called."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from meetings.cli.progress import told_while
from meetings.kernel.errors import Refused

FAILED, REFUSED, INTERRUPTED = 1, 2, 130


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """Where a command lives, and what it does in both languages. `asks`: it talks with people itself."""

    module: str
    vi: str
    en: str
    asks: bool = False


class CommandModule(Protocol):
    """What such a module offers."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declares the command's own arguments."""
        ...

    def run(self, options: argparse.Namespace) -> int:
        """Does it and returns the exit status. A Refused is printed as one line."""
        ...


COMMANDS: Mapping[str, Command] = {
    "serve": Command(module="meetings.cli.serve", vi="chạy phần mềm", en="serve the application", asks=True),
    "demo": Command(
        module="demo.command", vi="họp thử một buổi, tự động", en="hold a whole meeting unattended", asks=True
    ),
    "import": Command(
        module="meetings.cli.import_roster", vi="nhập danh sách đảng viên", en="import a roster"
    ),
    "link": Command(
        module="meetings.cli.link",
        vi="làm đường dẫn vào mới cho một người",
        en="make a new sign-in link for somebody",
    ),
    "migrate": Command(module="meetings.cli.migrate", vi="nâng cấp cơ sở dữ liệu", en="upgrade the database"),
    "verify": Command(
        module="meetings.cli.verify", vi="kiểm tra biên bản, sổ ghi", en="verify minutes or the ledger"
    ),
    "sign": Command(
        module="meetings.cli.sign",
        vi="ký biên bản bằng USB token cắm ở máy này",
        en="sign minutes with a USB token on this machine",
    ),
    "ca": Command(
        module="meetings.cli.ca",
        vi="chứng thư nội bộ: cấp, thu hồi, cất khóa",
        en="the internal authority: issue, revoke, take its key off line",
        asks=True,
    ),
    "log": Command(
        module="meetings.cli.log",
        vi="xuất, chứng minh sổ ghi chung; nhận chữ ký làm chứng",
        en="export and prove the log, take cosignatures",
    ),
    "witness": Command(
        module="meetings.cli.witness",
        vi="làm chứng cho sổ ghi của cấp dưới",
        en="witness a subordinate's log",
    ),
    "backup": Command(
        module="meetings.cli.backup", vi="sao lưu, mã hóa vào một tệp", en="back up into one encrypted file"
    ),
    "restore": Command(
        module="meetings.cli.restore",
        vi="khôi phục bản sao lưu vào nơi trống",
        en="restore into an empty place",
    ),
    "figures": Command(
        module="meetings.cli.figures", vi="đối chiếu số liệu báo cáo", en="compare the figures of reports"
    ),
    "doctor": Command(
        module="meetings.cli.doctor", vi="kiểm tra máy và cài đặt", en="check this installation"
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Returns 0, 1 if it failed, 2 if it was refused, 130 if it was interrupted."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    chosen = words[0] if words and words[0] in COMMANDS else None
    module = _module(COMMANDS[chosen]) if chosen else None
    options = _parser(chosen, module).parse_args(words)
    if module is None:
        _parser(None, None).print_help()
        return REFUSED
    try:
        return _run(COMMANDS[words[0]], module, options)
    except Refused as refused:
        print(f"chibo: {refused}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(command: Command, module: CommandModule, options: argparse.Namespace) -> int:
    if command.asks:
        return module.run(options)
    with told_while(f"{command.vi} / {command.en}"):
        return module.run(options)


def _module(command: Command) -> CommandModule:
    return cast(CommandModule, importlib.import_module(command.module))


def _parser(chosen: str | None, module: CommandModule | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="chibo", description="Sinh hoạt chi bộ / party-cell meetings")
    commands = parser.add_subparsers(metavar="COMMAND", required=chosen is not None)
    for name, command in COMMANDS.items():
        inner = commands.add_parser(name, help=f"{command.vi} / {command.en}")
        inner.add_argument("--config", metavar="FILE", help="config.yaml khác / another config.yaml")
        inner.add_argument("--lang", choices=("vi", "en"), default="vi", help="ngôn ngữ / language")
        if name == chosen and module is not None:
            module.arguments(inner)
    return parser


if __name__ == "__main__":
    sys.exit(main())
