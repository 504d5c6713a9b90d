"""Fetching a sound and hearing it: really decoded, so that what a box reports is what came out."""

import asyncio
import hashlib
import io
import math
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import aiohttp
import av
import numpy as np

from .commands import Audio

TRIES = 3
"""A portal that restarts is back within seconds."""
TIMEOUT = aiohttp.ClientTimeout(total=20)
LONGEST = 3600
"""Seconds decoded at most: a small file may claim to be endless."""
SILENCE = -120.0
"""dBFS reported for digital silence, whose logarithm is no number."""


class NoSound(Exception):
    """`args[0]`: audio_fetch or audio_decode."""


@dataclass(frozen=True, slots=True)
class Heard:
    """`seconds` decoded; `dbfs`: root mean square over the whole, so that a full-scale sine is -3.0."""

    seconds: float
    dbfs: float


def listen(data: bytes) -> Heard:
    """Decodes an MP3. Raises NoSound."""
    seconds, power, count = 0.0, 0.0, 0
    try:
        with av.open(io.BytesIO(data), "r", format="mp3") as container:
            resampler = av.AudioResampler(format="fltp")
            for frame in container.decode(audio=0):
                for part in resampler.resample(frame):
                    samples = part.to_ndarray()
                    power += float(np.square(samples, dtype=np.float64).sum())
                    count += samples.size
                    seconds += samples.shape[1] / part.sample_rate
                if seconds > LONGEST:
                    raise NoSound("audio_decode")
    except (av.FFmpegError, ValueError, IndexError) as error:
        raise NoSound("audio_decode") from error
    if not count:
        raise NoSound("audio_decode")
    loudness = 10 * math.log10(power / count) if power else SILENCE
    return Heard(round(seconds, 3), round(max(loudness, SILENCE), 1))


class Sounds:
    """Where all boxes get theirs.

    `share`: fetch and decode each sound once for all. Real boxes each fetch on a machine of their own; here they
    share the portal's cores, and 358 decoders would take from the portal what they never take in the field.
    """

    def __init__(self, share: bool) -> None:
        self._share = share
        self._shared: OrderedDict[Audio, asyncio.Task[Heard]] = OrderedDict()
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="decode")
        self._turn = asyncio.Semaphore(16)
        self._session = aiohttp.ClientSession(
            timeout=TIMEOUT, connector=aiohttp.TCPConnector(limit=0), auto_decompress=False
        )

    async def hear(self, audio: Audio) -> Heard:
        """Raises NoSound."""
        if not self._share:
            return await self._hear(audio)
        task = self._shared.get(audio)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self._shared[audio] = asyncio.create_task(self._hear(audio))
            while len(self._shared) > 64:
                self._shared.popitem(last=False)
        return await asyncio.shield(task)  # one box that is interrupted does not take it from the others

    async def _hear(self, audio: Audio) -> Heard:
        async with self._turn:
            data = await self._fetch(audio)
            return await asyncio.get_running_loop().run_in_executor(self._threads, listen, data)

    async def _fetch(self, audio: Audio) -> bytes:
        for attempt in range(TRIES):
            if attempt:
                await asyncio.sleep(2 ** (attempt - 1))
            try:
                async with self._session.get(audio.url, allow_redirects=False) as answer:
                    if answer.status == 200:
                        return await _checked(answer, audio)
                    if answer.status < 500 and answer.status != 429:
                        break
            except (aiohttp.ClientError, OSError, TimeoutError):
                continue
        raise NoSound("audio_fetch")

    async def close(self) -> None:
        for task in self._shared.values():
            task.cancel()
        await asyncio.gather(*self._shared.values(), return_exceptions=True)
        await self._session.close()
        self._threads.shutdown(wait=False, cancel_futures=True)


async def _checked(answer: aiohttp.ClientResponse, audio: Audio) -> bytes:
    """The body, never more than announced. Raises NoSound if it is not what the command said."""
    data = bytearray()
    async for chunk in answer.content.iter_chunked(65536):
        data += chunk
        if len(data) > audio.size:
            raise NoSound("audio_fetch")
    if len(data) != audio.size or hashlib.sha256(data).hexdigest() != audio.sha256:
        raise NoSound("audio_fetch")
    return bytes(data)
