"""A person's signing key under that person's own passphrase (signing.md 2.4 C).

Opened for one act, never kept open.

The wrapped form is bytes: magic, Argon2id costs, salt, nonce, then AES-256-GCM over the PKCS#8 key.
Whoever holds
the database holds only this. A hostile operator of the running server could still catch a passphrase: say so.
"""

from __future__ import annotations

import os
import secrets
import struct
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from meetings.kernel.errors import Forbidden, Invalid
from meetings.kernel.text import fold

PERSON_BITS = 2048
PASSPHRASE_LEAST, DISTINCT_LEAST = 12, 6
_MAGIC = b"CHK1"
_HEAD = struct.Struct(">4sBI16s12s")
_MOST_MEMORY = 1 << 20  # KiB: an altered blob may not ask for more


class WrongPassphrase(Forbidden):
    """The passphrase does not open this key."""

    code = "wrong-passphrase"
    message = "Mật khẩu ký chưa đúng. Đồng chí kiểm tra bộ gõ tiếng Việt rồi thử lại."


class WeakPassphrase(Invalid):
    """Too short, too uniform, or the person's own name or card number."""

    code = "weak-passphrase"
    message = (
        "Mật khẩu ký cần ít nhất {least} ký tự, không lặp đi lặp lại, không dùng tên hay số thẻ của mình."
    )


class SpoiledKey(Invalid):
    """Stored bytes that are not a wrapped key."""

    code = "spoiled-key"
    message = "Khóa ký lưu trên máy đã hỏng. Cần cấp lại chứng thư."


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """Argon2id: passes and memory in KiB, one lane (RFC 9106 second choice doubled: about half a second)."""

    passes: int = 3
    memory: int = 64 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonKey:
    """A new key: wrapped private part, public part as DER SubjectPublicKeyInfo."""

    wrapped: bytes
    public: bytes


def make_person_key(passphrase: str, known: Iterable[str] = (), cost: Cost | None = None) -> PersonKey:
    """A new RSA key under this passphrase; `known` are words it may not be made of. Raises WeakPassphrase."""
    check_passphrase(passphrase, known)
    key = generate_private_key(public_exponent=65537, key_size=PERSON_BITS)
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    public = key.public_key().public_bytes(serialization.Encoding.DER, spki)
    return PersonKey(wrapped=wrap_key(key, open_secret(passphrase), cost or Cost()), public=public)


def open_person_key(wrapped: bytes, passphrase: str) -> RSAPrivateKey:
    """The key, for one act. Raises WrongPassphrase, SpoiledKey."""
    return unwrap_key(wrapped, open_secret(passphrase))


def change_passphrase(wrapped: bytes, old: str, new: str, known: Iterable[str] = ()) -> bytes:
    """The same key under another passphrase. Raises WrongPassphrase, WeakPassphrase, SpoiledKey."""
    check_passphrase(new, known)
    return wrap_key(open_person_key(wrapped, old), open_secret(new), Cost())


def check_passphrase(passphrase: str, known: Iterable[str] = ()) -> None:
    """Raises WeakPassphrase."""
    bare = fold(passphrase).replace(" ", "")
    used = {fold(word).replace(" ", "") for word in known if word.strip()}
    for word in used:
        bare = bare.replace(word, "")
    if len(bare) < PASSPHRASE_LEAST or len(set(bare) - {"-"}) < DISTINCT_LEAST:
        raise WeakPassphrase(least=PASSPHRASE_LEAST)


def suggest_passphrase() -> str:
    """Twenty random digits in fours: 66 bits, readable over the phone, typed on any keyboard."""
    while True:
        made = "-".join(f"{secrets.randbelow(10_000):04d}" for _ in range(5))
        if len(set(made)) > DISTINCT_LEAST:
            return made


def open_secret(passphrase: str) -> bytes:
    """What a passphrase opens with, however the keyboard composes it."""
    return unicodedata.normalize("NFC", passphrase.strip()).encode()


def wrap_key(key: RSAPrivateKey, secret: bytes, cost: Cost) -> bytes:
    """PKCS#8 of the key under a secret."""
    der = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    head = _HEAD.pack(_MAGIC, cost.passes, cost.memory, os.urandom(16), os.urandom(12))
    return head + _sealing(head, secret).encrypt(head[-12:], key.private_bytes(*der), head)


def unwrap_key(wrapped: bytes, secret: bytes) -> RSAPrivateKey:
    """Raises WrongPassphrase for another secret or altered bytes, SpoiledKey for other data."""
    head, sealed = wrapped[: _HEAD.size], wrapped[_HEAD.size :]
    if not head.startswith(_MAGIC) or len(sealed) < 16:
        raise SpoiledKey
    try:
        plain = _sealing(head, secret).decrypt(head[-12:], sealed, head)
    except InvalidTag:
        raise WrongPassphrase from None
    key = serialization.load_der_private_key(plain, password=None)
    if not isinstance(key, RSAPrivateKey):
        raise SpoiledKey
    return key


def _sealing(head: bytes, secret: bytes) -> AESGCM:
    _, passes, memory, salt, _ = _HEAD.unpack(head)
    if not (1 <= passes <= 16 and 8 <= memory <= _MOST_MEMORY):
        raise SpoiledKey
    derived = hash_secret_raw(
        secret, salt, time_cost=passes, memory_cost=memory, parallelism=1, hash_len=32, type=Type.ID
    )
    return AESGCM(derived)
