"""The internal authority: it certifies whose key is whose inside this installation, and takes that back.

What it certifies is a "chữ ký điện tử nội bộ", never a "chữ ký số" (rules.md 4). Certificates use real time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.x509.oid import NameOID

from meetings.kernel.errors import Conflict, Invalid
from meetings.kernel.ids import Id
from meetings.minutes.keys import Cost, unwrap_key, wrap_key
from meetings.minutes.signature_class import KeyHome

ROOT_BITS = 3072
LEAST_BITS, MOST_BITS = 2048, 4096  # of a person's key; larger ones only burn the verifier's time
ROOT_NAME = "Gốc chữ ký nội bộ của phần mềm sinh hoạt"
MOST_BYTES = 64  # of a name in a certificate (X.520 upper bounds, counted in UTF-8)
ROOT_LIFE = timedelta(days=20 * 365)
PERSON_LIFE = timedelta(days=5 * 365)
CLOCK_SKEW = timedelta(minutes=5)
# Marks where the key lives, for the class named by the verifier: an OID from a UUID (ITU-T X.667, arc 2.25).
SERVER_HELD_KEY = x509.ObjectIdentifier("2.25.211836149153277116245297823041377466205")
BROWSER_HELD_KEY = x509.ObjectIdentifier("2.25.94713920166483215578120993744106325871")
POLICIES = {KeyHome.SERVER: SERVER_HELD_KEY, KeyHome.BROWSER: BROWSER_HELD_KEY}


class AuthorityAway(Conflict):
    """The authority's key is kept elsewhere; nothing can be certified now."""

    code = "authority-away"
    message = (
        "Khóa cấp chứng thư đang cất ngoài máy này. Xin nhờ người quản trị đem khóa đến cấp (chibo ca issue)."
    )


class UnfitKey(Invalid):
    """Not an RSA public key of the asked size."""

    code = "unfit-key"
    message = "Khóa ký không đúng loại, cần tạo lại."


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredAuthority:
    """What is kept: the root certificate (PEM) and its key, wrapped under the installation's secret; None: the key
    is away."""

    certificate: bytes
    wrapped: bytes | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """Whom a certificate names: the person, the organisation of that day, the stable id of the person."""

    name: str
    organisation: str
    person: Id


@dataclass(frozen=True, kw_only=True, slots=True)
class Revoked:
    """A certificate taken back: its serial and since when."""

    serial: int
    since: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Authority:
    """The opened authority: issues and takes back. Lives as long as one act."""

    root: x509.Certificate
    key: RSAPrivateKey

    def issue(
        self,
        subject: Subject,
        public: bytes,
        now: datetime,
        home: KeyHome = KeyHome.SERVER,
        list_at: str = "",
    ) -> bytes:
        """A person's certificate (PEM) for a public key (DER) that lives there; it names the address of the list of
        certificates taken back. Raises UnfitKey."""
        key = serialization.load_der_public_key(public)
        if not isinstance(key, RSAPublicKey) or not LEAST_BITS <= key.key_size <= MOST_BITS:
            raise UnfitKey
        until = min(now + PERSON_LIFE, self.root.not_valid_after_utc)
        builder = _named(_subject_name(subject), self.root.subject, key, now, until)
        for extension, critical in _person_extensions(key, self.root, POLICIES[home]):
            builder = builder.add_extension(extension, critical)
        if list_at:
            builder = builder.add_extension(_list_place(list_at), critical=False)
        return _pem(builder.sign(self.key, hashes.SHA256()))

    def revocations(self, revoked: Iterable[Revoked], now: datetime, until: datetime) -> bytes:
        """The list of all certificates taken back (DER), good until `until`. Issue it also when empty."""
        number = int(now.timestamp() * 1000)
        builder = x509.CertificateRevocationListBuilder(self.root.subject, now - CLOCK_SKEW, until)
        builder = builder.add_extension(x509.CRLNumber(number), critical=False)
        builder = builder.add_extension(_issuer_key(self.root), critical=False)
        for each in revoked:
            entry = x509.RevokedCertificateBuilder(each.serial, each.since)
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def found_authority(name: str, secret: bytes, now: datetime, cost: Cost | None = None) -> StoredAuthority:
    """A new root, made at first start; `name` such as the cell's.

    Its fingerprint is printed for the superior.
    """
    key = generate_private_key(public_exponent=65537, key_size=ROOT_BITS)
    called = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, ROOT_NAME),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, fitting(name)),
        ]
    )
    builder = _named(called, called, key.public_key(), now, now + ROOT_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(certify=True), critical=True)
    builder = builder.add_extension(
        x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
    )
    root = builder.sign(key, hashes.SHA256())
    return StoredAuthority(certificate=_pem(root), wrapped=wrap_key(key, secret, cost or Cost()))


