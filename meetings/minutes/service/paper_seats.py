"""The place for a signature on an issued paper: whose it is, what is signed there, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from meetings.committees.rules import Actor
from meetings.convening.rules import AnySitting
from meetings.db.unit import UnitOfWork
from meetings.kernel.errors import Conflict, Forbidden, NotFound
from meetings.kernel.ids import Id, new_id
from meetings.ledger import files
from meetings.ledger.rules import Act
from meetings.ledger.service import record
from meetings.minutes import paper_signatures, paper_store
from meetings.minutes.ink import sha256_hex
from meetings.minutes.numbering import IssuedPaper, Numbered
from meetings.minutes.papers.reading import from_json
from meetings.minutes.papers.records import Convocation, Resolution
from meetings.minutes.records import Officer
from meetings.minutes.seating import SIGNER_FIELD
from meetings.minutes.service.signers import Seat
from meetings.minutes.store import Approved, Signature


class NoSuchPaper(NotFound):
    """No such issued paper, or the asker may not know of it."""

    code = "no-such-paper"
    message = "Không có văn bản này."


class NotYourPaper(Forbidden):
    """Only whoever is named under the paper signs it."""

    code = "not-your-paper"
    message = "Chỉ đồng chí có tên ở chỗ ký mới ký văn bản này."


class SignedByHand(Conflict):
    """Counting-board minutes: the whole board signs on paper; their data hold names, no members (decision 0161)."""

    code = "signed-by-hand-only"
    message = "Biên bản kiểm phiếu do cả ban ký tay trên giấy, không ký bằng khóa."


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperLook:
    """An issued paper as its page shows it. `signer` None: it is signed by hand only."""

    title: str
    signer: Officer | None
    signed_at: datetime | None


async def paper_seat(uow: UnitOfWork, sitting: AnySitting, actor: Actor, paper: Id) -> Seat:
    """Where and what the asker would sign; printed with its field when it is signed. Raises NoSuchPaper, NotYourPaper,
    SignedByHand."""
    issued = await issued_in(uow, sitting.id, paper)
    facts = from_json(issued.data)
    if not isinstance(facts, Resolution | Convocation):
        raise SignedByHand
    signer = facts.paper.signer
    if actor.member_in(sitting.cell) != signer.member:
        raise NotYourPaper
    return Seat(
        role=SIGNER_FIELD,
        name=signer.name,
        position=signer.position,
        over=sha256_hex(issued.data),
        pdf=b"",
        data=issued.data,
    )


async def issued_in(uow: UnitOfWork, meeting: Id, paper: Id) -> IssuedPaper:
    """A paper of that meeting. Raises NoSuchPaper."""
    found = await paper_store.paper(uow.session, paper)
    if found is None or found.meeting != meeting:
        raise NoSuchPaper
    return found


async def keep_on_paper(
    uow: UnitOfWork, sitting: AnySitting, paper: Id, signature: Signature, pdf: bytes
) -> Approved:
    """Keep the signature and its file, with its entry. The caller holds the meeting's lock and saw the place free."""
    issued = await issued_in(uow, sitting.id, paper)
    sha = await files.keep(uow, pdf)
    made = new_id()
    await paper_signatures.add(uow.session, paper, made, signature, sha)
    said = {
        "role": signature.role,
        "pdf": sha,
        "data": sha256_hex(issued.data),
        "fingerprint": signature.fingerprint,
        "signed_at": signature.signed_at.isoformat(),
    }
    act = Act(
        cell=sitting.cell,
        name="papers.sign",
        actor=signature.person,
        meeting=sitting.id,
        subject=made,
        public=said,
    )
    await record(uow, act)
    return Approved(meeting=sitting.id, at=issued.at, by=issued.by, data=issued.data, printed=sha, pdf=sha)


async def signature_on(uow: UnitOfWork, paper: Id) -> Signature | None:
    """The one on that paper."""
    found = (await paper_signatures.of_papers(uow.session, [paper])).get(paper)
    return found[0] if found else None


async def signed_file(uow: UnitOfWork, paper: Id) -> bytes | None:
    """The signed file of a paper; None: not signed by a key."""
    found = (await paper_signatures.of_papers(uow.session, [paper])).get(paper)
    if found is None:
        return None
    return await files.read(uow, found[1])


async def looks_in(uow: UnitOfWork, meeting: Id) -> dict[Id, PaperLook]:
    """By issued paper of the meeting."""
    issued = await paper_store.papers_of_meeting(uow.session, meeting)
    signed = await paper_signatures.of_papers(uow.session, [one.id for one in issued])
    return {one.id: _look(one, signed.get(one.id)) for one in issued}


def _look(issued: IssuedPaper, signed: tuple[Signature, str] | None) -> PaperLook:
    facts = from_json(issued.data)
    by_key = isinstance(facts, Resolution | Convocation)
    return PaperLook(
        title=title_of(issued),
        signer=facts.paper.signer if by_key else None,
        signed_at=signed[0].at if signed else None,
    )


def title_of(issued: IssuedPaper) -> str:
    """As Nghị quyết số 05-NQ/CB."""
    number = f" số {issued.number_text}" if issued.number_text else ""
    return f"{_TITLES[issued.kind]}{number}"


_TITLES = {
    Numbered.CONVOCATION: "Giấy mời",
    Numbered.COUNTING: "Biên bản kiểm phiếu",
    Numbered.RESOLUTION: "Nghị quyết",
}
