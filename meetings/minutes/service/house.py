"""The life of minutes: they grow, are approved, signed by keys or in ink, and verified."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from meetings.committees.powers import Act as Power
from meetings.committees.powers import Part
from meetings.convening import service as convening
from meetings.convening.rules import AnySitting
from meetings.convening.states import may_minute, may_sign
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.clock import real_now
from meetings.kernel.errors import Forbidden
from meetings.kernel.ids import Id, new_id
from meetings.ledger import files
from meetings.ledger.rules import Act
from meetings.ledger.service import record
from meetings.minutes import paper_store, store, work
from meetings.minutes.archive_store import files_before
from meetings.minutes.authority import ends, fingerprint
from meetings.minutes.facts import check, to_bytes
from meetings.minutes.ink import InkRecord, sha256_hex
from meetings.minutes.listed import Listed
from meetings.minutes.ports import Workshop
from meetings.minutes.reading import from_json
from meetings.minutes.records import Minutes, MinutesFacts, Officer
from meetings.minutes.seating import OfPaper, Seating, field_of
from meetings.minutes.service.addenda import added_to
from meetings.minutes.service.by_hand import OnPaper, as_recorded, keep_ink, witness_of
from meetings.minutes.service.gathering import Form, gather
from meetings.minutes.service.made import Believed, MinutesMoved, NoMinutes, Printed, Signed, Standing
from meetings.minutes.service.paper_seats import keep_on_paper, paper_seat
from meetings.minutes.service.recorded import known_papers, meeting_about, proof_of_file
from meetings.minutes.service.signers import CertificateEnded, Place, Seat, SigningKeys, wrapped_here
from meetings.minutes.service.words import Written, write
from meetings.minutes.store import Approved, Signature
from meetings.minutes.verification import Report, signed_by_hand
from meetings.minutes.work import Known, Pen


class NotYourPart(Forbidden):
    """Only the named chair and recorder sign, each in their own place."""

    code = "not-your-part"
    message = "Chỉ thư ký và chủ trì của buổi họp mới ký biên bản này, mỗi người ở chỗ của mình."


class MinutesService:
    """`form` is what the printed form needs; `timestamp_url` an RFC 3161 authority or none."""

    def __init__(
        self,
        units: Units,
        workshop: Workshop,
        keys: SigningKeys,
        *,
        form: Form,
        timestamp_url: str | None,
        believed: Believed | None = None,
    ) -> None:
        self._units, self._workshop, self.keys = units, workshop, keys
        self._form, self._timestamp_url = form, timestamp_url
        self._believed = believed or Believed()

    @property
    def believes_stamps(self) -> bool:
        """Whether a time-stamp authority is named by whose root stamps are judged."""
        return self._believed.stamps is not None

    async def authorities(self) -> tuple[Listed, ...]:
        """The believed authorities outside this installation, as their list stands now."""
        return await asyncio.to_thread(self._believed.authorities.read)

    async def look(self, asker: Asker, meeting: Id) -> Standing:
        """The minutes as they stand; a draft is gathered anew. Raises NoSuchMeeting."""
        async with self._units.read() as uow:
            sitting, _ = await convening.allow_in(uow, asker, Power.VIEW_CELL, meeting)
            approved = await store.approved(uow.session, meeting)
            texts = await store.texts(uow.session, meeting)
            minutes = from_json(approved.data) if approved else await self._draft(uow, sitting, texts)
            return Standing(
                sitting=sitting,
                minutes=minutes,
                texts=texts,
                writers=await store.writers(uow.session, meeting),
                approved=approved,
                signatures=tuple(await store.signatures(uow.session, meeting)),
                ink=await store.ink(uow.session, meeting),
            )

    async def _draft(self, uow: UnitOfWork, sitting: AnySitting, texts: Mapping[Id, str]) -> Minutes | None:
        if sitting.closed_at is None:
            return None
        facts = await gather(uow, sitting, form=self._form, fixed_at=None)
        return Minutes(facts=facts, texts=texts)

    async def write(
        self, asker: Asker, meeting: Id, item: Id, words: str, over: str | None = None
    ) -> Written:
        """The recorder's own words on an item; facts cannot be written. `over`: of the words that stood there when
        they were read; the same words again are no act.

        Raises TextsClosed, NoPower, NoSuchItem, WordsMoved.
        """
        return await write(self._units, asker, meeting, item, words, over)

    async def approve(self, asker: Asker, meeting: Id) -> Approved:
        """Approved in the meeting: printed and fixed. Raises NotClosed, MinutesMoved, FontMissing, NoParts."""
        return await self.keep_printed(asker, await self.print_ahead(asker, meeting))

    async def print_ahead(self, asker: Asker, meeting: Id) -> Printed:
        """The minutes as they would be approved now; keeps nothing. Raises as `approve`."""
        async with self._units.read() as uow:
            sitting, _ = await convening.allow_in(uow, asker, Power.MINUTES, meeting)
            may_minute(sitting)
            when = uow.now
            facts = await gather(uow, sitting, form=self._form, fixed_at=when)
            minutes = Minutes(facts=facts, texts=await store.texts(uow.session, meeting))
        check(minutes)
        data = to_bytes(minutes)
        pdf = await self._workshop.do(work.print_unsigned, data)
        return Printed(meeting=meeting, at=when, minutes=minutes, data=data, pdf=pdf)

    async def keep_printed(self, asker: Asker, printed: Printed) -> Approved:
        """Approve what was printed ahead. Raises MinutesMoved if it is no longer what would be printed."""
        meeting, data = printed.meeting, printed.data
        async with self._units.begin() as uow:
            sitting, actor = await convening.allow_in(uow, asker, Power.MINUTES, meeting, lock=True)
            may_minute(sitting)
            now = await gather(uow, sitting, form=self._form, fixed_at=printed.at)
            if not _same(now, printed.minutes.facts):
                raise MinutesMoved
            if await store.texts(uow.session, meeting) != dict(printed.minutes.texts):
                raise MinutesMoved
            sha = await files.keep(uow, printed.pdf)
            approved = Approved(
                meeting=meeting, at=printed.at, by=actor.person, data=data, printed=sha, pdf=sha
            )
            await store.approve(uow.session, approved)
            await convening.mark_minuted(uow, meeting)
            said = {"pdf": sha, "data": sha256_hex(data)}
            await record(uow, _act("minutes.approve", sitting, actor.person, said))
            return approved

    async def sign(self, asker: Asker, meeting: Id, part: Seating, passphrase: str) -> Approved:
        """Sign in one's own place with one's own key.

        Raises NoMinutes, NotYourPart, NoSigningKey, WrongPassphrase, OutOfTurn, MinutesMoved.
        """
        return await self.keep_signed(asker, await self.sign_ahead(asker, meeting, part, passphrase))

    async def sign_ahead(self, asker: Asker, meeting: Id, part: Seating, passphrase: str) -> Signed:
        """The file with the asker's signature; keeps nothing. Raises as `sign`, KeyElsewhere."""
        place = await self.place(asker, meeting, part)
        pen = Pen(
            role=place.seat.role,
            name=place.seat.name,
            position=place.seat.position,
            certificate=place.key.certificate,
            root=await self.keys.root(),
            wrapped_key=wrapped_here(place.key),
            passphrase=passphrase,
            signed_at=real_now(),
            timestamp_url=self._timestamp_url,
        )
        signed = await self._workshop.do(work.sign_pdf, await self.printed(place.seat), pen)
        return Signed(
            meeting=meeting,
            part=part,
            key=place.key.id,
            certificate=place.key.certificate,
            over=place.seat.over,
            pdf=signed,
        )

    async def printed(self, seat: Seat) -> bytes:
        """The file in which the seat is. Raises FontMissing."""
        return seat.pdf or await self._workshop.do(work.print_paper_to_sign, seat.data)

    async def place(self, asker: Asker, meeting: Id, part: Seating) -> Place:
        """Where, what and with which key the asker would sign. Raises NoMinutes, NotYourPart, NoSigningKey,
        CertificateEnded, NotMinuted."""
        async with self._units.read() as uow:
            seat = await self.seat(uow, asker, meeting, part)
            held = await self.keys.held(uow, asker.person)
            if ends(held.certificate) <= real_now():
                raise CertificateEnded
            return Place(seat=seat, key=held)

    async def seat(self, uow: UnitOfWork, asker: Asker, meeting: Id, part: Seating) -> Seat:
        """Where and what the asker would sign. Raises NoMinutes, NotYourPart, NotMinuted, NoSuchMeeting; of another
        paper as `paper_seat`."""
        sitting, actor = await convening.allow_in(uow, asker, Power.VIEW_CELL, meeting)
        if isinstance(part, OfPaper):
            return await paper_seat(uow, sitting, actor, part)
        may_sign(sitting)
        approved = await self._approved(uow, meeting)
        officer = _officer(from_json(approved.data).facts, part)
        if actor.member_in(sitting.cell) != officer.member:
            raise NotYourPart
        return Seat(
            role=field_of(part),
            name=officer.name,
            position="Thư ký" if part is Part.RECORDER else "Chủ trì",
            over=approved.pdf,
            pdf=await files.read(uow, approved.pdf),
        )

    async def keep_signed(self, asker: Asker, signed: Signed) -> Approved:
        """Keep what was signed ahead. Raises MinutesMoved if the file or the key is another by now."""
        async with self._units.begin() as uow:
            sitting, actor = await convening.allow_in(uow, asker, Power.VIEW_CELL, signed.meeting, lock=True)
            if signed.key is not None and (await self.keys.held(uow, actor.person)).id != signed.key:
                raise MinutesMoved
            one = Signature(
                role=field_of(signed.part),
                person=actor.person,
                fingerprint=fingerprint(signed.certificate),
                at=uow.now,
                signed_at=real_now().replace(microsecond=0),  # as fine as lists of revocations are
            )
            if isinstance(signed.part, Part):
                return await self._keep_in_minutes(uow, sitting, one, signed)
            return await keep_on_paper(uow, sitting, signed, signed.part.paper, one)

    async def _keep_in_minutes(
        self, uow: UnitOfWork, sitting: AnySitting, one: Signature, signed: Signed
    ) -> Approved:
        now = await self._approved(uow, sitting.id, lock=True)
        if now.pdf != signed.over:
            raise MinutesMoved
        sha = await files.keep(uow, signed.pdf)
        await store.add_signature(uow.session, sitting.id, new_id(), one, sha)
        said = {
            "role": one.role,
            "pdf": sha,
            "fingerprint": one.fingerprint,
            "signed_at": one.signed_at.isoformat(),
        }
        await record(uow, _act("minutes.sign", sitting, one.person, said))
        if len(await store.signatures(uow.session, sitting.id)) == len(Part):
            await convening.mark_signed(uow, sitting.id)
        return replace(now, pdf=sha)

    async def sign_in_ink(
        self, asker: Asker, meeting: Id, scan: bytes, witness: Id | None = None
    ) -> InkRecord:
        """The scan of the printed minutes, signed by hand. `witness`: the member who compared scan and paper,
        and who needs no account; without one the asker.

        Raises NoMinutes, ScanTooLarge, NotAScan, OwnWitness, NotOfThisCell, NoPower.
        """
        async with self._units.begin() as uow:
            sitting, actor = await convening.allow_in(uow, asker, Power.ENTER_LATE, meeting, lock=True)
            may_sign(sitting)
            approved = await self._approved(uow, meeting, lock=True)
            facts = from_json(approved.data).facts
            paper = OnPaper(
                about=meeting,
                printed=approved.printed,
                data=approved.data,
                signers=(facts.recorder.member, facts.chair.member),
            )
            ink = await keep_ink(uow, sitting, paper, scan, await witness_of(uow, sitting, actor, witness))
            await convening.mark_signed(uow, meeting)
            said = {"scan": ink.scan, "printed": approved.printed, "record": ink.fingerprint()}
            await record(uow, _act("minutes.ink", sitting, actor.person, said))
            return ink

    async def pdf(self, asker: Asker, meeting: Id) -> bytes:
        """The newest file. Raises NoMinutes, NoSuchMeeting."""
        async with self._units.read() as uow:
            await convening.allow_in(uow, asker, Power.VIEW_CELL, meeting)
            return await files.read(uow, (await self._approved(uow, meeting)).pdf)

    async def html(self, asker: Asker, meeting: Id) -> str:
        """The minutes as a page body, after the addenda to them; before approval, the draft. Raises NoMinutes,
        NoSuchMeeting."""
        async with self._units.read() as uow:
            standing = await self.look(asker, meeting)
            added = await added_to(uow, meeting)
        if standing.minutes is None:
            raise NoMinutes
        signed = standing.ink is not None or len(standing.signatures) == len(Part)
        beside = tuple(one.beside for one in added)
        return await self._workshop.do(work.make_html, to_bytes(standing.minutes), beside, signed=signed)

    async def verify(self, pdf: bytes, meeting: Id | None = None) -> Report:
        """All nine rules, with what this installation knows of that meeting; of minutes signed by hand, whether
        paper and scan are those recorded."""
        known, by_hand = await self.evidence(pdf, meeting)
        report = await self._workshop.do(work.verify_pdf, pdf, known)
        return report if by_hand is None else signed_by_hand(report, same=by_hand)

    async def evidence(self, pdf: bytes, meeting: Id | None) -> tuple[Known, bool | None]:
        """What this installation knows of that meeting; and, of minutes signed by hand, whether this file and its scan
        are those recorded."""
        trusted = await self.keys.trusted()
        known = Known(
            root=trusted.root,
            crl=trusted.crl,
            stamps=self._believed.stamps,
            listed=await self.authorities(),
        )
        if meeting is None:
            return known, None
        async with self._units.read() as uow:
            meeting = await meeting_about(uow, meeting)
            known = await self._known(uow, meeting, known, sha256_hex(pdf))
            return known, await as_recorded(uow, meeting, pdf)

    async def knows(self, meeting: Id) -> bool:
        """Whether approved minutes or issued papers of that meeting, or vote, are kept here."""
        async with self._units.read() as uow:
            issued = await paper_store.meeting_of(uow.session, meeting)
            return issued is not None or await store.approved(uow.session, meeting) is not None

    async def _known(self, uow: UnitOfWork, meeting: Id, known: Known, file: str) -> Known:
        approved = await store.approved(uow.session, meeting)
        data, believed = approved.data if approved else None, self._believed
        papers = await known_papers(uow, meeting, data, believed.log, believed.witnesses)
        if approved is None:
            return replace(known, papers=papers)
        files = frozenset({approved.pdf, *await files_before(uow.session, meeting)})
        signatures = await store.signatures(uow.session, meeting)
        return replace(
            known,
            papers=papers,
            fingerprints={s.role: s.fingerprint for s in signatures},
            moments={s.role: s.signed_at for s in signatures},
            files=files,
            data=frozenset({sha256_hex(approved.data)}),
            proof=await proof_of_file(
                uow, meeting, file if file in files else approved.pdf, believed.log, believed.witnesses
            ),
        )

    async def _approved(self, uow: UnitOfWork, meeting: Id, *, lock: bool = False) -> Approved:
        approved = await store.approved(uow.session, meeting, lock=lock)
        if approved is None:
            raise NoMinutes
        return approved


def _same(now: MinutesFacts, before: MinutesFacts) -> bool:
    """The ledger may have grown meanwhile; what the minutes state may not have changed."""
    return replace(now, head=before.head, sources=before.sources, mark=before.mark) == before


def _officer(facts: MinutesFacts, part: Part) -> Officer:
    return facts.chair if part is Part.CHAIR else facts.recorder


def _act(name: str, sitting: AnySitting, person: Id, public: Mapping[str, Any]) -> Act:
    return Act(cell=sitting.cell, name=name, actor=person, meeting=sitting.id, public=public)
