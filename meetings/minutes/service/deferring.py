"""Signatures by keys that are not here: prepared, shown, signed elsewhere, checked, kept once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from meetings.committees.powers import Act as Power
from meetings.convening import service as convening
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.clock import real_now
from meetings.kernel.errors import Conflict, NotFound
from meetings.kernel.ids import Id, new_id
from meetings.minutes import pending_store, store
from meetings.minutes.authority import der_of
from meetings.minutes.deferred import DeferredPen, Filling, Prepared
from meetings.minutes.deferred_work import complete, prepare
from meetings.minutes.pending_store import Pending
from meetings.minutes.ports import Workshop
from meetings.minutes.seating import OfPaper, Seating, field_of
from meetings.minutes.service.house import MinutesService
from meetings.minutes.service.made import Signed
from meetings.minutes.service.paper_seats import signed_places
from meetings.minutes.service.signers import AlreadySigned, KeyChanged, NoSigningKey, Seat
from meetings.minutes.signature_class import KeyHome
from meetings.minutes.store import Approved

WAITS = timedelta(minutes=30)  # signing.md 2.5


class KeptHere(Conflict):
    """The asker's key is on the server: it signs with the passphrase."""

    code = "key-kept-here"
    message = "Khóa ký của đồng chí lưu trên máy chủ: xin ký bằng mật khẩu, hoặc tạo khóa trên máy này."


class NoSuchPending(NotFound):
    """Nothing of this id waits for the asker: it was prepared anew elsewhere, or forgotten."""

    code = "no-such-pending-signature"
    message = (
        "Lần chuẩn bị ký này không còn: đã được chuẩn bị lại ở máy khác, hoặc đã quá lâu. Xin chuẩn bị lại."
    )


class PendingExpired(Conflict):
    """It waited too long."""

    code = "pending-signature-expired"
    message = "Tệp chuẩn bị để ký đã quá 30 phút. Chưa có gì được ký. Xin chuẩn bị lại."


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """A prepared signature that is not kept yet. `part`: in whose place; `key`: None for a token; the rest as
    in `Pending`."""

    meeting: Id
    part: Seating
    seat: Seat
    key: Id | None
    certificate: bytes
    chain: tuple[bytes, ...]
    kind: str
    prepared: Prepared


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A kept one, as the signer's device gets it, with the certificate (DER) that it is for."""

    pending: Pending
    der: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Finished:
    """A checked signature in its file, not kept yet."""

    id: Id
    signed: Signed


