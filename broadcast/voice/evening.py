"""Untrusted sound in, MP3 of one loudness out: a program of its own (`python -m broadcast.voice.evening`).

Run by recorded.py, never inside the web process: a decoder written in C reads what a stranger sent. Before
the first byte is looked at, the process gives up opening anything (file or socket) and bounds its memory and
CPU time. That costs 0.1 s, the start of Python and the import of PyAV.

stdin:  the file as it came.    argv: longest seconds, target LUFS.
stdout: one line of JSON, {"duration", "loudness"} followed by the MP3, or {"refused": Korean sentence}.
"""

import io
import json
import resource
import sys
from collections.abc import Iterator

import av
import av.subtitles.stream  # PyAV imports it while it opens a file: too late for us, see give_up_powers
from av.audio.frame import AudioFrame
from av.filter import Graph

from broadcast.voice.sound import UNREADABLE, BadSound, Sound

RATE = 24_000
BIT_RATE = 48_000
FAST = {"compression_level": "7"}  # twice as fast as LAME's default; a voice does not show it
SAMPLE = 4  # bytes of one float
SHORTEST = 0.5  # seconds
GRACE = 1.0  # a phone that stops by itself at the limit stops a moment late
QUIETEST = -50.0  # LUFS. Speech into a phone comes at -35 to -15; a silent room at -70 to -55.
CLOSE_ENOUGH = 0.2  # LU
LOST_IN_LAME = 0.45  # LU: it scales what it encodes by 0.95

MEMORY = 1024**3  # of addresses, not of RAM: the libraries alone reserve a quarter of it
CPU_SECONDS = 30

# Below 120 Hz a horn speaker only rattles: wind, handling noise.
CLEAR = "highpass", "f=120"
LIMIT = "alimiter", "limit=0.8:attack=5:release=50:level=0:latency=1"
ONE_RATE = "aresample", str(RATE)
ONE_VOICE = "aformat", "sample_fmts=fltp:channel_layouts=mono"

