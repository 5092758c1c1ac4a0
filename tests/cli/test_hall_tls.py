"""The hall's certificate passes strict checking by its address, as phones check it."""

from __future__ import annotations

import ssl
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from meetings.cli.hall_tls import HallTls, addresses, prepare

WANTED = ("192.168.43.1", "10.0.0.7")


def shake_hands(files: HallTls, name: str, *, root: Path | None = None) -> None:
    """A whole TLS handshake in memory. Raises ssl.SSLCertVerificationError."""
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(files.certificate, files.key)
    client_side = ssl.create_default_context(cafile=root or files.root)
    client_side.verify_flags |= ssl.VERIFY_X509_STRICT
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_side.wrap_bio(to_client, to_server, server_hostname=name)
    server = server_side.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(4):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert client.version() in {"TLSv1.2", "TLSv1.3"}


def leaf(files: HallTls) -> x509.Certificate:
    return x509.load_pem_x509_certificate(files.certificate.read_bytes())


@pytest.mark.parametrize("name", [*WANTED, "localhost"])
def test_every_address_of_the_hall_is_accepted(tmp_path: Path, name: str) -> None:
    shake_hands(prepare(tmp_path / "tls", WANTED), name)


def test_another_address_or_another_authority_is_not(tmp_path: Path) -> None:
    files = prepare(tmp_path / "tls", WANTED)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(files, "192.168.43.2")
    other = prepare(tmp_path / "other", WANTED)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(files, WANTED[0], root=other.root)


def test_it_lives_as_long_as_phones_allow(tmp_path: Path) -> None:
    made = leaf(prepare(tmp_path / "tls", WANTED))
    assert made.not_valid_after_utc - made.not_valid_before_utc <= timedelta(days=397)
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(one) for one in names.get_values_for_type(x509.IPAddress)] == list(WANTED)
    usage = made.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert not made.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign


def test_the_authority_stays_so_that_phones_accept_once(tmp_path: Path) -> None:
    first = prepare(tmp_path / "tls", WANTED)
    root, before = first.root.read_bytes(), leaf(first).serial_number
    second = prepare(tmp_path / "tls", ("172.16.0.9",))
    assert second.root.read_bytes() == root
    assert leaf(second).serial_number != before
    shake_hands(second, "172.16.0.9")


def test_nobody_else_reads_the_keys(tmp_path: Path) -> None:
    files = prepare(tmp_path / "tls", WANTED)
    for key in (files.key, files.root.with_suffix(".key")):
        assert key.stat().st_mode & 0o077 == 0
    assert files.root.parent.stat().st_mode & 0o077 == 0


def test_own_addresses_are_not_this_machine_s_loopback() -> None:
    assert all(not one.startswith("127.") for one in addresses())
