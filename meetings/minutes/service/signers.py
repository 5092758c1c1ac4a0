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
    ends,
    fingerprint,
    found_authority,
    open_authority,
    public_hash,
    serial_of,
)
from meetings.minutes.certificate_request import requested_key
from meetings.minutes.keys import PersonKey, change_passphrase, make_person_key
from meetings.minutes.ports import Workshop
from meetings.minutes.signature_class import KeyHome
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


class KeyElsewhere(Conflict):
    """The private part is not here, so no passphrase opens it."""

    code = "key-elsewhere"
    message = "Khóa ký của đồng chí nằm trên máy của đồng chí, không mở bằng mật khẩu ở đây được."


class CertificateEnded(Conflict):
    """The certificate's time is over."""

    code = "certificate-ended"
    message = "Chứng thư của đồng chí đã hết hạn. Xin tạo khóa ký mới."


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
class Place:
    """Somebody's place in a file that is to be signed. `role`: the field; `over`: the file's SHA-256."""

    role: str
    name: str
    position: str
    key: HeldKey
    over: str
    pdf: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyStanding:
    """What is told of a person's key. `public`: SHA-256 of its public part, `until`: when the certificate ends."""

    fingerprint: str
    home: KeyHome
    public: str
    until: datetime


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

    async def certify_ahead(self, asker: Asker, request: bytes) -> HeldKey:
        """A certificate for a key made on the asker's own device, by its request (PKCS#10, DER); keeps nothing.
        Raises BadCertificateRequest, UnfitKey, NotAMember."""
        async with self._units.read() as uow:
            subject, _ = await self._subject(uow, asker)
        authority = await self._authority()
        certificate = await self._workshop.do(
            _certified, request, subject, authority, self._secret, real_now()
        )
        return HeldKey(id=new_id(), wrapped=None, certificate=certificate, home=KeyHome.BROWSER)

    async def keep(self, asker: Asker, key: HeldKey) -> str:
        """From now on this is the asker's key; returns its fingerprint. Raises NotAMember."""
        async with self._units.begin() as uow:
            _, cell = await self._subject(uow, asker)
            await store.add_key(uow.session, asker.person, key, real_now())
            print_ = fingerprint(key.certificate)
            said = {"fingerprint": print_, "home": key.home.value}
            await record(uow, Act(cell=cell, name="minutes.key", actor=asker.person, public=said))
            return print_

    async def revoke(self, asker: Asker) -> str:
        """The asker's device is lost: their certificate is taken back, and nothing signs for them until they make
        another key. Returns its fingerprint. Raises NoSigningKey, NotAMember."""
        async with self._units.begin() as uow:
            _, cell = await self._subject(uow, asker)
            print_ = fingerprint((await self.held(uow, asker.person)).certificate)
            await store.revoke_keys(uow.session, asker.person, real_now())
            said = {"fingerprint": print_}
            await record(uow, Act(cell=cell, name="minutes.key_revoked", actor=asker.person, public=said))
            return print_

    async def standing(self, asker: Asker) -> KeyStanding:
        """The asker's key. Raises NoSigningKey."""
        async with self._units.read() as uow:
            held = await self.held(uow, asker.person)
        return KeyStanding(
            fingerprint=fingerprint(held.certificate),
            home=held.home,
            public=public_hash(held.certificate),
            until=ends(held.certificate),
        )

    async def rewrap_ahead(self, asker: Asker, old: str, new: str) -> Rewrapped:
        """The asker's key under another passphrase; keeps nothing. Raises NoSigningKey, NotAMember,
        KeyElsewhere, WrongPassphrase, WeakPassphrase."""
        async with self._units.read() as uow:
            subject, _ = await self._subject(uow, asker)
            held = await self.held(uow, asker.person)
        wrapped = await self._workshop.do(change_passphrase, wrapped_here(held), old, new, (subject.name,))
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


def wrapped_here(key: HeldKey) -> bytes:
    """The wrapped private part. Raises KeyElsewhere."""
    if key.wrapped is None:
        raise KeyElsewhere
    return key.wrapped


def _certified(
    request: bytes, subject: Subject, authority: StoredAuthority, secret: bytes, now: datetime
) -> bytes:
    public = requested_key(request, subject.person)
    return open_authority(authority, secret).issue(subject, public, now, KeyHome.BROWSER)


def _make_certified(
    passphrase: str, subject: Subject, authority: StoredAuthority, secret: bytes, now: datetime
) -> tuple[PersonKey, bytes]:
    key = make_person_key(passphrase, known=(subject.name,))
    return key, open_authority(authority, secret).issue(subject, key.public, now)


def _list_revoked(authority: StoredAuthority, secret: bytes, back: list[Revoked], now: datetime) -> bytes:
    return open_authority(authority, secret).revocations(back, now, now + _CRL_LIFE)
