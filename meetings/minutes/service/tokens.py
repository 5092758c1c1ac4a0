"""Signatures by a USB token: a program beside the token acts for whoever got a code on the page of signing, once.

The token's certificate comes from outside: an authority of the list must have issued it, to the very person.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from meetings.convening import service as convening
from meetings.db.unit import Units
from meetings.kernel.asker import Asker
from meetings.kernel.clock import real_now
from meetings.kernel.errors import Conflict, NotFound
from meetings.kernel.ids import Id
from meetings.minutes import code_store
from meetings.minutes.code_store import Errand
from meetings.minutes.foreign import AnothersCertificate, BadCertificate
from meetings.minutes.listed import Listed, same_name
from meetings.minutes.ports import Workshop
from meetings.minutes.seating import OfPaper, Seating
from meetings.minutes.service.deferring import Begun, DeferredSigning, Finished, Waiting
from meetings.minutes.service.house import MinutesService
from meetings.minutes.service.paper_seats import issued_in, title_of
from meetings.minutes.service.signers import Seat
from meetings.minutes.store import Approved
from meetings.minutes.token_work import fit_to_sign

CODE_LASTS = timedelta(minutes=15)
_GROUPS = 3  # of four digits: a trillion codes, and few tries a minute
MOST_ABOVE = 6  # certificates sent beside the signer's


class NoAuthorities(Conflict):
    """No list of authorities is set: nothing can be signed with a token here."""

    code = "no-authorities"
    message = "Máy chủ này chưa cài danh sách nơi cấp chữ ký số, nên chưa ký bằng USB token được."


class NoSuchCode(NotFound):
    """The code is wrong, too old, or was replaced by a newer one."""

    code = "no-such-signing-code"
    message = "Mã ký không đúng hoặc đã quá 15 phút. Xin bấm lấy mã mới trên trang ký."


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    """A code as shown, in groups of four digits."""

    code: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenWaiting:
    """What the program beside the token shows and signs. `title`: of the sitting, or of the paper;
    `role`: the place; `name`: whose."""

    waiting: Waiting
    title: str
    name: str
    position: str


class TokenSigning:
    """Over `deferred`, with certificates from outside."""

    def __init__(
        self, units: Units, workshop: Workshop, minutes: MinutesService, deferred: DeferredSigning
    ) -> None:
        self._units, self._workshop = units, workshop
        self._minutes, self._deferred = minutes, deferred

    async def offered(self) -> bool:
        """Whether any authority is believed today."""
        return any(one.in_force(real_now()) for one in await self._minutes.authorities())

    async def open_code(self, asker: Asker, meeting: Id, part: Seating) -> Code:
        """A code for the asker's place; an earlier one for it no longer works. Raises NoAuthorities, AlreadySigned,
        NoMinutes, NotYourPart, NotMinuted."""
        offered = await self.offered()
        code = " ".join(f"{secrets.randbelow(10_000):04d}" for _ in range(_GROUPS))
        async with self._units.begin() as uow:
            await self._minutes.seat(uow, asker, meeting, part)
            if not offered:
                raise NoAuthorities
            await self._deferred.check_free(uow, meeting, part)
            until = uow.now + CODE_LASTS
            made = Errand(meeting=meeting, part=part, asker=asker, pending=None, expires_at=until)
            await code_store.drop_expired(uow.session, uow.now)
            await code_store.put(uow.session, code, made)
        return Code(code=code, expires_at=until)

    async def begin_ahead(self, code: str, certificate: bytes, above: tuple[bytes, ...]) -> Begun:
        """The file with a hole for a signature under this certificate (DER; `above`: its issuers). Keeps nothing.
        Raises NoSuchCode, AlreadySigned, BadCertificate, AnothersCertificate, UnfitKey, NotInForce, Untrusted,
        TakenBack, NoRevocations, OutOfTurn."""
        leaf, chain = _pem(certificate), tuple(_pem(one) for one in above[:MOST_ABOVE])
        errand, seat = await self._seat(code)
        if not same_name(_name(leaf), seat.name):
            raise AnothersCertificate
        listed = await self._fit(leaf, chain)
        kind = listed.kind.said(listed.name)
        return await self._deferred.prepared(
            seat,
            errand.meeting,
            errand.part,
            leaf,
            chain=(*chain, *listed.between, *listed.roots),
            kind=kind,
            key=None,
        )

    async def begin(self, code: str, begun: Begun) -> TokenWaiting:
        """Let it wait for the token. Raises NoSuchCode, AlreadySigned."""
        async with self._units.begin() as uow:
            errand = await self._errand(code)
            waiting = await self._deferred.begin(errand.asker, begun)
            await code_store.point_to(uow.session, code, waiting.pending.id)
            title = (await convening.sitting(uow, errand.meeting)).title
            if isinstance(errand.part, OfPaper):
                title = title_of(await issued_in(uow, errand.meeting, errand.part.paper))
        seat = begun.seat
        return TokenWaiting(waiting=waiting, title=title, name=seat.name, position=seat.position)

    async def finish_ahead(self, code: str, signature: bytes) -> Finished:
        """The file with this signature, checked, and the certificate once more; keeps nothing. Raises as `begin_ahead`,
        WrongSignature, SpoiledPending, NoSuchPending, PendingExpired."""
        errand = await self._errand(code)
        if errand.pending is None:
            raise NoSuchCode
        pending = await self._deferred.waiting(errand.asker, errand.meeting, errand.pending)
        await self._fit(pending.certificate, pending.chain)
        return await self._deferred.finish_ahead(errand.asker, errand.meeting, errand.pending, signature)

    async def finish(self, code: str, finished: Finished) -> Approved:
        """Keep it, once. Raises NoSuchCode, AlreadySigned, NoSuchPending, PendingExpired, MinutesMoved."""
        errand = await self._errand(code)
        return await self._deferred.finish(errand.asker, finished)

    async def _fit(self, certificate: bytes, chain: tuple[bytes, ...]) -> Listed:
        listed = await self._minutes.authorities()
        return await self._workshop.do(fit_to_sign, certificate, chain, listed, real_now())

    async def _seat(self, code: str) -> tuple[Errand, Seat]:
        errand = await self._errand(code)
        async with self._units.read() as uow:
            seat = await self._minutes.seat(uow, errand.asker, errand.meeting, errand.part)
            await self._deferred.check_free(uow, errand.meeting, errand.part)
            return errand, seat

    async def _errand(self, code: str) -> Errand:
        async with self._units.read() as uow:
            found = await code_store.errand(uow.session, code)
            if found is None or found.expires_at <= uow.now:
                raise NoSuchCode
            return found


def _pem(der: bytes) -> bytes:
    try:
        return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)
    except ValueError:
        raise BadCertificate from None


def _name(certificate: bytes) -> str:
    try:
        subject = x509.load_pem_x509_certificate(certificate).subject
    except ValueError:
        raise BadCertificate from None
    names = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""
