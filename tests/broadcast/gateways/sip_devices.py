"""Real SIP devices on loopback: baresip, which answers and records what it hears, sipp as many that answer, and a
small one of our own that misbehaves as it is told."""

import hashlib
import re
import select
import shutil
import socket
import subprocess
import threading
import time
import wave
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from broadcast.models import Broadcast, Village
from broadcast.publish import publish
from jinju_portal.launcher.servers import free_port
from tests import make

CONFIG = """\
module_path {modules}
module g711.so
module sndfile.so
module aubridge.so
module_app account.so
module_app menu.so
sip_listen 127.0.0.1:{port}
audio_player aubridge,heard
audio_source aubridge,said
audio_alert aubridge,alert
jitter_buffer_delay 5-10
snd_path {recordings}
"""


def wait_for(true: Callable[[], object], patience: float = 20) -> None:
    until = time.monotonic() + patience
    while not true():
        assert time.monotonic() < until, "it did not come true"
        time.sleep(0.05)


class Baresip:
    def __init__(self, folder: Path) -> None:
        self.port = free_port(31000, 2000)
        self.address = f"sip:speaker@127.0.0.1:{self.port}"
        self.recordings = folder / "recordings"
        self.log = folder / "log"

    def log_says(self, words: str) -> bool:
        return words in self.log.read_text(errors="replace")

    def heard(self) -> tuple[float, float]:
        """Seconds that it recorded, and their level from first to last sound in dB full scale."""
        (file,) = self.recordings.glob("*-dec.wav")
        with wave.open(str(file)) as sound:
            samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16).astype(float)
            rate = sound.getframerate()
        loud = np.flatnonzero(np.abs(samples) > 300)
        return (loud[-1] - loud[0]) / rate, level(samples[loud[0] : loud[-1]])


def level(samples: np.ndarray) -> float:
    return float(20 * np.log10(np.sqrt((samples**2).mean()) / 32768))


@contextmanager
def baresip(folder: Path) -> Iterator[Baresip]:
    program = shutil.which("baresip")
    assert program, "baresip is not installed"
    (modules,) = {path.parent for path in Path("/usr").glob("lib*/**/baresip/modules/sndfile.so")} or {None}
    device = Baresip(folder)
    device.recordings.mkdir(parents=True)
    settings = folder / "settings"
    settings.mkdir()
    config = CONFIG.format(modules=modules, port=device.port, recordings=device.recordings)
    (settings / "config").write_text(config)
    (settings / "accounts").write_text("<sip:speaker@127.0.0.1>;regint=0;answermode=auto\n")
    with device.log.open("w") as log:
        child = subprocess.Popen(
            [program, "-f", str(settings)], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder
        )
    try:
        wait_for(lambda: device.log_says("baresip is ready"))
        yield device
    finally:
        child.terminate()
        child.wait(10)


