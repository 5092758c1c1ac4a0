"""The places for signatures on an issued paper: whose they are, what is signed there, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from meetings.committees.powers import Part
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
from meetings.minutes.papers.records import Addendum, Convocation, Resolution
from meetings.minutes.records import Officer
from meetings.minutes.seating import OfPaper, field_of
from meetings.minutes.service.made import MinutesMoved, Signed
from meetings.minutes.service.signers import AlreadySigned, Seat
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
class PaperPlace:
    """A place on an issued paper. `part`: of an addendum, as in the minutes; None for the only one."""

    part: Part | None
    officer: Officer
    signed_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperLook:
    """An issued paper as its page shows it. No `places`: it is signed by hand only."""

    title: str
    kind: Numbered
    places: tuple[PaperPlace, ...]

    @property
    def signed_at(self) -> datetime | None:
        """When the last of them signed; None while one is missing."""
        moments = [one.signed_at for one in self.places]
        known = [one for one in moments if one is not None]
        return known[-1] if known and len(known) == len(moments) else None

    @property
    def next(self) -> PaperPlace | None:
        """Whose turn it is."""
        return next((one for one in self.places if one.signed_at is None), None)


async def paper_seat(uow: UnitOfWork, sitting: AnySitting, actor: Actor, place: OfPaper) -> Seat:
    """Where and what the asker would sign; printed with its fields when it is signed first. Raises NoSuchPaper,
    NotYourPaper, SignedByHand, AlreadySigned."""
    issued = await issued_in(uow, sitting.id, place.paper)
    officers = _officers(issued)
    if not officers:
        raise SignedByHand
    officer = officers.get(place.part)
    if officer is None or actor.member_in(sitting.cell) != officer.member:
        raise NotYourPaper
    if field_of(place) in await signed_places(uow, place.paper):
        raise AlreadySigned
    before = await newest_file(uow, place.paper)
    return Seat(
        role=field_of(place),
        name=officer.name,
        position=_POSITIONS[place.part] if place.part else officer.position,
        over=before or sha256_hex(issued.data),
        pdf=await files.read(uow, before) if before else b"",
        data=issued.data,
    )


def _officers(issued: IssuedPaper) -> dict[Part | None, Officer]:
    """By place, in the order of signing."""
    match facts := from_json(issued.data):
        case Addendum():
            return {Part.RECORDER: facts.recorder, Part.CHAIR: facts.chair}
        case Resolution() | Convocation():
            return {None: facts.paper.signer}
        case _:
            return {}


async def issued_in(uow: UnitOfWork, meeting: Id, paper: Id) -> IssuedPaper:
    """A paper of that meeting. Raises NoSuchPaper."""
    found = await paper_store.paper(uow.session, paper)
    if found is None or found.meeting != meeting:
        raise NoSuchPaper
    return found


async def keep_on_paper(
    uow: UnitOfWork, sitting: AnySitting, signed: Signed, paper: Id, signature: Signature
) -> Approved:
    """Keep the signature and its file, with its entry. The caller holds the meeting's lock. Raises MinutesMoved where
    the file is another by now."""
    issued = await issued_in(uow, sitting.id, paper)
    if signed.over != (await newest_file(uow, paper) or sha256_hex(issued.data)):
        raise MinutesMoved
    sha = await files.keep(uow, signed.pdf)
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


async def signed_places(uow: UnitOfWork, paper: Id) -> frozenset[str]:
    """The fields that are signed on that paper."""
    found = (await paper_signatures.of_papers(uow.session, [paper])).get(paper, ())
    return frozenset(one.role for one, _ in found)


async def newest_file(uow: UnitOfWork, paper: Id) -> str | None:
    """The hash of the file with the signatures so far; None: not signed by a key."""
    found = (await paper_signatures.of_papers(uow.session, [paper])).get(paper)
    return found[-1][1] if found else None


async def signed_file(uow: UnitOfWork, paper: Id) -> bytes | None:
    """The file with the signatures so far; None: not signed by a key."""
    newest = await newest_file(uow, paper)
    return None if newest is None else await files.read(uow, newest)


async def looks_in(uow: UnitOfWork, meeting: Id) -> dict[Id, PaperLook]:
    """By issued paper of the meeting."""
    issued = await paper_store.papers_of_meeting(uow.session, meeting)
    signed = await paper_signatures.of_papers(uow.session, [one.id for one in issued])
    return {one.id: _look(one, signed.get(one.id, ())) for one in issued}


def _look(issued: IssuedPaper, signed: tuple[tuple[Signature, str], ...]) -> PaperLook:
    moments = {one.role: one.at for one, _ in signed}
    places = tuple(
        PaperPlace(
            part=part, officer=officer, signed_at=moments.get(field_of(OfPaper(paper=issued.id, part=part)))
        )
        for part, officer in _officers(issued).items()
    )
    return PaperLook(title=title_of(issued), kind=issued.kind, places=places)


def title_of(issued: IssuedPaper) -> str:
    """As Nghị quyết số 05-NQ/CB."""
    number = f" số {issued.number_text}" if issued.number_text else ""
    return f"{_TITLES[issued.kind]}{number}"


_TITLES = {
    Numbered.CONVOCATION: "Giấy mời",
    Numbered.COUNTING: "Biên bản kiểm phiếu",
    Numbered.RESOLUTION: "Nghị quyết",
    Numbered.ADDENDUM: "Phụ lục biên bản",
}
_POSITIONS = {Part.RECORDER: "Thư ký", Part.CHAIR: "Chủ trì"}
