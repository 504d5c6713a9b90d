"""Those outside: a witness that speaks tlog-witness, and a timestamp authority (OpenSSL's `ts`), each behind HTTP."""

import base64
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from privacy.ledger import merkle, notes

Answer = Callable[[str, bytes], tuple[int, bytes]]


@contextmanager
def served(answer: Answer) -> Iterator[str]:
    """Address of a server that answers POST by answer(path, body) → (status, body)."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, said = answer(self.path, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class OtherOffice:
    """Keeps the last checkpoint, takes only what grew out of it, and cosigns (C2SP tlog-witness)."""

    def __init__(self, log_key: notes.Key) -> None:
        self.log_key = log_key
        self.private = Ed25519PrivateKey.generate()
        self.key = notes.Key("office.example/w", notes.COSIGNED, self.private.public_key().public_bytes_raw())
        self.size, self.root = 0, merkle.EMPTY
        self.asked: list[int] = []

    def answer(self, path: str, body: bytes) -> tuple[int, bytes]:
        head, _, note = body.decode().partition("\n\n")
        old, *proof = head.split("\n")
        try:
            said = notes.verified(note, self.log_key)
        except notes.BadNote:
            return 403, b""
        self.asked.append(int(old.removeprefix("old ")))
        if path != "/add-checkpoint":
            return 404, b""
        if self.asked[-1] != self.size:
            return 409, f"{self.size}\n".encode()
        grew = merkle.consistent(self.size, self.root, said.size, said.root, [*map(base64.b64decode, proof)])
        if not grew:
            return 422, b""
        self.size, self.root = said.size, said.root
        return 200, self._cosigned(said).encode()

    def _cosigned(self, said: notes.Checkpoint) -> str:
        now = int(time.time())
        signature = self.private.sign(f"cosignature/v1\ntime {now}\n{said.text}".encode())
        data = base64.b64encode(self.key.hash + now.to_bytes(8, "big") + signature).decode()
        return f"{notes.DASH}{self.key.name} {data}\n"


CONFIG = """
[ca]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[tsa]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa_config]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256
ess_cert_id_alg = sha256
"""


class TimestampAuthority:
    """OpenSSL's own, with certificates of its own, in a folder. It sends one of them: several OpenSSL leaves
    in an order that is not DER, and rfc3161-client reads only DER."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "openssl.cnf"
        self.config.write_text(CONFIG.format(folder=folder))
        (folder / "serial").write_text("01\n")
        self._openssl(
            "req", "-x509", *self._new("ca"), "-subj", "/CN=Example Root", "-days", "9", "-extensions", "ca"
        )
        self._openssl("req", *self._new("tsa", "csr"), "-subj", "/CN=Example TSA")
        sign = ["-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "9"]
        self._openssl(
            "x509", "-req", *sign, "-extfile", str(self.config), "-extensions", "tsa", "-out", "tsa.pem"
        )

    def _new(self, name: str, kind: str = "pem") -> list[str]:
        key = ["-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key"]
        return [*key, "-out", f"{name}.{kind}", "-config", str(self._request_config())]

    def _request_config(self) -> Path:
        path = self.folder / "req.cnf"
        path.write_text(
            "[req]\ndistinguished_name = dn\nprompt = no\n[dn]\nCN = x\n" + self.config.read_text()
        )
        return path

    def _openssl(self, *arguments: str) -> str:
        done = subprocess.run(["openssl", *arguments], cwd=self.folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def answer(self, path: str, body: bytes) -> tuple[int, bytes]:
        (self.folder / "query.tsq").write_bytes(body)
        asked = ["-queryfile", "query.tsq", "-out", "reply.tsr", "-config", str(self.config)]
        self._openssl("ts", "-reply", *asked, "-section", "tsa_config")
        return 200, (self.folder / "reply.tsr").read_bytes()

    def verify(self, reply: bytes, data: bytes) -> str:
        """What OpenSSL says of a receipt, as docs/privacy.md tells an auditor to ask it."""
        (self.folder / "kept.tsr").write_bytes(reply)
        (self.folder / "note.txt").write_bytes(data)
        return self._openssl("ts", "-verify", "-in", "kept.tsr", "-data", "note.txt", "-CAfile", "ca.pem")
