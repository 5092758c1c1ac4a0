"""The keys of a log and of a witness, and what they sign (C2SP signed-note, cosignature/v1)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from meetings.ledger.offline import (
    COSIGNATURE,
    DASH,
    NOTE,
    Checkpoint,
    Key,
    cosigned_message,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Signer:
    """A private key with its public side; its representation shows only the latter."""

    key: Key
    _private: Ed25519PrivateKey = field(repr=False)

    def sign_checkpoint(self, size: int, root: bytes) -> str:
        """The signed note of a log's checkpoint."""
        text = Checkpoint(origin=self.key.name, size=size, root=root).text
        return f"{text}\n{signature_line(self.key, self._private.sign(text.encode()))}"

    def cosign(self, checkpoint: Checkpoint, at: int) -> str:
        """The line by which a witness says that it saw this checkpoint; `at` in POSIX seconds."""
        signed = self._private.sign(cosigned_message(checkpoint.text, at))
        return signature_line(self.key, at.to_bytes(8, "big") + signed)


def signature_line(key: Key, signature: bytes) -> str:
    """The line of a note that carries this signature."""
    return f"{DASH}{key.name} {base64.b64encode(key.id + signature).decode()}\n"


def log_signer(secret: str) -> Signer:
    """The log's key, from the installation's secret. Its name comes from the key: another key, another log."""
    private = _derived(secret, b"chibo log key")
    digest = hashlib.sha256(_public(private)).hexdigest()
    return _signer(private, f"chibo.log/{digest[:16]}", NOTE)


def witness_signer(secret: str, name: str) -> Signer:
    """A witness's key, from its own secret. `name`: without spaces and plus signs."""
    return _signer(_derived(secret, b"chibo witness key"), name, COSIGNATURE)


def _derived(secret: str, purpose: bytes) -> Ed25519PrivateKey:
    seed = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)


def _signer(private: Ed25519PrivateKey, name: str, kind: int) -> Signer:
    return Signer(key=Key(name=name, kind=kind, public=_public(private)), _private=private)


def _public(private: Ed25519PrivateKey) -> bytes:
    raw = serialization.Encoding.Raw
    return private.public_key().public_bytes(raw, serialization.PublicFormat.Raw)
