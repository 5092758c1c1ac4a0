"""What an exported log knows of a meeting's minutes: for a verifier without the installation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from meetings.kernel.ids import Id
from meetings.ledger.offline import NOTE, Export, check_export, read_key, read_leaf
from meetings.ledger.witness import FolderSource
from meetings.minutes.log_proof import LogProof
from meetings.minutes.work import Known

Found = tuple[int, str, Mapping[str, Any]]


def known_from_export(
    export: Export, log: str, witnesses: tuple[str, ...], meeting: Id | None, trusted: Known
) -> Known:
    """`trusted` with the files, data and certificates that the whole, checked log names for the meeting.

    Raises Unsound where the log does not hold.
    """
    size = check_export(export, read_key(log, NOTE)).size
    every = ((at, leaf.decode(), read_leaf(leaf)) for at, leaf in enumerate(export.leaves(size)))
    mine = [one for one in every if meeting is not None and one[2]["meeting"] == meeting]
    signed = [one for one in mine if one[2]["act"] == "minutes.sign"]
    approved = [one[2]["p"]["data"] for one in mine if one[2]["act"] == "minutes.approve"]
    if not signed:
        return replace(trusted, files=frozenset(), data=frozenset(approved))
    proof = LogProof(bundle=_bundle(export, size, signed[-1]), log=log, witnesses=witnesses, asked=True)
    return replace(
        trusted,
        fingerprints=_fingerprints(signed),
        moments={e["p"]["role"]: datetime.fromisoformat(e["p"]["signed_at"]) for _, _, e in signed},
        files=frozenset({signed[-1][2]["p"]["pdf"]}),
        data=frozenset(approved),
        proof=proof if witnesses else replace(proof, asked=False),
    )


def _fingerprints(signed: Sequence[Found]) -> dict[str, str]:
    return {entry["p"]["role"]: entry["p"]["fingerprint"] for _, _, entry in signed}


def _bundle(export: Export, size: int, found: Found) -> dict[str, Any]:
    position, leaf, _ = found
    path = [one.hex() for one in FolderSource(export).inclusion(position, size)]
    proof = {"leaf": leaf, "position": position, "proof": path, "disclosed": {}}
    return {"format": "chibo-proof/1", "checkpoint": export.note(), "proofs": [proof]}
