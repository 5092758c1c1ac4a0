"""The places for signatures on an issued paper: whose they are, what is signed there, and what is kept of it."""

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
from meetings.minutes import archive_store, paper_signatures, paper_store, store
from meetings.minutes.ink import sha256_hex
from meetings.minutes.numbering import IssuedPaper, PaperKind
from meetings.minutes.paper_signatures import Step
from meetings.minutes.papers.places import places_of, position_at
from meetings.minutes.papers.reading import from_json
from meetings.minutes.papers.titles import title_in
from meetings.minutes.records import Officer
from meetings.minutes.seating import OfPaper, role_of
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
    """Signed on paper, and the scan kept: keys add nothing to it."""

    code = "signed-by-hand"
    message = "Văn bản này đã ký tay trên giấy, có bản chụp, nên không ký bằng khóa nữa."


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperPlace:
    """A place on an issued paper. `role`: what pages and programs call it; `position`: in which capacity."""

    role: str
    position: str
    officer: Officer
    signed_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperLook:
    """An issued paper as its page shows it. `ink_at`: when the scan of what was signed by hand came."""

    issued: IssuedPaper
    title: str
    places: tuple[PaperPlace, ...]
    ink_at: datetime | None = None

    @property
    def kind(self) -> PaperKind:
        """What sort of paper."""
        return self.issued.kind

    @property
    def signed_at(self) -> datetime | None:
        """When the last of them signed, or the scan came; None while one is missing."""
        if self.ink_at is not None:
            return self.ink_at
        moments = [one.signed_at for one in self.places]
        known = [one for one in moments if one is not None]
        return known[-1] if known and len(known) == len(moments) else None

    @property
    def awaited(self) -> tuple[PaperPlace, ...]:
        """Whose signatures are missing, in order; of what was signed by hand none."""
        if self.ink_at is not None:
            return ()
        return tuple(one for one in self.places if one.signed_at is None)

    @property
    def next(self) -> PaperPlace | None:
        """Whose turn it is."""
        return next(iter(self.awaited), None)


async def paper_seat(uow: UnitOfWork, sitting: AnySitting, actor: Actor, place: OfPaper) -> Seat:
    """Where and what the asker would sign; printed with its fields when it is signed first. Raises NoSuchPaper,
    NotYourPaper, SignedByHand, AlreadySigned."""
    issued = await issued_in(uow, sitting.id, place.paper)
    officer = places_of(from_json(issued.data)).get(place.field)
    if officer is None or actor.member_in(sitting.cell) != officer.member:
        raise NotYourPaper
    if await store.ink(uow.session, place.paper) is not None:
        raise SignedByHand
    if place.field in await signed_places(uow, place.paper):
        raise AlreadySigned
    before = await newest_file(uow, place.paper)
    return Seat(
        role=place.field,
        name=officer.name,
        position=position_at(place.field, officer),
        over=before or sha256_hex(issued.data),
        pdf=await files.read(uow, before) if before else b"",
        data=issued.data,
    )


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
    if await store.ink(uow.session, paper) is not None:
        raise SignedByHand
    sha = await files.keep(uow, signed.pdf)
    made = new_id()
    places = list(places_of(from_json(issued.data)))
    step = Step(number=places.index(signature.role) + 1, of=len(places))
    await paper_signatures.add(uow.session, paper, made, signature, sha, step)
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
    """The hash of the file with the signatures so far, and stamps of the archive over them; None: not signed by a
    key."""
    if (stamp := await archive_store.newest_stamp(uow.session, paper)) is not None:
        return stamp.pdf
    found = (await paper_signatures.of_papers(uow.session, [paper])).get(paper)
    return found[-1][1] if found else None


async def is_signed(uow: UnitOfWork, paper: Id) -> bool:
    """Whether every place on that paper is signed by a key."""
    issued = await paper_store.paper(uow.session, paper)
    return issued is not None and await signed_places(uow, paper) == set(places_of(from_json(issued.data)))


async def signed_file(uow: UnitOfWork, paper: Id) -> bytes | None:
    """The file with the signatures so far; None: not signed by a key, or by hand after all."""
    if await store.ink(uow.session, paper) is not None:
        return None
    newest = await newest_file(uow, paper)
    return None if newest is None else await files.read(uow, newest)


async def looks_in(uow: UnitOfWork, meeting: Id) -> dict[Id, PaperLook]:
    """By issued paper of the meeting."""
    issued = await paper_store.papers_of_meeting(uow.session, meeting)
    papers = [one.id for one in issued]
    signed = await paper_signatures.of_papers(uow.session, papers)
    inked = await store.inked_at(uow.session, papers)
    return {one.id: _look(one, signed.get(one.id, ()), inked.get(one.id)) for one in issued}


def _look(
    issued: IssuedPaper, signed: tuple[tuple[Signature, str], ...], ink_at: datetime | None
) -> PaperLook:
    moments = {one.role: one.at for one, _ in signed}
    places = tuple(
        PaperPlace(
            role=role_of(field),
            position=position_at(field, officer),
            officer=officer,
            signed_at=moments.get(field),
        )
        for field, officer in places_of(from_json(issued.data)).items()
    )
    return PaperLook(issued=issued, title=title_of(issued), places=places, ink_at=ink_at)


def title_of(issued: IssuedPaper) -> str:
    """As Nghị quyết số 05-NQ/CB."""
    return title_in(from_json(issued.data))
