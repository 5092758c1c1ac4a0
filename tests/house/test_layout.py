"""The budgets and habits of architecture.md 6, checked on every file."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from statistics import median, quantiles

import pytest

from tests.house.sources import PACKAGES, ROOT, TESTS, Source, length, shared_files, sources

MOST_LINES_OF_FUNCTION, MOST_LINES_OF_FILE = 50, 400
MEDIAN, NINE_TENTHS = 8, 30
# Real time is what these are about: ids, tokens, media clocks.
REAL_TIME = ("meetings.kernel.clock", "meetings.kernel.ids", "media_server", "bench", "demo")
CLOCKS = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
    ("time", "time"), ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime"), ("time", "ctime"),
}  # fmt: skip
VAGUE = re.compile(r"(^|_)(utils?|helpers?|common|misc|managers?)(_|$)")
VAGUE_CLASS = re.compile(r"(Utils?|Helpers?|Manager)$")
UNFINISHED = re.compile("|".join(["TO" + "DO", "FIX" + "ME", "raise Not" + "ImplementedError"]))
IGNORE = re.compile(r"#\s*(?:ruff:\s*)?(type:\s*ignore|noqa|mypy:|pragma:)(?P<rest>.*)")
REASONED = re.compile(r"^(\[[\w, -]+\]|:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*)\s+(#\s*)?\S+ \S+")
HOUSE = tuple(sources(*PACKAGES))
ALL = (*HOUSE, *sources(*TESTS))
# Addresses of machines and registries that only one workplace knows, spelt so that this file holds none.
PLACES = re.compile(
    "|".join(
        [
            *(r"(?<![\w.])/wo" + "rk/", "/ro" + "ot/", r"(?<!\w)/ho" + r"me/\w", r"C:\\U" + "sers"),
            *("pypi" + r"\.org", "python" + r"hosted\.org", "registry" + r"\.npm"),
            *("--(extra-)?index" + "-url", "--find" + "-links"),
        ]
    )
)
ADDRESS = re.compile(r"\w+://|\"resolved\"|--index|--extra-index|--trusted-host")


def named(places: list[str]) -> str:
    return "\n".join(["", *places])


def test_no_function_is_longer_than_50_lines() -> None:
    long = [
        f"{source.path}:{node.lineno} {node.name}: {length(node)}"
        for source in ALL
        for node in source.functions()
        if length(node) > MOST_LINES_OF_FUNCTION
    ]
    assert not long, named(long)


def test_functions_are_short_as_a_whole() -> None:
    lengths = [length(node) for source in HOUSE for node in source.functions()]
    assert median(lengths) <= MEDIAN
    assert quantiles(lengths, n=10)[-1] <= NINE_TENTHS


def test_no_file_is_longer_than_400_lines() -> None:
    lines = {source.path: len(source.text.splitlines()) for source in ALL}
    long = [f"{path}: {count}" for path, count in lines.items() if count > MOST_LINES_OF_FILE]
    assert not long, named(long)


def test_names_say_what_they_mean() -> None:
    files = [
        str(source.path) for source in ALL if any(VAGUE.search(part) for part in source.module.split("."))
    ]
    classes = [
        f"{source.path}:{node.lineno} {node.name}"
        for source in ALL
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef) and VAGUE_CLASS.search(node.name)
    ]
    assert not files + classes, named(files + classes)


def test_nothing_is_left_unfinished() -> None:
    found = [
        f"{source.path}:{number}"
        for source in ALL
        for number, line in enumerate(source.text.splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert not found, named(found)


def test_only_the_clock_reads_the_wall_clock() -> None:
    found = [
        f"{source.path}:{line}"
        for source in HOUSE
        if not is_real_time(source.module)
        for line in reads_of_the_clock(source)
    ]
    assert not found, named(found)


def is_real_time(module: str) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in REAL_TIME)


def reads_of_the_clock(source: Source) -> list[int]:
    """Lines with `datetime.now` and its like, called or handed on, and SQL that asks the server's clock."""
    lines = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute):
            owner = node.value
            name = (
                owner.id
                if isinstance(owner, ast.Name)
                else owner.attr
                if isinstance(owner, ast.Attribute)
                else ""
            )
            if (name, node.attr) in CLOCKS:
                lines.append(node.lineno)
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and "CURRENT_TIMESTAMP" in node.value
        ):
            lines.append(node.lineno)
    return lines


