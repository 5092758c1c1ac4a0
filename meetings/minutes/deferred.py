"""A signature in two steps (signing.md 2.5): the server prepares a file with a hole, the signer's own device signs
the attributes that hold its digest, the server checks the value and fills the hole.

Plain values, for a process pool and for the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from meetings.kernel.errors import Conflict, Invalid


class WrongSignature(Invalid):
    """The value is no signature of the prepared attributes by the certificate's key."""

    code = "wrong-signature"
    message = "Chữ ký gửi lên không đúng với tệp đã chuẩn bị và khóa của đồng chí. Chưa có gì được ký."


class SpoiledPending(Conflict):
    """The prepared file is no longer the one whose digest was prepared."""

    code = "spoiled-pending-signature"
    message = "Tệp chuẩn bị để ký không còn nguyên vẹn. Xin chuẩn bị lại."


@dataclass(frozen=True, kw_only=True, slots=True)
class DeferredPen:
    """Who will sign, as what, under which certificate (PEM; `chain`: those above it). `kind`: the class, in words."""

    role: str
    name: str
    position: str
    kind: str
    certificate: bytes
    chain: tuple[bytes, ...]
    signed_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """A file with room for one signature. `digest`: SHA-256 of all of it but the bytes from `start` to `end`;
    `attributes`: what is to be signed (DER), which hold the digest and the certificate's hash."""

    pdf: bytes
    digest: bytes
    attributes: bytes
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Filling:
    """What fills the hole. `role`: the field it must come to stand in."""

    role: str
    certificate: bytes
    chain: tuple[bytes, ...]
    signature: bytes
    timestamp_url: str | None