# The first bytes decide, never the name or the type that came along. Only these four readers are ever tried,
# so a playlist (HLS, concat, DASH), which could point at other files, is just a file of an unknown kind.
CONTAINERS = [
    (0, b"\x1aE\xdf\xa3", "matroska"),
    (4, b"ftyp", "mp4"),
    (0, b"OggS", "ogg"),
    (0, b"RIFF", "wav"),
]
CODECS = ["opus", "vorbis", "aac", "flac", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_u8"]

CUT_OFF = "녹음이 중간에 끊겼습니다. 다시 녹음해 주십시오."
VIDEO = "영상은 보낼 수 없습니다. 영상이 아니라 소리만 녹음해 주십시오."
TOO_SHORT = "녹음이 너무 짧습니다. 다시 녹음해 주십시오."
TOO_QUIET = "목소리가 거의 들리지 않습니다. 휴대전화를 입 가까이 대고 다시 녹음해 주십시오."


def evened(data: bytes, longest: float, target: float) -> Sound:
    """The recording as a Sound of `target` LUFS. Raises BadSound, also when longer than `longest` seconds."""
    try:
        voice = heard(data, longest)
    except av.FFmpegError as error:
        raise BadSound(UNREADABLE) from error
    if seconds(voice) < SHORTEST:
        raise BadSound(TOO_SHORT)
    before = loudness(frames(voice))
    if before < QUIETEST:
        raise BadSound(TOO_QUIET)
    mp3 = as_mp3(levelled(voice, before, target + LOST_IN_LAME))
    with av.open(io.BytesIO(mp3), "r", format="mp3") as file:
        return Sound(mp3, seconds(voice), loudness(file.decode(audio=0)))


def heard(data: bytes, longest: float) -> bytes:
    """What is said in the file, as mono floats at RATE. Stops as soon as it is over `longest` seconds.

    A file cut off is refused where that can be known, for half a warning may say its opposite: a fault in any
    packet refuses the whole, and so does a length in the header (MP4, finished WebM) that is not reached. What
    Chrome streams announces none, WAV and Ogg are measured as they are: there, what arrived is what was said,
    and the person hears it before it goes out.
    """
    kind = next((kind for at, magic, kind in CONTAINERS if data[at : at + len(magic)] == magic), None)
    if kind is None:
        raise BadSound(UNREADABLE)
    options = {"codec_whitelist": ",".join(CODECS), "protocol_whitelist": ""}
    with av.open(
        io.BytesIO(data), "r", format=kind, container_options=options, metadata_errors="replace"
    ) as file:
        if file.streams.video:
            raise BadSound(VIDEO)
        if not file.streams.audio or file.streams.audio[0].codec_context.name not in CODECS:
            raise BadSound(UNREADABLE)
        stream = file.streams.audio[0]
        promised = file.duration / av.time_base if file.duration else 0.0
        voice = bytearray()
        for frame in through(file.decode(stream), CLEAR, ONE_RATE, ONE_VOICE):
            voice += samples(frame)
            if seconds(voice) > longest + GRACE:
                raise BadSound(f"녹음이 너무 깁니다. {length(longest)} 안으로 다시 녹음해 주십시오.")
    if seconds(voice) < promised - 0.5:
        raise BadSound(CUT_OFF)
    return bytes(voice)


def levelled(voice: bytes, before: float, target: float) -> bytes:
    """The same voice from `before` to `target` LUFS, peaks under -2 dBFS.

    Measured, changed and measured again, rather than by FFmpeg's loudnorm: that turns dynamic, pumping up the
    pauses, as soon as one peak does not fit. One gain for the whole keeps a voice natural. The limiter takes a
    little away, hence the second look.
    """
    gain = target - before
    for _ in range(4):
        louder = through(frames(voice), ("volume", f"{gain:.2f}dB"), LIMIT, ONE_VOICE)
        result = b"".join(map(samples, louder))
        missing = target - loudness(frames(result))
        if abs(missing) < CLOSE_ENOUGH:
            break
        gain += missing
    return result


def loudness(heard: Iterator[AudioFrame]) -> float:
    """LUFS of the whole, gated as EBU R 128 says; -70 is silence."""
    lufs = -70.0
    for frame in through(heard, ("ebur128", "metadata=1")):
        lufs = float(frame.metadata.get("lavfi.r128.I", lufs))
    return lufs


def through(heard: Iterator[AudioFrame], *filters: tuple[str, str]) -> Iterator[AudioFrame]:
    """The frames as they leave the filters (name, options)."""
    graph = None
    for frame in heard:
        if graph is None:
            graph = chain(frame, *filters)
        frame.pts = None  # a browser's clock may jump; only the order counts
        graph.push(frame)
        yield from ready(graph)
    if graph:
        graph.push(None)
        yield from ready(graph)


def chain(first: AudioFrame, *filters: tuple[str, str]) -> Graph:
    graph = Graph()
    graph.threads = 1
    start = graph.add_abuffer(sample_rate=first.sample_rate, format=first.format, layout=first.layout)
    graph.link_nodes(start, *(graph.add(*f) for f in filters), graph.add("abuffersink")).configure()
    return graph


def ready(graph: Graph) -> Iterator[AudioFrame]:
    while True:
        try:
            frame = graph.pull()
        except (BlockingIOError, EOFError):
            return
        if isinstance(frame, AudioFrame):
            yield frame


def frames(voice: bytes) -> Iterator[AudioFrame]:
    """The voice cut into frames of a second."""
    for start in range(0, len(voice), RATE * SAMPLE):
        piece = voice[start : start + RATE * SAMPLE]
        frame = AudioFrame("fltp", "mono", len(piece) // SAMPLE)
        frame.sample_rate = RATE
        frame.planes[0].update(piece)
        yield frame


def samples(frame: AudioFrame) -> bytes:
    return bytes(frame.planes[0])[: frame.samples * SAMPLE]


def seconds(voice: bytes | bytearray) -> float:
    return len(voice) / SAMPLE / RATE


def length(longest: float) -> str:
    return f"{longest / 60:.0f}분" if longest >= 60 and longest % 60 == 0 else f"{longest:.0f}초"


def as_mp3(voice: bytes) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mp3", options={"id3v2_version": "0"}) as file:
        stream = file.add_stream("libmp3lame", rate=RATE, layout="mono", format="fltp", options=FAST)
        stream.bit_rate = BIT_RATE
        for frame in frames(voice):
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()


def give_up_powers() -> None:
    """From here on this process opens nothing, and cannot eat the machine."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def main() -> None:
    longest, target = map(float, sys.argv[1:])
    av.logging.set_level(None)
    give_up_powers()
    try:
        sound = evened(sys.stdin.buffer.read(), longest, target)
    except BadSound as refusal:
        head: dict[str, object] = {"refused": str(refusal)}
        body = b""
    else:
        head = {"duration": sound.duration, "loudness": sound.loudness}
        body = sound.data
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)


if __name__ == "__main__":
    main()
