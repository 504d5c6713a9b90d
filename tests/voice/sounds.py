"""Real recordings for the tests: a machine's voice, in the containers that browsers write."""

import io
import subprocess
import sys
import wave
from functools import cache

import av
from av.audio.frame import AudioFrame

NOTICE = "주민 여러분께 알려 드립니다. 오늘 오후 세 시에 마을회관에서 건강 검진이 있습니다."
CHROME = {"live": "1"}  # a stream: no length in its header
SAFARI = {"movflags": "frag_keyframe+empty_moov+default_base_moof", "frag_duration": "1000000"}


@cache
def voice() -> bytes:
    """NOTICE as WAV."""
    command = [sys.executable, "-m", "broadcast.voice.espeak", "300"]
    return subprocess.run(command, input=NOTICE.encode(), capture_output=True, check=True).stdout


def samples_of(wav: bytes) -> tuple[bytes, int]:
    with wave.open(io.BytesIO(wav)) as file:
        return file.readframes(file.getnframes()), file.getframerate()


def wav(samples: bytes, rate: int, channels: int = 1) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((channels, 2, rate, 0, "NONE", ""))
        file.writeframes(samples)
    return out.getvalue()


def quiet(seconds: float) -> bytes:
    return wav(bytes(int(48_000 * seconds) * 2), 48_000)


def seconds_of(sound: bytes) -> float:
    return sum(frame.samples / frame.sample_rate for frame in frames_of(sound))


def frames_of(sound: bytes) -> list[AudioFrame]:
    with av.open(io.BytesIO(sound)) as file:
        return list(file.decode(audio=0))


@cache
def recorded(container: str = "webm", codec: str = "libopus", picture: bool = False, **options: str) -> bytes:
    """voice() as a browser records it: 48 kHz; `picture` adds a video track."""
    out = io.BytesIO()
    with av.open(out, "w", format=container, options=options) as file:
        sound = file.add_stream(codec, rate=48_000, layout="mono")
        sound.bit_rate = 32_000
        if picture:
            film = file.add_stream("mpeg4" if container == "mp4" else "libvpx", rate=10)
            film.width, film.height, film.pix_fmt = 64, 48, "yuv420p"
            for at in range(10):
                frame = av.VideoFrame(64, 48, "yuv420p")
                frame.pts = at
                file.mux(film.encode(frame))
            file.mux(film.encode(None))
        for frame in frames_of(voice()):
            frame.pts = None
            file.mux(sound.encode(frame))
        file.mux(sound.encode(None))
    return out.getvalue()


@cache
def repeated(minutes: int) -> bytes:
    """voice() over and over, as WebM; its packets are copied, which takes no time."""
    with av.open(io.BytesIO(recorded())) as file:
        template = file.streams.audio[0]
        packets = [(bytes(packet), packet.duration) for packet in file.demux(template) if packet.size]
        out = io.BytesIO()
        with av.open(out, "w", format="webm", options=CHROME) as copy:
            stream = copy.add_stream_from_template(template)
            at = 0
            while at < minutes * 60_000:
                for data, duration in packets:
                    packet = av.Packet(data)
                    packet.stream, packet.pts, packet.dts, packet.duration = stream, at, at, duration
                    packet.time_base = template.time_base
                    copy.mux(packet)
                    at += duration or 20
    return out.getvalue()
