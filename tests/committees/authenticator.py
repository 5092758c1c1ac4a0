"""A device with passkeys, in memory: makes real keys and signs as WebAuthn says."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from meetings.committees.ceremony import decode, encode

_PRESENT, _VERIFIED, _WITH_KEY = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One key. `verified`: whether its person was asked for a finger or a PIN; `counts`: whether it counts."""

    origin: str
    verified: bool = True
    counts: bool = False
    signed: int = 0
    name: bytes = b"\x01" * 16
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    person: str = ""

    @property
    def id(self) -> str:
        """What its key is called."""
        return encode(self.name)

    def create(self, question: dict[str, Any]) -> dict[str, Any]:
        """As `navigator.credentials.create(…).toJSON()`."""
        self.person = question["user"]["id"]
        data = self._data(
            question["rp"]["id"], bytes(16) + len(self.name).to_bytes(2, "big") + self.name + self._cose()
        )
        told = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", question["challenge"])
        return self._answer(clientDataJSON=client, attestationObject=told)

    def get(self, question: dict[str, Any]) -> dict[str, Any]:
        """As `navigator.credentials.get(…).toJSON()`."""
        self.signed += 1
        data = self._data(question["rpId"])
        client = self._client("webauthn.get", question["challenge"])
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            clientDataJSON=client, authenticatorData=data, signature=signature, userHandle=decode(self.person)
        )

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _data(self, host: str, key: bytes = b"") -> bytes:
        flags = _PRESENT | (_VERIFIED if self.verified else 0) | (_WITH_KEY if key else 0)
        count = self.signed if self.counts else 0
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + count.to_bytes(4, "big") + key

    def _cose(self) -> bytes:
        at = self.key.public_key().public_numbers()
        x, y = (one.to_bytes(32, "big") for one in (at.x, at.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def _answer(self, **parts: bytes) -> dict[str, Any]:
        response = {name: encode(raw) for name, raw in parts.items()}
        return {"id": self.id, "rawId": self.id, "type": "public-key", "response": response}
