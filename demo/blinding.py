"""A voter's phone in Python: the client's side of RFC 9474, as web/src/blind.ts does it in browsers."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from math import gcd

EXPONENT = 65537
_HASH = 48  # bytes of SHA-384, and of the salt


@dataclass(frozen=True, kw_only=True, slots=True)
class Blinded:
    """What the phone keeps between asking and casting; all hex but `inverse`. Only `blinded` leaves it."""

    serial: str
    prefix: str
    blinded: str
    inverse: int


class NotSigned(Exception):
    """The server answered with something that is no signature of the key it showed."""


def blind(modulus: str) -> Blinded:
    """A new token, blinded under the key (RFC 9474, 4.2)."""
    n = int(modulus, 16)
    serial, prefix = secrets.token_bytes(32), secrets.token_bytes(32)
    factor = _unit(n)
    encoded = int.from_bytes(encode(prefix + serial, n.bit_length() - 1, secrets.token_bytes(_HASH)))
    hidden = encoded * pow(factor, EXPONENT, n) % n
    return Blinded(
        serial=serial.hex(),
        prefix=prefix.hex(),
        blinded=hidden.to_bytes(_length(n)).hex(),
        inverse=pow(factor, -1, n),
    )


def finish(modulus: str, token: Blinded, signed: str) -> str:
    """The signature over the token (4.4). Raises NotSigned."""
    n = int(modulus, 16)
    finished = int(signed, 16) * token.inverse % n
    hidden = pow(finished, EXPONENT, n) * pow(pow(token.inverse, -1, n), EXPONENT, n) % n
    if hidden.to_bytes(_length(n)).hex() != token.blinded:
        raise NotSigned
    return finished.to_bytes(_length(n)).hex()


def encode(message: bytes, bits: int, salt: bytes) -> bytes:
    """EMSA-PSS of RFC 8017, 9.1.1, with SHA-384 for hash and mask."""
    length = (bits + 7) // 8
    digest = hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + salt).digest()
    block = bytes(length - len(salt) - _HASH - 2) + b"\x01" + salt
    masked = bytearray(a ^ b for a, b in zip(block, _mask(digest, len(block)), strict=True))
    masked[0] &= 0xFF >> (8 * length - bits)
    return bytes(masked) + digest + b"\xbc"


def _mask(seed: bytes, length: int) -> bytes:
    rounds = range(-(-length // _HASH))
    return b"".join(hashlib.sha384(seed + number.to_bytes(4)).digest() for number in rounds)[:length]


def _length(n: int) -> int:
    return (n.bit_length() + 7) // 8


def _unit(n: int) -> int:
    while True:
        factor = secrets.randbelow(n - 2) + 2
        if gcd(factor, n) == 1:
            return factor
