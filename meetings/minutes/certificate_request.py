"""A certificate request (PKCS#10, RFC 2986) from a signer's own device: who holds the key asks, and is named in it."""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID

from meetings.kernel.errors import Invalid
from meetings.kernel.ids import Id

MOST_BYTES = 4096


class BadCertificateRequest(Invalid):
    """Not a request, not signed by the key it holds, or made for somebody else."""

    code = "bad-certificate-request"
    message = "Yêu cầu cấp chứng thư không đúng: phải do chính máy của đồng chí lập và ký."


def requested_key(request: bytes, person: Id) -> bytes:
    """The public key (DER) of a request (DER) that this person made. The name in the certificate is not taken from
    it: the authority knows who asks. Raises BadCertificateRequest."""
    try:
        found = x509.load_der_x509_csr(request[: MOST_BYTES + 1])
        mine = [one.value for one in found.subject] == [person]
        named = [one.oid for one in found.subject] == [NameOID.SERIAL_NUMBER]
        if not (mine and named and found.is_signature_valid):
            raise BadCertificateRequest
        public = found.public_key()
    except (ValueError, TypeError, x509.InvalidVersion, UnsupportedAlgorithm):
        raise BadCertificateRequest from None
    return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
