"""An invented certification authority outside: a root, an authority below it, people's certificates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from pathlib import Path

import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as curve_key
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from meetings.kernel.clock import real_now
from meetings.minutes.listed import Listed
from meetings.minutes.trust_list import read_list

NAME = "CA công cộng mẫu"
DAY = timedelta(days=1)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _usage(*, issues: bool, signs: bool = True) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not issues,
        content_commitment=signs and not issues,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=issues,
        crl_sign=issues,
        encipher_only=False,
        decipher_only=False,
    )


@dataclass(frozen=True, kw_only=True)
class Outside:
    """`root` is what a list names; `below` issues to people, and only its signatures carry its certificate."""

    key: RSAPrivateKey
    root: x509.Certificate
    below_key: RSAPrivateKey
    below: x509.Certificate

    def certificate(
        self,
        name: str,
        public: RSAPublicKey | EllipticCurvePublicKey,
        life: tuple[timedelta, timedelta] = (DAY, 400 * DAY),
        *,
        signs: bool = True,
    ) -> x509.Certificate:
        """For somebody's public key, from so long ago until so far ahead."""
        now = real_now()
        builder = x509.CertificateBuilder(
            self.below.subject, _named(name), public, x509.random_serial_number()
        )
        builder = builder.not_valid_before(now - life[0]).not_valid_after(now + life[1])
        builder = builder.add_extension(_usage(issues=False, signs=signs), critical=True)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_above(self.below_key), critical=False)
        return builder.sign(self.below_key, hashes.SHA256())

    def sibling(self) -> Outside:
        """Another authority below the same root."""
        key = generate_private_key(65537, 2048)
        below = _authority("CA khác cùng gốc", "Gốc mẫu", key, self.key)
        return replace(self, below_key=key, below=below)

    def lists(self, *gone: x509.Certificate, days: int = 7) -> list[bytes]:
        """What root and authority took back (DER), good for so many days."""
        return [
            _crl(self.root, self.key, [], days),
            _crl(self.below, self.below_key, [one.serial_number for one in gone], days),
        ]

    def write(
        self,
        folder: Path,
        *gone: x509.Certificate,
        purpose: str = "public",
        days: int = 7,
        lists: bool = True,
        since: timedelta = -30 * DAY,
        until: timedelta | None = None,
    ) -> Path:
        """The list of authorities with its files: the root, and both revocation lists."""
        today = real_now().astimezone(UTC).date()
        (folder / "goc.pem").write_bytes(
            self.root.public_bytes(Encoding.PEM) + self.below.public_bytes(Encoding.PEM)
        )
        for name, crl in zip(("goc.crl", "thu-hoi.crl"), self.lists(*gone, days=days), strict=True):
            (folder / name).write_bytes(crl)
        entry = {
            "name": NAME,
            "purpose": purpose,
            "certificates": "goc.pem",
            "since": today + since,
            "until": None if until is None else today + until,
            **({"revocations": ["goc.crl", "thu-hoi.crl"]} if lists else {}),
        }
        file = folder / "tin-cay.yaml"
        said = {"issued": today, "source": "Danh sách mẫu của bộ kiểm thử", "authorities": [entry]}
        file.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
        return file

    def listed(self, folder: Path, *gone: x509.Certificate) -> tuple[Listed, ...]:
        return read_list(self.write(folder, *gone))


def new_outside() -> Outside:
    keys = [generate_private_key(65537, 2048) for _ in range(2)]
    root = _authority("Gốc mẫu", "Gốc mẫu", keys[0], keys[0])
    below = _authority(NAME, "Gốc mẫu", keys[1], keys[0])
    return Outside(key=keys[0], root=root, below_key=keys[1], below=below)


def curve_public() -> EllipticCurvePublicKey:
    return curve_key(SECP256R1()).public_key()


def _authority(name: str, issuer: str, key: RSAPrivateKey, by: RSAPrivateKey) -> x509.Certificate:
    when = real_now()
    builder = x509.CertificateBuilder(
        _named(issuer), _named(name), key.public_key(), x509.random_serial_number()
    )
    builder = builder.not_valid_before(when - 900 * DAY).not_valid_after(when + 3000 * DAY)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    builder = builder.add_extension(own, critical=False).add_extension(_above(by), critical=False)
    return builder.add_extension(_usage(issues=True), critical=True).sign(by, hashes.SHA256())


def _above(key: RSAPrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _crl(issuer: x509.Certificate, key: RSAPrivateKey, gone: list[int], days: int) -> bytes:
    now = real_now()
    builder = x509.CertificateRevocationListBuilder(
        issuer.subject, now - 10 * DAY, now + days * DAY
    ).add_extension(x509.CRLNumber(1), critical=False)
    builder = builder.add_extension(_above(key), critical=False)
    for serial in gone:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder(serial, now - timedelta(hours=1)).build()
        )
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