def open_authority(stored: StoredAuthority, secret: bytes) -> Authority:
    """Raises WrongPassphrase when the installation's secret is another one, SpoiledKey, AuthorityAway."""
    if stored.wrapped is None:
        raise AuthorityAway
    return Authority(
        root=x509.load_pem_x509_certificate(stored.certificate), key=unwrap_key(stored.wrapped, secret)
    )


def moved(stored: StoredAuthority, old: bytes, new: bytes, cost: Cost | None = None) -> StoredAuthority:
    """The same authority with its key under another secret. Raises WrongPassphrase, SpoiledKey, AuthorityAway."""
    key = open_authority(stored, old).key
    return StoredAuthority(certificate=stored.certificate, wrapped=wrap_key(key, new, cost or Cost()))


def fingerprint(certificate: bytes) -> str:
    """SHA-256 of a certificate (PEM) in hex: what the ledger keeps for each role."""
    return x509.load_pem_x509_certificate(certificate).fingerprint(hashes.SHA256()).hex()


def public_hash(certificate: bytes) -> str:
    """SHA-256 (hex) of the public key (SubjectPublicKeyInfo) in a certificate (PEM): how a browser knows its own."""
    public = x509.load_pem_x509_certificate(certificate).public_key()
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    return hashlib.sha256(public.public_bytes(serialization.Encoding.DER, spki)).hexdigest()


def der_of(certificate: bytes) -> bytes:
    """A certificate (PEM) in DER."""
    return x509.load_pem_x509_certificate(certificate).public_bytes(serialization.Encoding.DER)


def pieces_of(chain: bytes) -> tuple[bytes, ...]:
    """The single certificates (PEM) of several, one after the other."""
    found = x509.load_pem_x509_certificates(chain) if chain else []
    return tuple(_pem(one) for one in found)


def ends(certificate: bytes) -> datetime:
    """Until when a certificate (PEM) holds."""
    return x509.load_pem_x509_certificate(certificate).not_valid_after_utc


def serial_of(certificate: bytes) -> int:
    """The serial under which a certificate (PEM) is taken back."""
    return x509.load_pem_x509_certificate(certificate).serial_number


def _named(
    subject: x509.Name, issuer: x509.Name, public: RSAPublicKey, now: datetime, until: datetime
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder(issuer, subject, public, x509.random_serial_number())
    return builder.not_valid_before(now - CLOCK_SKEW).not_valid_after(until)


def _subject_name(subject: Subject) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, fitting(subject.name)),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, fitting(subject.organisation)),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, subject.person),
        ]
    )


def fitting(text: str) -> str:
    """The text, cut between characters where it is too long for a certificate."""
    return text.encode()[:MOST_BYTES].decode(errors="ignore").strip()


def _person_extensions(
    public: RSAPublicKey, root: x509.Certificate, policy: x509.ObjectIdentifier
) -> list[tuple[x509.ExtensionType, bool]]:
    return [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage(certify=False), True),
        (x509.CertificatePolicies([x509.PolicyInformation(policy, None)]), False),
        (x509.SubjectKeyIdentifier.from_public_key(public), False),
        (_issuer_key(root), False),
    ]


def _list_place(address: str) -> x509.CRLDistributionPoints:
    place = x509.DistributionPoint([x509.UniformResourceIdentifier(address)], None, None, None)
    return x509.CRLDistributionPoints([place])


def _usage(*, certify: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certify,
        content_commitment=not certify,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certify,
        crl_sign=certify,
        encipher_only=False,
        decipher_only=False,
    )


def _issuer_key(root: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    known = root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(known)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
