"""Blind RSA signatures, RSABSSA-SHA384-PSS-Randomized of RFC 9474: the side that signs and checks.

No library for it was found. Keys and checks are `cryptography`'s; only the raw private operation stands here. Python's
integers do not take constant time, so every operation is blinded by a fresh number of ours (signing.md 4.3).
"""

from __future__ import annotations

import hashlib
import secrets
from math import gcd

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from meetings.kernel.errors import Invalid

BITS = 2048
EXPONENT = 65537
LENGTH = BITS // 8  # bytes of a modulus, a blinded message, a signature
SALT = 48


class BadBlinded(Invalid):
    """No number that could be a blinded message under this key."""

    code = "bad-blinded"
    message = "Yêu cầu cấp phiếu chưa đúng. Xin mở lại trang rồi thử lại."


class FaultySignature(RuntimeError):
    """A signature came out wrong: a broken machine. It would give the key away, so it is not answered."""


def make_key() -> bytes:
    """A new private key, PKCS#8 DER. Takes up to half a second; other threads run meanwhile."""
    key = rsa.generate_private_key(public_exponent=EXPONENT, key_size=BITS)
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def modulus_of(private: bytes) -> bytes:
    """The public part, big-endian; the exponent is always 65537."""
    return _load(private).public_key().public_numbers().n.to_bytes(LENGTH)


def fingerprint(modulus: bytes) -> str:
    """SHA-256 of the modulus, in hex: what stands in the ledger and what clients compare."""
    return hashlib.sha256(modulus).hexdigest()


def sign_blinded(private: bytes, blinded: bytes) -> bytes:
    """The blind signature (RFC 9474, 4.3). Raises BadBlinded, FaultySignature."""
    key = _load(private)
    return sign_raw(key.private_numbers(), blinded)


def sign_raw(key: rsa.RSAPrivateNumbers, blinded: bytes) -> bytes:
    """The same with the numbers of the key, of any length. Raises BadBlinded, FaultySignature."""
    n, e = key.public_numbers.n, key.public_numbers.e
    length = (n.bit_length() + 7) // 8
    message = int.from_bytes(blinded)
    if len(blinded) != length or not 1 < message < n - 1 or gcd(message, n) != 1:
        raise BadBlinded
    mask = _unit(n)
    masked = message * pow(mask, e, n) % n
    signed = _private(key, masked) * pow(mask, -1, n) % n
    if pow(signed, e, n) != message:
        raise FaultySignature
    return signed.to_bytes(length)


def verify(modulus: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a finished signature is one of this key over the message: plain RSA-PSS."""
    if len(signature) != LENGTH or len(modulus) != LENGTH:
        return False
    key = rsa.RSAPublicNumbers(EXPONENT, int.from_bytes(modulus)).public_key()
    scheme = padding.PSS(mgf=padding.MGF1(hashes.SHA384()), salt_length=SALT)
    try:
        key.verify(signature, message, scheme, hashes.SHA384())
    except InvalidSignature:
        return False
    return True


def _load(private: bytes) -> rsa.RSAPrivateKey:
    key = load_der_private_key(
        private, password=None, unsafe_skip_rsa_key_validation=True
    )  # our own, made here
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("not an RSA key")
    return key


def _unit(n: int) -> int:
    while True:
        mask = secrets.randbelow(n - 2) + 2
        if gcd(mask, n) == 1:
            return mask


def _private(key: rsa.RSAPrivateNumbers, number: int) -> int:
    """number^d mod n by the Chinese remainders."""
    one, two = pow(number, key.dmp1, key.p), pow(number, key.dmq1, key.q)
    return two + key.q * ((one - two) * key.iqmp % key.p)
