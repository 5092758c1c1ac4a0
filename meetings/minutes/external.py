"""A certificate of an authority outside this installation: who issued it, and may it sign today?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime

from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko_certvalidator import CertificateValidator
from pyhanko_certvalidator.errors import InsufficientRevinfoError, RevokedError

from meetings.minutes.authority import LEAST_BITS, MOST_BITS, UnfitKey
from meetings.minutes.foreign import NoRevocations, NotInForce, TakenBack, Untrusted
from meetings.minutes.listed import Listed
from meetings.minutes.trust import Trust, context

MOST_STEPS = 4  # certificates between a person's and a believed one


def issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether that one signed it."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def issuer_in(
    certificate: x509.Certificate, beside: Sequence[x509.Certificate], listed: Iterable[Listed]
) -> Listed | None:
    """Under which of them it was issued, directly or through certificates given beside it."""
    known = [(one, x509.load_pem_x509_certificate(pem)) for one in listed for pem in one.issuers]
    for _ in range(MOST_STEPS):
        if found := next((one for one, root in known if issued_by(certificate, root)), None):
            return found
        above = next((one for one in beside if one != certificate and issued_by(certificate, one)), None)
        if above is None:
            return None
        certificate = above
    return None


def fit_to_sign(
    certificate: bytes, beside: tuple[bytes, ...], listed: tuple[Listed, ...], now: datetime
) -> Listed:
    """Under which authority this certificate (PEM; `beside`: those above it) may sign now. Runs its own event loop:
    for a worker. Raises UnfitKey, NotInForce, Untrusted, TakenBack, NoRevocations."""
    leaf = x509.load_pem_x509_certificate(certificate)
    public = leaf.public_key()
    if not isinstance(public, RSAPublicKey) or not LEAST_BITS <= public.key_size <= MOST_BITS:
        raise UnfitKey
    if not leaf.not_valid_before_utc <= now < leaf.not_valid_after_utc:
        raise NotInForce
    above = [x509.load_pem_x509_certificate(one) for one in beside]
    found = issuer_in(leaf, above, [one for one in listed if one.in_force(now)])
    if found is None:
        raise Untrusted
    asyncio.run(_check(leaf, above, found))
    return found


async def _check(leaf: x509.Certificate, above: Iterable[x509.Certificate], listed: Listed) -> None:
    believed = context(Trust(roots=(), listed=(listed,)))
    validator = CertificateValidator(_asn1(leaf), [_asn1(one) for one in above], validation_context=believed)
    try:
        await validator.async_validate_usage({"non_repudiation"})  # type: ignore[no-untyped-call]  # untyped there
    except RevokedError:
        raise TakenBack from None
    except InsufficientRevinfoError:
        raise NoRevocations(issuer=listed.name) from None
    except Exception:  # the library raises many kinds for what does not hold
        raise Untrusted from None


def _asn1(certificate: x509.Certificate) -> Certificate:
    return Certificate.load(certificate.public_bytes(Encoding.DER))
