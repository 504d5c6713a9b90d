"""A real Mosquitto on loopback, set up as docs/gateway-mqtt.md asks for: passwords, an access list, TLS if wanted."""

import ipaddress
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from jinju_portal.launcher.servers import free_port

#: Each box reads its own commands and writes its own words; the portal the other way round.
ACCESS = """\
user portal
topic write jinju/+/command
topic read jinju/+/receipts
topic read jinju/+/status

pattern read jinju/%u/command
pattern write jinju/%u/receipts
pattern write jinju/%u/status
"""


class Mosquitto:
    """`ca`: the file to trust, None without TLS. A login's password is its name and "-secret"."""

    def __init__(self, folder: Path, boxes: Sequence[str], tls: bool) -> None:
        program, passwd = shutil.which("mosquitto", path=PATH), shutil.which("mosquitto_passwd", path=PATH)
        assert program and passwd, "mosquitto is not installed"
        self.program = program
        self.folder = folder
        self.port = free_port(29000, 2000)
        self.ca = folder / "ca.pem" if tls else None
        folder.mkdir()
        (folder / "acl").write_text(ACCESS)
        logins = folder / "passwords"
        logins.write_text("".join(f"{name}:{name}-secret\n" for name in ("portal", *boxes)))
        subprocess.run([passwd, "-U", str(logins)], check=True, capture_output=True)
        conf = ["per_listener_settings false", "allow_anonymous false", f"password_file {logins}"]
        conf += [f"acl_file {folder / 'acl'}", "persistence true", f"persistence_location {folder}/"]
        conf += ["autosave_interval 1", "autosave_on_changes true", "max_queued_messages 100000"]
        if os.geteuid() == 0:
            conf.append("user root")
        conf.append(f"listener {self.port} 127.0.0.1")
        if tls:
            certificates(folder)
            conf += [f"certfile {folder / 'server.pem'}", f"keyfile {folder / 'server.key'}"]
        (folder / "mosquitto.conf").write_text("\n".join(conf) + "\n")
        for path in folder.iterdir():
            path.chmod(0o600)
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, name: str = "portal", password: str = "") -> str:
        scheme = "mqtts" if self.ca else "mqtt"
        return f"{scheme}://{name}:{password or name + '-secret'}@127.0.0.1:{self.port}"

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.program, "-c", str(self.folder / "mosquitto.conf")], stdout=log, stderr=log
            )
        until = time.monotonic() + 20
        while True:
            assert self.process.poll() is None, (self.folder / "log").read_text()
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            assert time.monotonic() < until, "mosquitto did not start"
            time.sleep(0.05)

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(20)
            self.process = None


#: Debian keeps servers in sbin.
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


@contextmanager
def running(folder: Path, boxes: Sequence[str], tls: bool = False) -> Iterator[Mosquitto]:
    broker = Mosquitto(folder / "mosquitto", boxes, tls)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


def certificates(folder: Path) -> None:
    """ca.pem, and server.pem with server.key for 127.0.0.1; good for a day."""
    authority, server = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "throw-away")])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    blank = x509.CertificateBuilder().not_valid_before(now - timedelta(hours=1))
    blank = blank.not_valid_after(now + timedelta(days=1)).issuer_name(issuer)
    usage = x509.KeyUsage(
        *(False,) * 5, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False
    )
    ca = (
        blank.subject_name(issuer)
        .public_key(authority.public_key())
        .serial_number(1)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(authority.public_key()), critical=False)
        .sign(authority, hashes.SHA256())
    )
    own = (
        blank.subject_name(subject)
        .public_key(server.public_key())
        .serial_number(2)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), critical=False
        )
        .sign(authority, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(ca.public_bytes(pem))
    (folder / "server.pem").write_bytes(own.public_bytes(pem))
    (folder / "server.key").write_bytes(
        server.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
