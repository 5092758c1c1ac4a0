"""What browsers are asked for and what devices answer: the only file that knows the library for WebAuthn.

The library takes about a second to load, so it is loaded by the first answer and in a thread.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson

from meetings.committees.passkeys import NoPasskeysHere, Passkey, PasskeyRefused, Site
from meetings.kernel.ids import Id

# ES256, EdDSA, RS256 (COSE): what devices of the last ten years know.
_ALGORITHMS = (-7, -8, -257)
_WAIT_MS = 300_000
_MOST_ANSWER = 20_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a device answered, read but not yet believed. `said`: the whole; `challenge`: which question it means."""

    said: dict[str, Any]
    credential: str
    challenge: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A new key that holds. base64url."""

    credential: str
    public_key: str
    sign_count: int


def site_of(origin: str) -> Site:
    """The site of an address such as https://hop.example.vn:8443. Raises NoPasskeysHere."""
    parts = urlsplit(origin)
    host = parts.hostname or ""
    if not host or _is_address(host) or not (parts.scheme == "https" or _is_local(host)):
        raise NoPasskeysHere
    return Site(host=host, origin=origin)


def to_make(site: Site, name: str, person: Id, question: bytes, known: Iterable[Passkey]) -> dict[str, Any]:
    """For `navigator.credentials.create`, bytes as base64url. No attestation: nobody asks what device it is."""
    return {
        "rp": {"id": site.host, "name": "Sinh hoạt chi bộ"},
        "user": {"id": encode(person.encode()), "name": name, "displayName": name},
        "challenge": encode(question),
        "pubKeyCredParams": [{"type": "public-key", "alg": one} for one in _ALGORITHMS],
        "timeout": _WAIT_MS,
        "excludeCredentials": [{"type": "public-key", "id": one.credential} for one in known],
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "attestation": "none",
    }


def to_enter(site: Site, question: bytes) -> dict[str, Any]:
    """For `navigator.credentials.get`, bytes as base64url. Names no key, so it says nothing about anybody."""
    return {
        "challenge": encode(question),
        "timeout": _WAIT_MS,
        "rpId": site.host,
        "userVerification": "required",
    }


def read(text: str) -> Answer:
    """Raises PasskeyRefused for what no device sends."""
    try:
        if len(text) > _MOST_ANSWER:
            raise PasskeyRefused
        said = orjson.loads(text)
        client = orjson.loads(decode(said["response"]["clientDataJSON"]))
        return Answer(said=said, credential=str(said["id"]), challenge=decode(client["challenge"]))
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        raise PasskeyRefused from None


async def made(answer: Answer, site: Site) -> Made:
    """The new key, where the answer holds. Raises PasskeyRefused."""
    return await asyncio.to_thread(_made, answer, site)


async def entered(answer: Answer, site: Site, key: Passkey) -> int:
    """How often the device says it signed, where the answer holds for this key. Raises PasskeyRefused."""
    return await asyncio.to_thread(_entered, answer, site, key)


def _made(answer: Answer, site: Site) -> Made:
    import webauthn  # noqa: PLC0415  slow to load
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415  as above

    try:
        found = webauthn.verify_registration_response(
            credential=answer.said,
            expected_challenge=answer.challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        raise PasskeyRefused from None
    return Made(
        credential=encode(found.credential_id),
        public_key=encode(found.credential_public_key),
        sign_count=found.sign_count,
    )


def _entered(answer: Answer, site: Site, key: Passkey) -> int:
    import webauthn  # noqa: PLC0415  slow to load
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415  as above

    try:
        found = webauthn.verify_authentication_response(
            credential=answer.said,
            expected_challenge=answer.challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=decode(key.public_key),
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        raise PasskeyRefused from None
    return found.new_sign_count


def encode(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes. Raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_local(host: str) -> bool:
    return host == "localhost" or host.endswith(".localhost")
