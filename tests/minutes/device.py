"""A signer's own device: it makes a key, asks for a certificate, checks what it is given, and signs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.x509.oid import NameOID

from meetings.kernel.ids import Id
from meetings.minutes.deferred import Prepared


@dataclass(frozen=True, kw_only=True)
class Device:
    key: RSAPrivateKey

    @property
    def public(self) -> bytes:
        spki = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.key.public_key().public_bytes(serialization.Encoding.DER, spki)

    def request(self, person: Id) -> bytes:
        named = x509.Name([x509.NameAttribute(NameOID.SERIAL_NUMBER, person)])
        made = x509.CertificateSigningRequestBuilder(named).sign(self.key, hashes.SHA256())
        return made.public_bytes(serialization.Encoding.DER)

    def sign(self, attributes: bytes) -> bytes:
        return self.key.sign(attributes, PKCS1v15(), hashes.SHA256())

    def checked(self, prepared: Prepared) -> bytes:
        """The signature, after the device has hashed the very bytes."""
        covered = prepared.pdf[: prepared.start] + prepared.pdf[prepared.end :]
        told = {
            one["type"].native: one["values"][0].native for one in cms.CMSAttributes.load(prepared.attributes)
        }
        assert told["message_digest"] == hashlib.sha256(covered).digest() == prepared.digest
        return self.sign(prepared.attributes)


def new_device() -> Device:
    return Device(key=generate_private_key(public_exponent=65537, key_size=2048))
