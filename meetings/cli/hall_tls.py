"""TLS for a hall's own network: an authority of this installation and a certificate for its addresses."""

from __future__ import annotations

import ipaddress
import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from meetings.kernel.clock import real_now

_ROOT_LIFE = timedelta(days=3650)
_SKEW = timedelta(days=1)
_LEAF_LIFE = timedelta(days=397) - _SKEW  # phones refuse more than 398 days from the first to the last


@dataclass(frozen=True, kw_only=True, slots=True)
class HallTls:
    """Files in PEM. `root` is what phones are asked to accept once."""

    root: Path
    certificate: Path
    key: Path
    addresses: tuple[str, ...]


def addresses() -> tuple[str, ...]:
    """This machine's own addresses in the hall's network, most likely first. Sends nothing."""
    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # documentation address: only asks the routing table
        found.append(probe.getsockname()[0])
    with suppress(OSError):
        found += [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    usable = [one for one in dict.fromkeys(found) if not ipaddress.ip_address(one).is_loopback]
    return tuple(usable)


def prepare(folder: Path, wanted: tuple[str, ...]) -> HallTls:
    """The hall's files below `folder`; the authority is kept, the certificate made anew for `wanted`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    root_file, root_key = folder / "root.pem", folder / "root.key"
    if not root_file.exists():
        _make_root(root_file, root_key)
    files = HallTls(
        root=root_file, certificate=folder / "hall.pem", key=folder / "hall.key", addresses=wanted
    )
    _make_leaf(files, root_key)
    return files


def _make_root(certificate: Path, key_file: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "chibo (mạng nội bộ hội trường)")])
    builder = _builder(name, name, key.public_key(), _ROOT_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(authority=True), critical=True)
    _write_key(key_file, key)
    certificate.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))


def _make_leaf(files: HallTls, root_key: Path) -> None:
    issuer = x509.load_pem_x509_certificate(files.root.read_bytes())
    signer = serialization.load_pem_private_key(root_key.read_bytes(), None)
    if not isinstance(signer, ec.EllipticCurvePrivateKey):
        raise TypeError("not the hall's key")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, files.addresses[0])])
    names: list[x509.GeneralName] = [x509.DNSName("localhost")]
    names += [x509.IPAddress(ipaddress.ip_address(one)) for one in files.addresses]
    builder = _builder(name, issuer.subject, key.public_key(), _LEAF_LIFE)
    builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    server = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    builder = builder.add_extension(server, critical=False)
    builder = builder.add_extension(_usage(authority=False), critical=True)
    builder = builder.add_extension(_issued_by(signer.public_key()), critical=False)
    _write_key(files.key, key)
    pem = builder.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    files.certificate.write_bytes(pem + files.root.read_bytes())


def _usage(*, authority: bool) -> x509.KeyUsage:
    """RFC 5280 (May 2008) 4.2.1.3: who checks strictly asks for it."""
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _issued_by(key: ec.EllipticCurvePublicKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key)


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, life: timedelta
) -> x509.CertificateBuilder:
    now: datetime = real_now()
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    return builder.not_valid_before(now - _SKEW).not_valid_after(now + life)


def _write_key(file: Path, key: ec.EllipticCurvePrivateKey) -> None:
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.unlink(missing_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(pem)