class DeferredSigning:
    """Beside `minutes`, which signs with keys kept here. `timestamp_url` as there."""

    def __init__(
        self, units: Units, workshop: Workshop, minutes: MinutesService, timestamp_url: str | None
    ) -> None:
        self._units, self._workshop, self._minutes = units, workshop, minutes
        self._timestamp_url = timestamp_url

    async def begin_ahead(self, asker: Asker, meeting: Id, part: Seating) -> Begun:
        """The file with a hole for the asker's signature; keeps nothing. Raises as `MinutesService.place`, KeptHere,
        OutOfTurn, FontMissing."""
        place = await self._minutes.place(asker, meeting, part)
        if place.key.home is KeyHome.SERVER:
            raise KeptHere
        chain, kind = (await self._minutes.keys.root(),), place.key.home.kind.said()
        return await self.prepared(
            place.seat, meeting, part, place.key.certificate, chain=chain, kind=kind, key=place.key.id
        )

    async def prepared(
        self,
        seat: Seat,
        meeting: Id,
        part: Seating,
        certificate: bytes,
        *,
        chain: tuple[bytes, ...],
        kind: str,
        key: Id | None,
    ) -> Begun:
        """The file with a hole for a signature under that certificate (PEM). Raises OutOfTurn, FontMissing."""
        pen = DeferredPen(
            role=seat.role,
            name=seat.name,
            position=seat.position,
            kind=kind,
            certificate=certificate,
            chain=chain,
            signed_at=real_now(),
        )
        made = await self._workshop.do(prepare, await self._minutes.printed(seat), pen)
        return Begun(
            meeting=meeting,
            part=part,
            seat=seat,
            key=key,
            certificate=certificate,
            chain=chain,
            kind=kind,
            prepared=made,
        )

    async def begin(self, asker: Asker, begun: Begun) -> Waiting:
        """Let it wait for the asker's device; an earlier one for the same place goes. Raises KeyChanged,
        AlreadySigned."""
        async with self._units.begin() as uow:
            await convening.allow_in(uow, asker, Power.VIEW_CELL, begun.meeting, lock=True)
            await self.check_free(uow, begun.meeting, begun.part)
            await self._same_key(uow, asker, begun.key)
            pending = Pending(
                id=new_id(),
                meeting=begun.meeting,
                role=begun.seat.role,
                person=asker.person,
                key=begun.key,
                certificate=begun.certificate,
                chain=begun.chain,
                kind=begun.kind,
                over=begun.seat.over,
                prepared=begun.prepared,
                expires_at=uow.now + WAITS,
                paper=begun.part.paper if isinstance(begun.part, OfPaper) else None,
            )
            await pending_store.drop_expired(uow.session, uow.now)
            await pending_store.put(uow.session, pending)
            return Waiting(pending=pending, der=der_of(begun.certificate))

    async def file(self, asker: Asker, meeting: Id, id_: Id) -> bytes:
        """The prepared file, for whom it was prepared. Raises NoSuchPending, PendingExpired, AlreadySigned."""
        async with self._units.read() as uow:
            await convening.allow_in(uow, asker, Power.VIEW_CELL, meeting)
            return (await self._waiting(uow, asker, meeting, id_)).prepared.pdf

    async def finish_ahead(self, asker: Asker, meeting: Id, id_: Id, signature: bytes) -> Finished:
        """The file with this signature, checked; keeps nothing. Raises WrongSignature, SpoiledPending, KeyChanged,
        NoSuchPending, PendingExpired, AlreadySigned."""
        pending = await self.waiting(asker, meeting, id_)
        filling = Filling(
            role=pending.role,
            certificate=pending.certificate,
            chain=pending.chain,
            signature=signature,
            timestamp_url=self._timestamp_url,
        )
        pdf = await self._workshop.do(complete, pending.prepared, filling)
        signed = Signed(
            meeting=meeting,
            part=pending.seating,
            key=pending.key,
            certificate=pending.certificate,
            over=pending.over,
            pdf=pdf,
        )
        return Finished(id=id_, signed=signed)

    async def waiting(self, asker: Asker, meeting: Id, id_: Id) -> Pending:
        """What waits for the asker under this id. Raises KeyChanged, NoSuchPending, PendingExpired, AlreadySigned."""
        async with self._units.read() as uow:
            await convening.allow_in(uow, asker, Power.VIEW_CELL, meeting)
            pending = await self._waiting(uow, asker, meeting, id_)
            await self._same_key(uow, asker, pending.key)
            return pending

    async def finish(self, asker: Asker, finished: Finished) -> Approved:
        """Keep it, once. Of two devices that finish, the first is kept and the other told. Raises AlreadySigned,
        NoSuchPending, PendingExpired, KeyChanged, MinutesMoved."""
        meeting = finished.signed.meeting
        async with self._units.begin() as uow:
            await convening.allow_in(uow, asker, Power.VIEW_CELL, meeting, lock=True)
            await self._waiting(uow, asker, meeting, finished.id)
            await self._same_key(uow, asker, finished.signed.key)
            await pending_store.drop(uow.session, finished.id)
            return await self._minutes.keep_signed(asker, finished.signed)

    async def _waiting(self, uow: UnitOfWork, asker: Asker, meeting: Id, id_: Id) -> Pending:
        found = await pending_store.pending(uow.session, id_)
        if found is None or found.meeting != meeting or found.person != asker.person:
            signed = await store.signatures(uow.session, meeting)
            raise AlreadySigned if any(one.person == asker.person for one in signed) else NoSuchPending
        await self.check_free(uow, meeting, found.seating)
        if found.expires_at <= uow.now:
            raise PendingExpired
        return found

    async def check_free(self, uow: UnitOfWork, meeting: Id, part: Seating) -> None:
        """Raises AlreadySigned."""
        if isinstance(part, OfPaper):
            taken = await signed_places(uow, part.paper)
        else:
            taken = frozenset(one.role for one in await store.signatures(uow.session, meeting))
        if field_of(part) in taken:
            raise AlreadySigned

    async def _same_key(self, uow: UnitOfWork, asker: Asker, key: Id | None) -> None:
        """The asker's key is still that one; a token's is not kept here. Raises KeyChanged."""
        if key is None:
            return
        try:
            held = await self._minutes.keys.held(uow, asker.person)
        except NoSigningKey:
            raise KeyChanged from None
        if held.id != key:
            raise KeyChanged
