"""The witness remembers, refuses another past, and can be compared with another witness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from meetings.ledger.merkle import consistency, edge, grown, hash_of
from meetings.ledger.offline import cosigners, fold, leaf_hash, open_checkpoint
from meetings.ledger.signers import Signer, log_signer
from meetings.ledger.witness import (
    BadWitnessName,
    LogRewritten,
    LogShrank,
    NotFollowing,
    NotThisLog,
    Witness,
)

SIGNER = log_signer("an invented secret of a log, long enough")
NAME, AT = "dang-uy-xa.example", 1_795_000_000


@dataclass
class Shown:
    """A log in memory, as its operator chooses to show it."""

    leaves: Sequence[str]
    signer: Signer = SIGNER

    async def note(self) -> str:
        nodes = self._nodes()
        size = len(self.leaves)
        return self.signer.sign_checkpoint(size, fold([nodes[place] for place in edge(size)]))

    async def proof(self, old: int, new: int) -> Sequence[bytes]:
        return [hash_of(span, self._nodes()) for span in consistency(old, new)]

    def _nodes(self) -> dict[tuple[int, int], bytes]:
        return grown(0, {}, (leaf_hash(leaf.encode()) for leaf in self.leaves))


class Lying(Shown):
    """Hands out the proofs of its former, true log."""

    async def proof(self, old: int, new: int) -> Sequence[bytes]:
        return await Shown(TRUE[:new]).proof(old, new)


TRUE = [f"entry {number}" for number in range(40)]
FORGED = ["another", *TRUE[1:]]


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    made = Witness(tmp_path / "state", "an invented secret of a witness")
    made.follow(NAME, str(SIGNER.key))
    return made


async def test_it_cosigns_what_grows(witness: Witness) -> None:
    before = None
    for size in (1, 2, 3, 3, 8, 9, 40):
        source = Shown(TRUE[:size])
        done = await witness.visit(source, AT + size)
        assert (done.before, done.checkpoint.size) == (before, size)
        note = await source.note() + done.line
        assert cosigners(note, [witness.signer.key]) == {str(witness.signer.key): AT + size}
        before = size


@pytest.mark.parametrize("kind", [Shown, Lying])
@pytest.mark.parametrize("leaves", [FORGED[:20], FORGED, [*TRUE[:19], "x"], [*TRUE[:19], *TRUE[20:]]])
async def test_a_rewritten_past_is_refused_even_with_the_real_key(
    witness: Witness, tmp_path: Path, kind: type[Shown], leaves: list[str]
) -> None:
    """Attack 21, and 20 rebuilt: edited, inserted, removed."""
    await witness.visit(Shown(TRUE[:20]), AT)
    with pytest.raises(LogRewritten):
        await witness.visit(kind(leaves), AT + 1)
    kept = (tmp_path / "state" / f"refused-{AT + 1}.note").read_text("utf-8")
    assert open_checkpoint(kept, SIGNER.key).size == len(leaves)
    assert (await witness.visit(Shown(TRUE), AT + 2)).before == 20


async def test_a_rollback_is_refused(witness: Witness) -> None:
    """Attack 20: cut, or restored from an older backup."""
    await witness.visit(Shown(TRUE[:20]), AT)
    for size in (19, 1):
        with pytest.raises(LogShrank):
            await witness.visit(Shown(TRUE[:size]), AT + 1)


async def test_two_views_show_when_witnesses_compare(witness: Witness, tmp_path: Path) -> None:
    """Attack 21: each is shown a log of its own."""
    other = Witness(tmp_path / "other", "an invented secret of another witness")
    other.follow("huyen-uy.example", str(SIGNER.key))
    mine, theirs = Shown(TRUE[:20]), Shown(FORGED[:18])
    await witness.visit(mine, AT)
    await other.visit(theirs, AT)
    with pytest.raises(LogRewritten):
        await witness.compare(mine, await theirs.note())
    with pytest.raises(LogShrank):
        await other.compare(theirs, await mine.note())
    await witness.compare(mine, await Shown(TRUE[:18]).note())


async def test_another_log_is_another_log(witness: Witness) -> None:
    stranger = log_signer("an invented secret of another log")
    with pytest.raises(NotThisLog):
        await witness.visit(Shown(TRUE, stranger), AT)
    with pytest.raises(NotThisLog):
        witness.follow(None, str(stranger.key))
    with pytest.raises(NotThisLog):
        witness.follow("other.example", None)
    witness.follow(None, None)


async def test_it_goes_on_from_its_folder(witness: Witness, tmp_path: Path) -> None:
    await witness.visit(Shown(TRUE[:20]), AT)
    again = Witness(tmp_path / "state", "an invented secret of a witness")
    assert again.signer.key == witness.signer.key
    with pytest.raises(LogShrank):
        await again.visit(Shown(TRUE[:7]), AT)


def test_it_needs_a_name_and_a_log_to_begin(tmp_path: Path) -> None:
    new = Witness(tmp_path / "new", "an invented secret")
    for name, log in ((None, None), (NAME, None), (None, str(SIGNER.key))):
        with pytest.raises(NotFollowing):
            new.follow(name, log)
    for name in ("đảng ủy", "a+b", ""):
        with pytest.raises(BadWitnessName):
            new.follow(name, str(SIGNER.key))
    with pytest.raises(NotThisLog):
        new.follow(NAME, "no key")
    assert not (tmp_path / "new" / "log").exists()
