"""Signed notes: what the log and its witnesses sign, and what nobody may take for a signature."""

from __future__ import annotations

import base64

import pytest

from meetings.ledger.offline import (
    COSIGNATURE,
    NOTE,
    Checkpoint,
    Unsound,
    cosigners,
    open_checkpoint,
    read_key,
    split_note,
)
from meetings.ledger.signers import log_signer, signature_line, witness_signer

LOG = log_signer("an invented secret of a log, long enough")
OTHER = log_signer("an invented secret of another log")
WITNESS = witness_signer("an invented secret of a witness", "dang-uy-xa.example")
ROOT = bytes(range(32))
NOTE_TEXT = LOG.sign_checkpoint(7, ROOT)
SEEN = open_checkpoint(NOTE_TEXT, LOG.key)


def cosigned(at: int = 1_795_000_000) -> str:
    return NOTE_TEXT + WITNESS.cosign(SEEN, at)


def test_a_key_is_the_same_for_the_same_secret_and_shows_no_secret() -> None:
    assert log_signer("an invented secret of a log, long enough").key == LOG.key
    assert LOG.key != OTHER.key
    assert "private" not in repr(LOG).lower()
    assert LOG.key.name.startswith("chibo.log/")


@pytest.mark.parametrize(
    ("key", "kind"), [(LOG.key, NOTE), (WITNESS.key, COSIGNATURE)], ids=["log", "witness"]
)
def test_keys_are_read_back(key: object, kind: int) -> None:
    assert read_key(str(key), kind) == key
    assert read_key(f" {key}\n", kind) == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000+",
        f"{WITNESS.key}",
        str(LOG.key)[:-2],
        str(LOG.key).replace("+", "-"),
        str(LOG.key).replace("chibo", "chib0"),
        f"a b{LOG.key}",
    ],
)
def test_a_key_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Unsound):
        read_key(text, NOTE)


def test_a_checkpoint_is_the_text_of_the_standard() -> None:
    text, signatures = split_note(NOTE_TEXT)
    assert text == f"{LOG.key.name}\n7\n{base64.b64encode(ROOT).decode()}\n"
    assert [name for name, _ in signatures] == [LOG.key.name]
    assert Checkpoint(origin=LOG.key.name, size=7, root=ROOT) == SEEN


def test_a_witness_adds_its_line_and_time() -> None:
    assert cosigners(cosigned(), [WITNESS.key]) == {str(WITNESS.key): 1_795_000_000}
    assert open_checkpoint(cosigned(), LOG.key) == SEEN
    assert cosigners(cosigned(), []) == {}
    assert cosigners(NOTE_TEXT, [WITNESS.key]) == {}


def test_a_signer_counts_once() -> None:
    """Attack 26: the same signer twice."""
    twice = cosigned() + WITNESS.cosign(SEEN, 1_795_000_009)
    assert cosigners(twice, [WITNESS.key]) == {str(WITNESS.key): 1_795_000_009}


def test_a_stranger_says_nothing() -> None:
    """Attack 26: a valid note of an unknown key, also under the known name."""
    foreign = OTHER.sign_checkpoint(7, ROOT)
    for note in (foreign, foreign.replace(OTHER.key.name, LOG.key.name)):
        with pytest.raises(Unsound):
            open_checkpoint(note, LOG.key)
    impostor = witness_signer("somebody else", WITNESS.key.name)
    assert cosigners(NOTE_TEXT + impostor.cosign(SEEN, 1), [WITNESS.key]) == {}


def test_a_cosignature_on_another_checkpoint_is_forged() -> None:
    other = Checkpoint(origin=SEEN.origin, size=8, root=ROOT)
    with pytest.raises(Unsound):
        cosigners(NOTE_TEXT + WITNESS.cosign(other, 1), [WITNESS.key])


def _changed(old: str, new: str) -> str:
    assert old in NOTE_TEXT
    return NOTE_TEXT.replace(old, new)


def _signed(text: str) -> str:
    """A text with a true signature of the log over it, whatever it says."""
    return f"{text}\n{signature_line(LOG.key, LOG._private.sign(text.encode()))}"


B64 = base64.b64encode(ROOT).decode()
MALFORMED = {
    "nothing": "",
    "no signature": NOTE_TEXT.partition("\n\n")[0] + "\n\n",
    "another size": _changed("\n7\n", "\n8\n"),
    "another root": _changed(B64, base64.b64encode(bytes(32)).decode()),
    "text behind": f"{NOTE_TEXT}and more\n",
    "blank behind": f"{NOTE_TEXT}\n",
    "no end": NOTE_TEXT[:-1],
    "base64 cut": f"{NOTE_TEXT[:-3]}\n",
    "base64 with a stray bit": _changed(NOTE_TEXT[-3:-1], "B=" if NOTE_TEXT[-3:-1] != "B=" else "C="),
    "spaces in base64": f"{NOTE_TEXT[:-9]} {NOTE_TEXT[-9:]}",
    "another dash": _changed("— ", "- "),
    "signed, no size": _signed(f"{LOG.key.name}\n\n{B64}\n"),
    "signed, size with a zero before it": _signed(f"{LOG.key.name}\n07\n{B64}\n"),
    "signed, negative size": _signed(f"{LOG.key.name}\n-7\n{B64}\n"),
    "signed, huge size": _signed(f"{LOG.key.name}\n{'9' * 40}\n{B64}\n"),
    "signed, other digits": _signed(f"{LOG.key.name}\n٧\n{B64}\n"),
    "signed, short root": _signed(f"{LOG.key.name}\n7\n{base64.b64encode(ROOT[:31]).decode()}\n"),
    "signed, another origin": _signed(f"other\n7\n{B64}\n"),
    "signed, more lines": _signed(f"{LOG.key.name}\n7\n{B64}\nmore\n"),
}


@pytest.mark.parametrize("note", MALFORMED.values(), ids=MALFORMED)
def test_whatever_is_malformed_is_refused(note: str) -> None:
    """Attack 26."""
    with pytest.raises(Unsound):
        open_checkpoint(note, LOG.key)
