"""Checks the log's files without the application: this one file, Python 3.11 and `cryptography` are enough.

    python offline.py EXPORT --log KEY [--witness KEY]... [--since OLD_CHECKPOINT] [--file MINUTES.pdf]
    python offline.py --bundle PROOF.json --log KEY [--witness KEY]...
Formats: RFC 9162 (tree and proofs), C2SP signed-note, tlog-checkpoint, tlog-tiles and cosignature/v1. A KEY is a
C2SP verifier key, `name+id+base64`; take it from paper or from the committee, never from the files it judges.
What does not hold raises Unsound: nothing here answers with a silent False that somebody forgets to read.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

NOTE, COSIGNATURE = 1, 4  # kinds of Ed25519 keys in C2SP notes
TILE = 256  # hashes or entries in a full tile
MOST = 2**53
EMPTY = hashlib.sha256(b"").digest()
DASH = "— "
_FIELDS = frozenset(["v", "id", "act", "cell", "seq", "prev", "at", "actor", "meeting", "subject", "p", "c"])


class Unsound(ValueError):
    """A file, signature or proof that does not hold; the text says which."""


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256(0x00 || leaf)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """That the leaf hash stands at `index` of the tree (RFC 9162, 2.1.3.2). Raises Unsound."""
    if not 0 <= index < size < MOST or not all_hashes([leaf, root, *proof]):
        raise Unsound("the proof names a place that cannot be")
    if climb(leaf, index, size - 1, proof)[1] != root:
        raise Unsound("the entry is not in the log of this checkpoint")


def climb(start: bytes, at: int, last: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The roots without and with what stands to the right of the path."""
    before = after = start
    for one in path:
        if last == 0:
            raise Unsound("the proof is too long")
        if at & 1 or at == last:
            before, after = node_hash(one, before), node_hash(one, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = node_hash(after, one)
        at, last = at >> 1, last >> 1
    if last:
        raise Unsound("the proof is too short")
    return before, after


def all_hashes(found: Iterable[object]) -> bool:
    """Whether each is 32 bytes."""
    return all(isinstance(one, bytes) and len(one) == 32 for one in found)


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """A verifier key. `kind`: NOTE for a log, COSIGNATURE for a witness."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA-256(name, newline, kind, key)."""
        return hashlib.sha256(f"{self.name}\n".encode() + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"


def read_key(text: str, kind: int) -> Key:
    """A verifier key of that kind. Raises Unsound."""
    name, _, rest = text.strip().partition("+")
    said, _, raw = rest.partition("+")
    data = _unbase64(raw)
    if not name or any(one.isspace() for one in name) or len(data) != 33 or data[0] != kind:
        raise Unsound("this is no key of that kind")
    key = Key(name=name, kind=kind, public=data[1:])
    if key.id.hex() != said:
        raise Unsound("the key and its number do not fit")
    return key


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkpoint:
    """What a log's operator signed: its size and root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The signed text."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def cosigned_message(text: str, at: int) -> bytes:
    """What a witness signs over a checkpoint's text; `at` in POSIX seconds."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def split_note(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """(text, signatures as name and bytes) of a note. Raises Unsound for anything malformed."""
    text, gap, tail = note.rpartition("\n\n")
    lines = tail.split("\n")
    if not gap or len(note) > 65536 or lines.pop() != "" or not lines or len(lines) > 100:
        raise Unsound("this is no signed note")
    return f"{text}\n", [read_signature(line) for line in lines]


def read_signature(line: str) -> tuple[str, bytes]:
    """(name, key number and signature) of one line. Raises Unsound."""
    name, _, raw = line.removeprefix(DASH).partition(" ")
    data = _unbase64(raw)
    if not line.startswith(DASH) or not name or "+" in name or len(data) < 5:
        raise Unsound("a signature line is malformed")
    return name, data


def open_checkpoint(note: str, log: Key) -> Checkpoint:
    """The checkpoint that this log signed. Raises Unsound; signatures of unknown keys say nothing."""
    text, signatures = split_note(note)
    mine = [data[4:] for name, data in signatures if name == log.name and data[:4] == log.id]
    if not mine:
        raise Unsound("the log did not sign this checkpoint")
    for signature in mine:
        _check_signature(log, signature, text.encode())
    parts = text.split("\n")
    if len(parts) != 4 or parts[0] != log.name or not parts[1].isdecimal() or len(parts[1]) > 16:
        raise Unsound("the checkpoint is malformed")
    found = Checkpoint(origin=parts[0], size=int(parts[1]), root=_unbase64(parts[2]))
    if found.text != text or not all_hashes([found.root]):
        raise Unsound("the checkpoint is malformed")
    return found


def cosigners(note: str, witnesses: Iterable[Key]) -> dict[str, int]:
    """Which of these witnesses cosigned, each once, and when (POSIX seconds). Raises Unsound for a forged one."""
    text, signatures = split_note(note)
    known, found = {(one.name, one.id): one for one in witnesses}, dict[str, int]()
    for name, data in signatures:
        if witness := known.get((name, data[:4])):
            at = int.from_bytes(data[4:12], "big")
            _check_signature(witness, data[12:], cosigned_message(text, at))
            found[str(witness)] = max(at, found.get(str(witness), 0))
    return found


def _check_signature(key: Key, signature: bytes, message: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise Unsound(f"the signature of {key.name} is wrong") from None


def _unbase64(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        data = b""
    if base64.b64encode(data).decode() != text:
        raise Unsound("base64 is malformed")
    return data


def tile_path(level: str, number: int, width: int) -> str:
    """Where a tile lies. `level`: "0", "1", …, or "entries"; `width` below TILE: a partial one."""
    parts = [f"{number % 1000:03d}"]
    while number := number // 1000:
        parts.insert(0, f"x{number % 1000:03d}")
    return f"tile/{level}/{'/'.join(parts)}" + (f".p/{width}" if width < TILE else "")


@dataclass(frozen=True, slots=True)
class Export:
    """A folder written by `chibo log export`."""

    folder: Path

    def note(self) -> str:
        """The signed checkpoint. Raises Unsound."""
        return self._read("checkpoint").decode("utf-8", "replace")

    def leaves(self, size: int) -> Iterator[bytes]:
        """The entries in order. Raises Unsound where one is missing or too much."""
        for number, width in tiles(size):
            data, at = self._read(tile_path("entries", number, width)), 0
            for _ in range(width):
                length = int.from_bytes(data[at : at + 2], "big")
                yield data[at + 2 : at + 2 + length]
                at += 2 + length
            if at != len(data):
                raise Unsound(f"a file of entries has the wrong length: {number}")

    def hashes(self, level: int, number: int, width: int) -> bytes:
        """A tile of hashes. Raises Unsound."""
        data = self._read(tile_path(str(level), number, width))
        if len(data) != 32 * width:
            raise Unsound(f"a tile has the wrong length: {level}/{number}")
        return data

    def _read(self, name: str) -> bytes:
        try:
            return (self.folder / name).read_bytes()
        except OSError:
            raise Unsound(f"the export lacks {name}") from None


def tiles(count: int) -> Iterator[tuple[int, int]]:
    """(number, width) of each tile that holds `count` things."""
    for number in range(-(-count // TILE)):
        yield number, min(TILE, count - TILE * number)


def roots(leaves: Iterable[bytes], sizes: Iterable[int]) -> dict[int, bytes]:
    """The root of the tree at each of these sizes."""
    wanted, stack, found = set(sizes), list[tuple[int, bytes]](), {0: EMPTY}
    for count, leaf in enumerate(leaves, 1):
        stack.append((0, leaf))
        while len(stack) > 1 and stack[-1][0] == stack[-2][0]:
            (level, left), (_, right) = stack[-2:]
            stack[-2:] = [(level + 1, node_hash(left, right))]
        if count in wanted:
            found[count] = fold([one for _, one in stack])
    return found


def fold(edge: Sequence[bytes]) -> bytes:
    """The root over complete subtrees, from left to right; at least one."""
    found = edge[-1]
    for one in reversed(edge[:-1]):
        found = node_hash(one, found)
    return found


def check_export(export: Export, log: Key, since: Checkpoint | None = None) -> Checkpoint:
    """Every entry, tile, root and cell chain, and that the log of `since` is its beginning. Raises Unsound."""
    told = open_checkpoint(export.note(), log)
    old = since or told
    if old.size > told.size or old.origin != told.origin:
        raise Unsound("the log became shorter, or is another one")
    hashes, heads = list[bytes](), dict[str, tuple[int, str]]()
    for leaf in export.leaves(told.size):
        hashes.append(leaf_hash(leaf))
        _check_link(leaf, hashes[-1].hex(), heads)
    found = roots(hashes, {old.size, told.size})
    if found[told.size] != told.root:
        raise Unsound("entries and checkpoint do not fit: something was changed, removed or added")
    if found[old.size] != old.root:
        raise Unsound("the log was rewritten: its past is another one")
    _check_tiles(export, hashes)
    return told


def _check_tiles(export: Export, hashes: Sequence[bytes]) -> None:
    level, row = 0, list(hashes)
    while row:
        for number, width in tiles(len(row)):
            if export.hashes(level, number, width) != b"".join(row[TILE * number :][:width]):
                raise Unsound(f"a tile does not fit the entries: {level}/{number}")
        full = [row[at : at + TILE] for at in range(0, len(row) - TILE + 1, TILE)]
        level, row = level + 1, [roots(one, {TILE})[TILE] for one in full]


def _check_link(leaf: bytes, hashed: str, heads: dict[str, tuple[int, str]]) -> None:
    """Each cell numbers its entries without a gap and names the hash of the one before."""
    said = read_leaf(leaf)
    seq, before = heads.get(said["cell"], (0, "0" * 64))
    if said["seq"] != seq + 1 or said["prev"] != before:
        raise Unsound(f"the chain of cell {said['cell']} breaks at entry {seq + 1}")
    heads[said["cell"]] = (seq + 1, hashed)


def read_leaf(leaf: bytes) -> Mapping[str, Any]:
    """An entry's JSON. Raises Unsound."""
    try:
        said = json.loads(leaf)
        if set(said) == _FIELDS and [type(said[name]) for name in ("cell", "p", "c")] == [str, dict, dict]:
            return dict(said)
    except (ValueError, TypeError, RecursionError):
        pass
    raise Unsound("an entry cannot be read")


def canonical(value: object) -> bytes:
    """RFC 8785 for text, whole numbers, true, false, null, lists and objects."""
    return json.dumps(_sorted(value), ensure_ascii=False, separators=(",", ":")).encode()


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value, key=lambda one: one.encode("utf-16-be"))}
    return [_sorted(one) for one in value] if isinstance(value, list) else value


def committed(salt: bytes, name: str, value: object) -> str:
    """The commitment to one field under its own salt, in hex."""
    return hmac.digest(salt, canonical({name: value}), "sha256").hex()


Shown = tuple[Mapping[str, Any], Mapping[str, object]]
"""What a proof shows: the entry, and the personal values that were disclosed with it."""


def check_bundle(bundle: Mapping[str, Any], log: Key) -> list[Shown]:
    """Each entry that a bundle proves to stand in the log of its checkpoint. Raises Unsound."""
    try:
        if bundle["format"] != "chibo-proof/1" or not bundle["proofs"]:
            raise Unsound("this is no proof")
        told = open_checkpoint(bundle["checkpoint"], log)
        return [_shown(one, told) for one in bundle["proofs"]]
    except Unsound:
        raise
    except (LookupError, TypeError, AttributeError, ValueError):
        raise Unsound("the proof cannot be read") from None


def _shown(one: Mapping[str, Any], told: Checkpoint) -> Shown:
    leaf = one["leaf"].encode()
    proof = [bytes.fromhex(part) for part in one["proof"]]
    check_inclusion(leaf_hash(leaf), one["position"], told.size, proof, told.root)
    entry = read_leaf(leaf)
    for name, what in one["disclosed"].items():
        if entry["c"].get(name) != committed(bytes.fromhex(what["salt"]), name, what["value"]):
            raise Unsound(f"the value shown as {name} is not the recorded one")
    return entry, {name: what["value"] for name, what in one["disclosed"].items()}


def main(words: Sequence[str] | None = None) -> int:
    """0: everything holds; 1: it does not."""
    parser = argparse.ArgumentParser(description="Kiểm tra sổ ghi đã xuất / check an exported log")
    one = parser.add_mutually_exclusive_group(required=True)
    one.add_argument("export", type=Path, nargs="?")
    one.add_argument("--bundle", type=Path)
    parser.add_argument("--log", required=True, metavar="KEY")
    parser.add_argument("--witness", action="append", default=[], metavar="KEY")
    for name in ("--since", "--file"):
        parser.add_argument(name, type=Path)
    options = parser.parse_args(words)
    try:
        lines = _export_lines(options) if options.export else _bundle_lines(options)
    except (ValueError, OSError) as wrong:
        lines = [f"KHÔNG ĐẠT / FAILED: {wrong}"]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return int(lines[0].startswith("KHÔNG"))


def _export_lines(options: argparse.Namespace) -> list[str]:
    export, log = Export(options.export), read_key(options.log, NOTE)
    since = open_checkpoint(options.since.read_text("utf-8"), log) if options.since else None
    told = check_export(export, log, since)
    _check_witnessed(export.note(), options)
    file = hashlib.sha256(options.file.read_bytes()).hexdigest() if options.file else None
    if file and not any(read_leaf(leaf)["p"].get("pdf") == file for leaf in export.leaves(told.size)):
        raise Unsound("the file is not in the log")
    return [f"ĐẠT / PASSED: {told.size} mục / entries, {len(options.witness)} làm chứng / witnesses"]


def _bundle_lines(options: argparse.Namespace) -> list[str]:
    shown = check_bundle(bundle := json.loads(options.bundle.read_text("utf-8")), read_key(options.log, NOTE))
    _check_witnessed(bundle["checkpoint"], options)
    told = ((one["act"], one["at"], json.dumps(values, ensure_ascii=False)) for one, values in shown)
    return [f"ĐẠT / PASSED: {act} {at} {values}" for act, at, values in told]


def _check_witnessed(note: str, options: argparse.Namespace) -> None:
    wanted = [read_key(one, COSIGNATURE) for one in options.witness]
    if len(cosigners(note, wanted)) < len(set(wanted)):
        raise Unsound("a witness did not cosign this checkpoint")


if __name__ == "__main__":
    sys.exit(main())