def test_every_ignore_names_its_rule_and_reason() -> None:
    bare = [
        f"{source.path}:{number} {comment}"
        for source in ALL
        for number, comment in comments(source.text)
        if (found := IGNORE.search(comment)) and not REASONED.match(found["rest"])
    ]
    assert not bare, named(bare)


def comments(text: str) -> list[tuple[int, str]]:
    """Line numbers and texts of the comments."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [(token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT]


@pytest.mark.parametrize(
    ("line", "good"),
    [
        ("x = 1  # noqa" + ": S101  the check is the point", True),
        ("x = 1  # type: " + "ignore[attr-defined]  # fields describe themselves", True),
        ("x = 1  # type: " + "ignore[attr-defined]", False),
        ("x = 1  # type: " + "ignore", False),
        ("x = 1  # noqa", False),
        ("x = 1  # noqa" + ": S101", False),
        ("x = 1  # pragma: " + "no cover", False),
    ],
)
def test_the_rule_about_ignores_bites(line: str, good: bool) -> None:
    found = IGNORE.search(line)
    assert found
    assert bool(REASONED.match(found["rest"])) is good


def test_no_file_names_a_workplace_or_a_registry() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {match[0]}"
        for file in shared_files()
        if (match := PLACES.search(file.read_bytes().decode("utf-8", errors="ignore")))
    ]
    assert not found, named(found)


def test_lock_files_hold_no_addresses() -> None:
    locks = [file for file in shared_files() if file.name.startswith("requirements") or "lock" in file.name]
    assert {"requirements.txt", "requirements-dev.txt", "requirements-build.txt"} <= {
        file.name for file in locks
    }
    found = [
        f"{file.name}:{number} {line.strip()}"
        for file in locks
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if ADDRESS.search(line)
    ]
    assert not found, named(found)


def test_every_locked_package_is_pinned_and_hashed() -> None:
    for file in ROOT.glob("requirements*.txt"):
        blocks = re.findall(
            r"^(\S+)==\S+.*\\\n((?: +--hash=sha256:[0-9a-f]{64}.*\n)+)", file.read_text(), re.M
        )
        packages = re.findall(r"^[a-z0-9].*", file.read_text(), re.M)
        assert len(blocks) == len(packages) > 5, file.name


def test_locks_agree() -> None:
    runtime, dev, token = (pins(f"requirements{name}.txt") for name in ("", "-dev", "-token"))
    assert runtime.items() <= dev.items()
    assert runtime.items() <= token.items()
    assert token["python-pkcs11"] == dev["python-pkcs11"]


def pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+(?:\[[a-z,]+\])?)==(\S+)", (ROOT / name).read_text(), re.M))


def test_tests_mirror_the_tree() -> None:
    """tests/committees/test_rules.py and test_rules_spans.py test meetings/committees/rules.py.

    The media server's tests also follow the conformance list of LiveKit's clients, which knows no files.
    """
    stray = []
    for source in sources(*TESTS):
        if source.path.is_relative_to("tests/media_server"):
            continue
        folder, name = source.path.parent.relative_to("tests"), source.path.stem
        for home in (ROOT / "meetings" / folder, ROOT / folder):
            if folder.parts and home.is_dir() and name.startswith("test_"):
                stems = {
                    file.stem
                    for file in home.iterdir()
                    if file.suffix == ".py" or (file / "__init__.py").exists()
                }
                about = name.removeprefix("test_")
                if not any(about == stem or about.startswith(f"{stem}_") for stem in stems):
                    stray.append(str(source.path))
    assert not stray, named(stray)
