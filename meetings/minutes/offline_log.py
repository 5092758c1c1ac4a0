"""What an exported log knows of a meeting's minutes: for a verifier without the installation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from meetings.kernel.ids import Id
from meetings.ledger.offline import NOTE, Export, check_export, read_key, read_leaf
from meetings.ledger.witness import FolderSource
from meetings.minutes.log_proof import FILED_PAPER, KnownPapers, LogProof, filed_papers
from meetings.minutes.work import Known

Found = tuple[int, str, Mapping[str, Any]]


def known_from_export(
    export: Export,
    log: str,
    witnesses: tuple[str, ...],
    meeting: Id | None,
    trusted: Known,
    *,
    paper: bytes | None = None,
) -> Known:
    """`trusted` with the files, data and certificates that the whole, checked log names for the meeting; with `paper`,
    the attached data of another paper, only whether the log names that.

    Raises Unsound where the log does not hold.
    """
    size = check_export(export, read_key(log, NOTE)).size
    every = ((at, leaf.decode(), read_leaf(leaf)) for at, leaf in enumerate(export.leaves(size)))
    if paper is not None:
        return replace(trusted, papers=_papers(export, size, every, (log, witnesses), paper))
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


def _papers(
    export: Export, size: int, every: Iterable[Found], judges: tuple[str, tuple[str, ...]], paper: bytes
) -> KnownPapers:
    digest, (log, witnesses) = sha256(paper).hexdigest(), judges
    mine = [one for one in every if one[2]["p"].get("data") == digest]
    found = [one for one in mine if one[2]["act"] == "papers.issue"]
    if not found:
        return KnownPapers(hashes=frozenset())

    def proof(of: Found) -> LogProof:
        return LogProof(bundle=_bundle(export, size, of), log=log, witnesses=witnesses, asked=bool(witnesses))

    filed = [one for one in mine if one[2]["act"] in FILED_PAPER]
    signed, stamped = filed_papers(one[2] for one in filed)
    return KnownPapers(
        hashes=frozenset({digest}),
        proofs={digest: proof(found[0]), **{one[2]["p"]["pdf"]: proof(one) for one in filed}},
        signed=signed,
        stamped=stamped,
    )


def _fingerprints(signed: Sequence[Found]) -> dict[str, str]:
    return {entry["p"]["role"]: entry["p"]["fingerprint"] for _, _, entry in signed}


def _bundle(export: Export, size: int, found: Found) -> dict[str, Any]:
    position, leaf, _ = found
    path = [one.hex() for one in FolderSource(export).inclusion(position, size)]
    proof = {"leaf": leaf, "position": position, "proof": path, "disclosed": {}}
    return {"format": "chibo-proof/1", "checkpoint": export.note(), "proofs": [proof]}
