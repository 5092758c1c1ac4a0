"""What the operator does with the internal authority: look, take its key away and back, answer requests, revoke."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from meetings.db.unit import Units
from meetings.kernel.clock import real_now
from meetings.kernel.errors import Conflict, NotFound
from meetings.kernel.ids import Id, new_id
from meetings.minutes import certification_store, store
from meetings.minutes.authority import (
    AuthorityAway,
    Revoked,
    StoredAuthority,
    Subject,
    UnfitKey,
    fingerprint,
    moved,
    serial_of,
)
from meetings.minutes.certification_store import Issued, RevocationList
from meetings.minutes.keys import open_secret
from meetings.minutes.ports import Workshop
from meetings.minutes.service.authority import certified, list_revoked
from meetings.minutes.service.signers import NotAMember, SigningKeys, device_key


class OtherAuthority(Conflict):
    """The file holds the key of another authority."""

    code = "other-authority"
    message = "Tệp khóa này không phải của cơ quan chứng thực đang dùng ở đây."


class AuthorityHere(Conflict):
    """The key is here already."""

    code = "authority-here"
    message = "Khóa cấp chứng thư đang ở trên máy này."


class NoSuchCertificate(NotFound):
    """No valid certificate, or several, begin with that fingerprint."""

    code = "no-such-certificate"
    message = "Không có đúng một chứng thư còn hiệu lực có dấu vân tay bắt đầu như vậy."


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorityStanding:
    """How the authority stands. `waiting`: requests; `listed`: until when the newest list is good."""

    certificate: bytes
    here: bool
    issued: tuple[Issued, ...]
    waiting: int
    listed: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """Of the requests that waited: how many got a certificate, how many could not."""

    issued: int
    refused: int


class Certifying:
    """Over `keys`; `secret` opens the authority's key where it is here."""

    def __init__(
        self, units: Units, workshop: Workshop, keys: SigningKeys, secret: str, list_at: str = ""
    ) -> None:
        self._units, self._workshop, self._keys = units, workshop, keys
        self._secret, self._list_at = secret.encode(), list_at

    async def standing(self) -> AuthorityStanding:
        """As it is now. Raises AuthorityAway where none was founded yet."""
        stored = await self._stored()
        async with self._units.read() as uow:
            newest = await certification_store.newest_list(uow.session)
            return AuthorityStanding(
                certificate=stored.certificate,
                here=stored.wrapped is not None,
                issued=tuple(await certification_store.issued(uow.session)),
                waiting=len(await certification_store.waiting(uow.session)),
                listed=newest.until if newest else None,
            )

    async def published(self) -> bytes:
        """The list of what was taken back (DER), renewed where the key is here. Raises NoList."""
        return await self._keys.authority.published_list()

    async def carried(self, passphrase: str) -> StoredAuthority:
        """The authority with its key under this passphrase, to be kept elsewhere; nothing changes here yet. Raises
        AuthorityAway."""
        return await self._workshop.do(moved, await self._stored(), self._secret, open_secret(passphrase))

    async def let_go(self, carried: StoredAuthority, passphrase: str, days: int) -> None:
        """A list for that many days is signed, then the key leaves this database. Raises WrongPassphrase,
        OtherAuthority: then nothing changed."""
        await self._list(carried, passphrase, days)
        async with self._units.begin() as uow:
            await certification_store.move_key(uow.session, None)

    async def bring_back(self, carried: StoredAuthority, passphrase: str) -> None:
        """The key comes back. Raises WrongPassphrase, OtherAuthority, AuthorityHere."""
        stored = await self._same(carried)
        if stored.wrapped is not None:
            raise AuthorityHere
        home = await self._workshop.do(moved, carried, open_secret(passphrase), self._secret)
        async with self._units.begin() as uow:
            await certification_store.move_key(uow.session, home.wrapped)

    async def answer(self, carried: StoredAuthority, passphrase: str, days: int) -> Answered:
        """With the key brought for this one act: certificates for who waits, and a new list. Raises
        WrongPassphrase, OtherAuthority."""
        await self._same(carried)
        async with self._units.read() as uow:
            asked = await certification_store.waiting(uow.session)
        done = [await self._certify(carried, passphrase, person, request) for person, request in asked]
        await self._list(carried, passphrase, days)
        return Answered(issued=sum(done), refused=len(done) - sum(done))

    async def revoke(self, beginning: str) -> str:
        """Take back the one valid certificate whose fingerprint begins so. Raises NoSuchCertificate."""
        async with self._units.begin() as uow:
            every = await certification_store.issued(uow.session)
            valid = [one for one in every if one.revoked_at is None]
            found = [one for one in valid if fingerprint(one.certificate).startswith(beginning.lower())]
            if len(found) != 1 or not beginning:
                raise NoSuchCertificate
            return await self._keys.revoke_for(uow, found[0].person, None)

    async def _certify(self, carried: StoredAuthority, passphrase: str, person: Id, request: bytes) -> bool:
        """Whether it could be answered; one that cannot waits no more."""
        try:
            async with self._units.read() as uow:
                subject, _ = await self._keys.subject(uow, person)
            made = await self._made(carried, passphrase, subject, request)
        except (NotAMember, UnfitKey):
            async with self._units.begin() as uow:
                await certification_store.answered(uow.session, person)
            return False
        async with self._units.begin() as uow:
            await self._keys.keep_for(uow, person, device_key(made), None)
        return True

    async def _made(
        self, carried: StoredAuthority, passphrase: str, subject: Subject, request: bytes
    ) -> bytes:
        secret = open_secret(passphrase)
        return await self._workshop.do(
            certified, request, subject, carried, secret, real_now(), self._list_at
        )

    async def _list(self, carried: StoredAuthority, passphrase: str, days: int) -> None:
        await self._same(carried)
        async with self._units.read() as uow:
            back = [
                Revoked(serial=serial_of(certificate), since=since)
                for certificate, since in await store.revoked(uow.session)
            ]
        now = real_now()
        until = now + timedelta(days=days)
        made = await self._workshop.do(list_revoked, carried, open_secret(passphrase), back, now, until)
        async with self._units.begin() as uow:
            kept = RevocationList(made_at=now, until=until, content=made)
            await certification_store.keep_list(uow.session, new_id(), kept)

    async def _same(self, carried: StoredAuthority) -> StoredAuthority:
        stored = await self._stored()
        if fingerprint(stored.certificate) != fingerprint(carried.certificate):
            raise OtherAuthority
        return stored

    async def _stored(self) -> StoredAuthority:
        async with self._units.read() as uow:
            stored = await store.authority(uow.session)
        if stored is None:
            raise AuthorityAway
        return stored
