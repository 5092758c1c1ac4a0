"""The internal authority at work: it is founded, certifies, and says which certificates it took back.

Its key may be away (`chibo ca offline`): then requests wait, and the newest list stands until a new one is brought.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from meetings.db.unit import Units
from meetings.kernel.clock import real_now
from meetings.kernel.errors import NotFound
from meetings.kernel.ids import new_id
from meetings.minutes import certification_store, store
from meetings.minutes.authority import (
    Revoked,
    StoredAuthority,
    Subject,
    found_authority,
    open_authority,
    serial_of,
)
from meetings.minutes.certificate_request import requested_key
from meetings.minutes.certification_store import RevocationList
from meetings.minutes.keys import PersonKey, make_person_key
from meetings.minutes.ports import Workshop
from meetings.minutes.signature_class import KeyHome

LIST_LIFE = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Trusted:
    """What a verifier needs: the authority's certificate (PEM) and its list of certificates taken back (DER). No
    list: its key is away and never made one."""

    root: bytes
    crl: bytes | None


class NoList(NotFound):
    """No list was made yet: there is no authority, or its key is away."""

    code = "no-revocation-list"
    message = "Máy này chưa lập danh sách chứng thư bị thu hồi."


class AuthorityDesk:
    """`secret` opens the authority's key; it never leaves the workshop's call. `list_at`: the address of the list,
    written into certificates; empty: none."""

    def __init__(self, units: Units, workshop: Workshop, secret: str, list_at: str = "") -> None:
        self._units, self._workshop, self._secret = units, workshop, secret.encode()
        self._list_at = list_at

    async def stored(self) -> StoredAuthority:
        """The authority; founded when first asked for."""
        async with self._units.read() as uow:
            if (known := await store.authority(uow.session)) is not None:
                return known
        made = await self._workshop.do(found_authority, "Cơ quan chứng thực nội bộ", self._secret, real_now())
        async with self._units.begin() as uow:
            if (known := await store.authority(uow.session)) is not None:
                return known
            await store.found_authority(uow.session, made)
            return made

    async def founded(self) -> bool:
        """Whether this installation has an authority yet."""
        async with self._units.read() as uow:
            return await store.authority(uow.session) is not None

    async def certify(self, request: bytes, subject: Subject) -> bytes:
        """A certificate (PEM) for a device's key. Raises BadCertificateRequest, UnfitKey, AuthorityAway."""
        authority = await self.stored()
        return await self._workshop.do(
            certified, request, subject, authority, self._secret, real_now(), self._list_at
        )

    async def make_certified(self, passphrase: str, subject: Subject) -> tuple[PersonKey, bytes]:
        """A new key under a passphrase with its certificate (PEM). Raises WeakPassphrase, AuthorityAway."""
        authority = await self.stored()
        return await self._workshop.do(
            _make_certified, passphrase, subject, authority, self._secret, real_now(), self._list_at
        )

    async def trusted(self) -> Trusted:
        """The authority's certificate with a list that holds all that was taken back, where it can be signed."""
        authority = await self.stored()
        found, fresh, back = await self._list()
        if not fresh and authority.wrapped is not None:
            found = await self._sign_list(authority, back)
        return Trusted(root=authority.certificate, crl=found.content if found else None)

    async def published_list(self) -> bytes:
        """The list in force (DER), for anybody. Raises NoList."""
        await self.renew_list()
        async with self._units.read() as uow:
            found = await certification_store.newest_list(uow.session)
        if found is None:
            raise NoList
        return found.content

    async def renew_list(self) -> int:
        """Sign and keep a new list where the newest is old or lacks something; how many were made. May run at any
        time, also twice. A key that is away makes none."""
        if not await self.founded():
            return 0
        authority = await self.stored()
        _, fresh, back = await self._list()
        if fresh or authority.wrapped is None:
            return 0
        made = await self._sign_list(authority, back)
        async with self._units.begin() as uow:
            await certification_store.keep_list(uow.session, new_id(), made)
        return 1

    async def _list(self) -> tuple[RevocationList | None, bool, list[Revoked]]:
        async with self._units.read() as uow:
            found = await certification_store.newest_list(uow.session)
            back = [
                Revoked(serial=serial_of(certificate), since=since)
                for certificate, since in await store.revoked(uow.session)
            ]
        return found, found is not None and _is_fresh(found, back, real_now()), back

    async def _sign_list(self, authority: StoredAuthority, back: list[Revoked]) -> RevocationList:
        now = real_now()
        made = await self._workshop.do(list_revoked, authority, self._secret, back, now, now + LIST_LIFE)
        return RevocationList(made_at=now, until=now + LIST_LIFE, content=made)


def _is_fresh(found: RevocationList, back: list[Revoked], now: datetime) -> bool:
    """It holds all that was taken back, and half of its time is still to come."""
    half = found.made_at + (found.until - found.made_at) / 2
    return now < half and all(one.since <= found.made_at for one in back)


def certified(
    request: bytes, subject: Subject, authority: StoredAuthority, secret: bytes, now: datetime, list_at: str
) -> bytes:
    """The certificate that a request asks for. Raises BadCertificateRequest, UnfitKey, AuthorityAway,
    WrongPassphrase."""
    public = requested_key(request, subject.person)
    return open_authority(authority, secret).issue(subject, public, now, KeyHome.BROWSER, list_at)


def list_revoked(
    authority: StoredAuthority, secret: bytes, back: list[Revoked], now: datetime, until: datetime
) -> bytes:
    """A signed list. Raises AuthorityAway, WrongPassphrase."""
    return open_authority(authority, secret).revocations(back, now, until)


def _make_certified(
    passphrase: str, subject: Subject, authority: StoredAuthority, secret: bytes, now: datetime, list_at: str
) -> tuple[PersonKey, bytes]:
    key = make_person_key(passphrase, known=(subject.name,))  # first: a weak passphrase costs nothing
    issued = open_authority(authority, secret).issue(subject, key.public, now, KeyHome.SERVER, list_at)
    return key, issued
