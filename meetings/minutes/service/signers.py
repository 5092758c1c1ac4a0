"""People's signing keys and the internal authority that certifies them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from meetings.committees import service as committees
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.clock import real_now
from meetings.kernel.errors import Conflict, Forbidden
from meetings.kernel.ids import Id, new_id
from meetings.ledger.rules import Act
from meetings.ledger.service import record
from meetings.minutes import store
from meetings.minutes.authority import (
    Revoked,
    StoredAuthority,
    Subject,
    fingerprint,
    found_authority,
    open_authority,
    serial_of,
)
from meetings.minutes.keys import PersonKey, change_passphrase, make_person_key
from meetings.minutes.ports import Workshop
from meetings.minutes.store import HeldKey

_CRL_LIFE = timedelta(days=7)


class NoSigningKey(Conflict):
    """The person has no signing key yet."""

    code = "no-signing-key"
    message = "Đồng chí chưa có khóa ký. Xin tạo khóa ký và đặt mật khẩu trước."


class NotAMember(Forbidden):
    """Only members of a cell have signing keys."""

    code = "not-a-member"
    message = "Chỉ đảng viên của chi bộ mới có khóa ký."


class KeyChanged(Conflict):
    """The key was replaced, or has another passphrase already."""

    code = "key-changed"
    message = "Khóa ký vừa được thay đổi. Xin thử lại."


@dataclass(frozen=True, kw_only=True, slots=True)
class Rewrapped:
    """A key under a new passphrase, not kept yet."""

    before: HeldKey
    wrapped: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Trusted:
    """What a verifier needs: the authority's certificate (PEM) and its list of certificates taken back (DER)."""

    root: bytes
    crl: bytes


class SigningKeys:
    """`secret` opens the authority's key; it never leaves the workshop's call."""

    def __init__(self, units: Units, workshop: Workshop, secret: str) -> None:
        self._units, self._workshop, self._secret = units, workshop, secret.encode()

    async def make(self, asker: Asker, passphrase: str) -> str:
        """A new key for the asker under this passphrase; returns the certificate's fingerprint.

        Earlier keys are taken back. Raises WeakPassphrase, NotAMember.
        """
        return await self.keep(asker, await self.make_ahead(asker, passphrase))

    async def make_ahead(self, asker: Asker, passphrase: str) -> HeldKey:
        """A new key with its certificate; keeps nothing of it. Raises as `make`."""
        async with self._units.read() as uow:
            subject, _ = await self._subject(uow, asker)
        authority = await self._authority()
        made, certificate = await self._workshop.do(
            _make_certified, passphrase, subject, authority, self._secret, real_now()
        )
        return HeldKey(id=new_id(), wrapped=made.wrapped, certificate=certificate)

    async def keep(self, asker: Asker, key: HeldKey) -> str:
        """From now on this is the asker's key; returns its fingerprint. Raises NotAMember."""
        async with self._units.begin() as uow:
            _, cell = await self._subject(uow, asker)
            await store.add_key(uow.session, asker.person, key, uow.now)
            print_ = fingerprint(key.certificate)
            act = Act(cell=cell, name="minutes.key", actor=asker.person, public={"fingerprint": print_})
            await record(uow, act)
            return print_

    async def rewrap_ahead(self, asker: Asker, old: str, new: str) -> Rewrapped:
        """The asker's key under another passphrase; keeps nothing. Raises NoSigningKey, NotAMember,
        WrongPassphrase, WeakPassphrase."""
        async with self._units.read() as uow:
            subject, _ = await self._subject(uow, asker)
            held = await self.held(uow, asker.person)
        wrapped = await self._workshop.do(change_passphrase, held.wrapped, old, new, (subject.name,))
        return Rewrapped(before=held, wrapped=wrapped)

    async def rewrap(self, asker: Asker, rewrapped: Rewrapped) -> str:
        """From now on only the new passphrase opens the key; certificate and signatures stay. Returns the
        fingerprint. Raises KeyChanged, NotAMember."""
        async with self._units.begin() as uow:
            _, cell = await self._subject(uow, asker)
            if not await store.rewrap(uow.session, rewrapped.before, rewrapped.wrapped):
                raise KeyChanged
            print_ = fingerprint(rewrapped.before.certificate)
            act = Act(
                cell=cell, name="minutes.passphrase", actor=asker.person, public={"fingerprint": print_}
            )
            await record(uow, act)
            return print_

    async def _subject(self, uow: UnitOfWork, asker: Asker) -> tuple[Subject, Id]:
        members = await committees.members_of_person(uow, asker.person)
        if not members:
            raise NotAMember
        cell = members[0].cell
        org = await committees.org(uow, cell, await committees.today_in(uow, cell))
        return Subject(name=members[0].full_name, organisation=org.name, person=asker.person), cell

    async def held(self, uow: UnitOfWork, person: Id) -> HeldKey:
        """The person's key. Raises NoSigningKey."""
        key = await store.key_of(uow.session, person)
        if key is None:
            raise NoSigningKey
        return key

    async def trusted(self) -> Trusted:
        """The authority's certificate with a fresh list of what was taken back."""
        authority = await self._authority()
        async with self._units.read() as uow:
            back = [
                Revoked(serial=serial_of(certificate), since=since)
                for certificate, since in await store.revoked(uow.session)
            ]
        crl = await self._workshop.do(_list_revoked, authority, self._secret, back, real_now())
        return Trusted(root=authority.certificate, crl=crl)

    async def founded(self) -> bool:
        """Whether this installation has an authority yet."""
        async with self._units.read() as uow:
            return await store.authority(uow.session) is not None

    async def root(self) -> bytes:
        """The authority's certificate (PEM)."""
        return (await self._authority()).certificate

    async def _authority(self) -> StoredAuthority:
        async with self._units.read() as uow:
            if (known := await store.authority(uow.session)) is not None:
                return known
        made = await self._workshop.do(found_authority, "Cơ quan chứng thực nội bộ", self._secret, real_now())
        async with self._units.begin() as uow:
            if (known := await store.authority(uow.session)) is not None:
                return known
            await store.found_authority(uow.session, made)
            return made


def _make_certified(
    passphrase: str, subject: Subject, authority: StoredAuthority, secret: bytes, now: datetime
) -> tuple[PersonKey, bytes]:
    key = make_person_key(passphrase, known=(subject.name,))
    return key, open_authority(authority, secret).issue(subject, key.public, now)


def _list_revoked(authority: StoredAuthority, secret: bytes, back: list[Revoked], now: datetime) -> bytes:
    return open_authority(authority, secret).revocations(back, now, now + _CRL_LIFE)
