"""People's signing keys and the internal authority that certifies them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from meetings.committees import service as committees
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.clock import real_now
from meetings.kernel.errors import Conflict, Forbidden
from meetings.kernel.ids import Id, new_id
from meetings.ledger.rules import Act
from meetings.ledger.service import record
from meetings.minutes import certification_store, store
from meetings.minutes.authority import AuthorityAway, Subject, ends, fingerprint, public_hash
from meetings.minutes.keys import change_passphrase
from meetings.minutes.ports import Workshop
from meetings.minutes.service.authority import AuthorityDesk, Trusted
from meetings.minutes.signature_class import KeyHome
from meetings.minutes.store import HeldKey


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


class AlreadySigned(Conflict):
    """The place was signed meanwhile, on another device or in another window."""

    code = "already-signed"
    message = "Chỗ này đã ký xong ở máy khác hoặc trang khác. Đồng chí không cần ký lại."


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
class Seat:
    """Somebody's place in a file that is to be signed. `role`: the field; `over`: the file's SHA-256, of
    another paper that of its `data`: it is printed when it is signed, and `pdf` is empty."""

    role: str
    name: str
    position: str
    over: str
    pdf: bytes
    data: bytes = b""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A place, and the key known here by which its holder would sign."""

    seat: Seat
    key: HeldKey


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyStanding:
    """What is told of a person's key. `public`: SHA-256 of its public part, `until`: when the certificate ends."""

    fingerprint: str
    home: KeyHome
    public: str
    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingRequest:
    """A request (PKCS#10, DER) that nobody here can answer now."""

    request: bytes


class SigningKeys:
    """`secret` and `list_at` as for `AuthorityDesk`."""

    def __init__(self, units: Units, workshop: Workshop, secret: str, list_at: str = "") -> None:
        self._units, self._workshop = units, workshop
        self.authority = AuthorityDesk(units, workshop, secret, list_at)

    async def make(self, asker: Asker, passphrase: str) -> str:
        """A new key for the asker under this passphrase; returns the certificate's fingerprint.

        Earlier keys are taken back. Raises WeakPassphrase, NotAMember.
        """
        return await self.keep(asker, await self.make_ahead(asker, passphrase))

    async def make_ahead(self, asker: Asker, passphrase: str) -> HeldKey:
        """A new key with its certificate; keeps nothing of it. Raises as `make`, AuthorityAway."""
        async with self._units.read() as uow:
            subject, _ = await self.subject(uow, asker.person)
        made, certificate = await self.authority.make_certified(passphrase, subject)
        return HeldKey(id=new_id(), wrapped=made.wrapped, certificate=certificate)

    async def certify_ahead(self, asker: Asker, request: bytes) -> HeldKey | WaitingRequest:
        """A certificate for a key made on the asker's own device, by its request (PKCS#10, DER); the request alone
        while the authority's key is away. Keeps nothing. Raises BadCertificateRequest, UnfitKey, NotAMember."""
        async with self._units.read() as uow:
            subject, _ = await self.subject(uow, asker.person)
        try:
            certificate = await self.authority.certify(request, subject)
        except AuthorityAway:
            return WaitingRequest(request=request)
        return device_key(certificate)

    async def keep_certified(self, asker: Asker, made: HeldKey | WaitingRequest) -> str | None:
        """As `keep`; None: the request waits for the authority's key. Raises NotAMember."""
        if isinstance(made, HeldKey):
            return await self.keep(asker, made)
        async with self._units.begin() as uow:
            await self.subject(uow, asker.person)
            await certification_store.ask(uow.session, asker.person, made.request, real_now())
        return None

    async def keep(self, asker: Asker, key: HeldKey) -> str:
        """From now on this is the asker's key; returns its fingerprint. Raises NotAMember."""
        async with self._units.begin() as uow:
            return await self.keep_for(uow, asker.person, key, asker.person)

    async def keep_for(self, uow: UnitOfWork, person: Id, key: HeldKey, actor: Id | None) -> str:
        """The same for that person; `actor` None: the operator. Raises NotAMember."""
        _, cell = await self.subject(uow, person)
        await store.add_key(uow.session, person, key, real_now())
        await certification_store.answered(uow.session, person)
        print_ = fingerprint(key.certificate)
        said = {"fingerprint": print_, "home": key.home.value}
        await record(uow, Act(cell=cell, name="minutes.key", actor=actor, public=said))
        return print_

    async def revoke(self, asker: Asker) -> str:
        """The asker's device is lost: their certificate is taken back, and nothing signs for them until they make
        another key. Returns its fingerprint. Raises NoSigningKey, NotAMember."""
        async with self._units.begin() as uow:
            return await self.revoke_for(uow, asker.person, asker.person)

    async def revoke_for(self, uow: UnitOfWork, person: Id, actor: Id | None) -> str:
        """The same for that person; `actor` None: the operator. Raises NoSigningKey, NotAMember."""
        _, cell = await self.subject(uow, person)
        print_ = fingerprint((await self.held(uow, person)).certificate)
        await store.revoke_keys(uow.session, person, real_now())
        said = {"fingerprint": print_}
        await record(uow, Act(cell=cell, name="minutes.key_revoked", actor=actor, public=said))
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
            subject, _ = await self.subject(uow, asker.person)
            held = await self.held(uow, asker.person)
        wrapped = await self._workshop.do(change_passphrase, wrapped_here(held), old, new, (subject.name,))
        return Rewrapped(before=held, wrapped=wrapped)

    async def rewrap(self, asker: Asker, rewrapped: Rewrapped) -> str:
        """From now on only the new passphrase opens the key; certificate and signatures stay. Returns the
        fingerprint. Raises KeyChanged, NotAMember."""
        async with self._units.begin() as uow:
            _, cell = await self.subject(uow, asker.person)
            if not await store.rewrap(uow.session, rewrapped.before, rewrapped.wrapped):
                raise KeyChanged
            print_ = fingerprint(rewrapped.before.certificate)
            act = Act(
                cell=cell, name="minutes.passphrase", actor=asker.person, public={"fingerprint": print_}
            )
            await record(uow, act)
            return print_

    async def subject(self, uow: UnitOfWork, person: Id) -> tuple[Subject, Id]:
        """Whom a certificate would name, and the cell. Raises NotAMember."""
        members = await committees.members_of_person(uow, person)
        if not members:
            raise NotAMember
        cell = members[0].cell
        org = await committees.org(uow, cell, await committees.today_in(uow, cell))
        return Subject(name=members[0].full_name, organisation=org.name, person=person), cell

    async def held(self, uow: UnitOfWork, person: Id) -> HeldKey:
        """The person's key. Raises NoSigningKey."""
        key = await store.key_of(uow.session, person)
        if key is None:
            raise NoSigningKey
        return key

    async def trusted(self) -> Trusted:
        """The authority's certificate with the list of what was taken back."""
        return await self.authority.trusted()

    async def founded(self) -> bool:
        """Whether this installation has an authority yet."""
        return await self.authority.founded()

    async def root(self) -> bytes:
        """The authority's certificate (PEM)."""
        return (await self.authority.stored()).certificate


def device_key(certificate: bytes) -> HeldKey:
    """A key that lives on its owner's device, by its certificate (PEM)."""
    return HeldKey(id=new_id(), wrapped=None, certificate=certificate, home=KeyHome.BROWSER)


def wrapped_here(key: HeldKey) -> bytes:
    """The wrapped private part. Raises KeyElsewhere."""
    if key.wrapped is None:
        raise KeyElsewhere
    return key.wrapped