@contextmanager
def sipp(folder: Path, calls: int) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """sipp's own answering scenario. It ends with code 0 once that many calls came and went as they should."""
    program = shutil.which("sipp")
    assert program, "sipp is not installed"
    port, media = free_port(33000, 1000), free_port(34000, 1000)
    command = [
        program,
        "-sn",
        "uas",
        "-i",
        "127.0.0.1",
        "-p",
        str(port),
        "-mi",
        "127.0.0.1",
        "-mp",
        str(media),
    ]
    with (folder / "sipp.log").open("w") as log:
        child = subprocess.Popen(
            [*command, "-m", str(calls), "-nostdin", "-d", "0", "-timeout", "60"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
        )
    try:
        wait_for(lambda: _is_bound(port))
        yield f"127.0.0.1:{port}", child
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()


def _is_bound(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def sent(*addresses: str, category: str = "life", seconds: float = 0.4) -> Broadcast:
    """A broadcast of a tone, to one device in a village of its own for each address."""
    villages = [make.gateway(address=a, driver="sip", remembers_ids=False).village for a in addresses]
    return sent_to(villages, category, seconds)


def sent_to(villages: Sequence[Village], category: str = "life", seconds: float = 1.0) -> Broadcast:
    author = make.city_operator()
    draft = make.draft(author, villages, category)
    draft.recording = make.recording(author, seconds)
    draft.save()
    return publish(draft.pk, author)


class Oddity:
    """Answers each call as the extension says: busy, gone, moved, forbidden, deaf, mute, rings, cuts, login, good …"""

    PASSWORD = "열려라 참깨"
    NONCE, REALM = "n0nce", "village"

    def __init__(self) -> None:
        self.line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.line.bind(("127.0.0.1", 0))
        self.media = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.media.bind(("127.0.0.1", 0))
        self.asked: list[tuple[str, str]] = []
        self.packets: list[bytes] = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._serve)

    def address(self, extension: str) -> str:
        return f"sip:{extension}@127.0.0.1:{self.line.getsockname()[1]}"

    def methods(self, extension: str) -> list[str]:
        return [method for who, method in self.asked.copy() if who == extension]

    def _serve(self) -> None:
        while not self.over.is_set():
            for ready in select.select([self.line, self.media], [], [], 0.1)[0]:
                data, source = ready.recvfrom(9000)
                if ready is self.media:
                    self.packets.append(data)
                else:
                    with suppress(OSError):
                        self._answer(data.decode(), source)
        self.line.close()
        self.media.close()

    def _answer(self, text: str, source: tuple[str, int]) -> None:
        if text.startswith("SIP/2.0"):
            return
        method = text.split()[0]
        found = re.search(r"^To: <sip:([^@]+)@", text, re.MULTILINE)
        assert found
        who = found[1]
        again = (who, method) in self.asked
        self.asked.append((who, method))

        def say(status: str, headers: str = "", body: str = "", to: tuple[str, int] = source) -> None:
            same = "".join(
                f"{line}\r\n"
                for line in text.split("\r\n")
                if line.startswith(("Via:", "From:", "Call-ID:", "CSeq:")) or line == whole_to
            )
            answer = f"SIP/2.0 {status}\r\n{same}{headers}Content-Length: {len(body)}\r\n\r\n{body}"
            self.line.sendto(answer.replace(whole_to, tagged_to).encode(), to)

        whole_to = next(line for line in text.split("\r\n") if line.startswith("To:"))
        tagged_to = whole_to if ";tag=" in whole_to else f"{whole_to};tag=odd"
        contact = f"Contact: <{self.address(who)}>\r\n"
        body = (
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            f"m=audio {self.media.getsockname()[1]} RTP/AVP 0\r\n"
        )
        if method == "INVITE":
            self._called(who, again, text, say, contact, body)
        elif method == "ACK" and who == "cuts":
            self._hang_up(text, source)
        elif method == "CANCEL":
            say("200 OK")
            self._say_of_invite(text, say)
        elif method in ("BYE", "OPTIONS") and who != "mute":
            if who == "away":
                say("481 No such call")
            elif who == "login-bye" and not self._proved(who, text, "BYE"):
                say("401 Unauthorized", self._question(who))
            elif who != "vanishes":
                say("200 OK")

    def _called(self, who: str, again: bool, text: str, say, contact: str, body: str) -> None:
        refusals = {
            "busy": "486 Busy Here",
            "everywhere": "600 Busy Everywhere",
            "gone": "404 Not Found",
            "forbidden": "403 Forbidden",
            "asleep": "480 Temporarily Unavailable",
            "broken": "500 Server Error",
        }
        if who in refusals:
            say(refusals[who])
        elif who == "choosy" and "Session-Expires:" in text:
            say("422 Session Interval Too Small", "Min-SE: 1800\r\n")
        elif who == "moved":
            say("302 Moved", "Contact: <sip:elsewhere@127.0.0.1:9>\r\n")
        elif who == "rings":
            say("180 Ringing")
        elif who == "deaf":
            say("200 OK", contact, "v=0\r\nc=IN IP4 0.0.0.0\r\nm=audio 0 RTP/AVP 8\r\n")
        elif who == "lost" and not again:
            pass  # the first one is lost on the way
        elif who.startswith("login") and who != "login-bye" and not self._proved(who, text):
            say("401 Unauthorized", self._question(who))
        elif who == "garbage":
            for rubbish in (
                b"",
                b"\0" * 100,
                b"SIP/2.0 200 OK\r\n\r\n",
                b"SIP/2.0 999 x\r\nCSeq: x",
                b"x" * 9000,
            ):
                self.line.sendto(rubbish, self._source_of(text))
            say("200 OK", contact + "X: y\r\n" * 20, body)
        elif who != "mute":
            say("180 Ringing")
            say("200 OK", contact, body)

    @staticmethod
    def _source_of(text: str) -> tuple[str, int]:
        found = re.search(r"^Via: SIP/2.0/UDP ([\d.]+):(\d+)", text, re.MULTILINE)
        assert found
        return found[1], int(found[2])

    def _say_of_invite(self, text: str, say) -> None:
        answer = []
        original = text.replace("CSeq: 1 CANCEL", "CSeq: 1 INVITE")
        for line in original.split("\r\n"):
            if line.startswith(("Via:", "From:", "Call-ID:", "CSeq:")):
                answer.append(line)
            elif line.startswith("To:"):
                answer.append(f"{line};tag=odd")
        whole = "\r\n".join(["SIP/2.0 487 Request Terminated", *answer, "Content-Length: 0", "", ""])
        self.line.sendto(whole.encode(), self._source_of(text))

    def _hang_up(self, text: str, source: tuple[str, int]) -> None:
        values = dict(line.split(": ", 1) for line in text.split("\r\n") if ": " in line)
        lines = [
            "BYE sip:portal@127.0.0.1 SIP/2.0",
            "Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKodd",
            f"From: {values['To']}",
            f"To: {values['From']}",
            f"Call-ID: {values['Call-ID']}",
            "CSeq: 1 BYE",
            "Content-Length: 0",
        ]
        self.line.sendto("\r\n".join([*lines, "", ""]).encode(), source)

    def _question(self, who: str) -> str:
        more = {"login-sha": ", algorithm=SHA-256", "login-stale": ", stale=true"}.get(who, "")
        return f'WWW-Authenticate: Digest realm="{self.REALM}", nonce="{self.NONCE}", qop="auth"{more}\r\n'

    def _proved(self, who: str, text: str, method: str = "INVITE") -> bool:
        """Reckoned here anew, by RFC 2617 and RFC 7616."""
        found = re.search(r"^Authorization: Digest (.*)$", text, re.MULTILINE)
        if not found:
            return False
        said = dict(re.findall(r'(\w+)="?([^",\r]*)"?', found[1]))
        kind = hashlib.sha256 if who == "login-sha" else hashlib.md5

        def h(words: str) -> str:
            return kind(words.encode()).hexdigest()

        secret = h(f"portal-login:{self.REALM}:{self.PASSWORD}")
        right = h(f"{secret}:{self.NONCE}:{said['nc']}:{said['cnonce']}:auth:{h(method + ':' + said['uri'])}")
        return said["response"] == right


@contextmanager
def oddity() -> Iterator[Oddity]:
    device = Oddity()
    device.thread.start()
    try:
        yield device
    finally:
        device.over.set()
        device.thread.join()
