"""The client of driver `http` over TLS: the same, and nothing goes to whom nobody vouches for."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from broadcast.gateways import http_post
from broadcast.gateways.http_answer import Reply

from .byte_server import CHUNKED, GOOD, HANG, TO_THE_END, Server


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """A server's context and the file of the authority, itself, that vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(name))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    authority, both = folder / "authority.pem", folder / "server.pem"
    authority.write_bytes(pem)
    both.write_bytes(pem + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context, authority


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> object:
    """trusted(file): the system's authorities are those in the file."""

    def trust(file: Path) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        http_post._authorities.cache_clear()

    yield trust
    http_post._authorities.cache_clear()


async def by_tls(context: ssl.SSLContext | None, *parts: bytes | float | str, timeout: float = 5.0) -> Reply:
    async with Server(*parts, tls=context) as server:
        return await server.post(timeout, b"x" * 500_000, "https")


@pytest.mark.parametrize("answer", [GOOD, CHUNKED, TO_THE_END])
def test_over_tls_all_is_the_same(answer: bytes, trusted, tmp_path: Path) -> None:
    context, authority = certificate(tmp_path, "127.0.0.1")
    trusted(authority)
    reply = asyncio.run(by_tls(context, answer[:60], 0.05, answer[60:]))
    assert (reply.status, reply.body) == (202, b'{"a"')


def test_a_certificate_that_nobody_vouches_for_gets_no_command(tmp_path: Path) -> None:
    context, _ = certificate(tmp_path, "127.0.0.1")
    with pytest.raises(ssl.SSLCertVerificationError):
        asyncio.run(by_tls(context, GOOD))


def test_a_certificate_of_another_box_gets_no_command(trusted, tmp_path: Path) -> None:
    context, authority = certificate(tmp_path, "127.0.0.2")
    trusted(authority)
    with pytest.raises(ssl.SSLCertVerificationError):
        asyncio.run(by_tls(context, GOOD))


def test_over_tls_a_box_that_hangs_ends_with_the_time(trusted, tmp_path: Path) -> None:
    context, authority = certificate(tmp_path, "127.0.0.1")
    trusted(authority)
    for parts in [(HANG,), (GOOD[:20], HANG)]:
        with pytest.raises(TimeoutError):
            asyncio.run(by_tls(context, *parts, timeout=0.4))


def test_a_box_that_speaks_no_tls_or_says_nothing_at_all() -> None:
    async def at_once(*parts: bytes | str) -> None:
        async with Server(*parts, listens=False) as server:
            await server.post(0.4, scheme="https")

    with pytest.raises(TimeoutError):
        asyncio.run(at_once(HANG))
    with pytest.raises(ssl.SSLError):
        asyncio.run(at_once(b"HTTP/1.1 400 Bad Request\r\n\r\n", HANG))
