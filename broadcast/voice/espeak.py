"""Speaks Korean text with espeak-ng: a program of its own (`python -m broadcast.voice.espeak`).

stdin: UTF-8 text. stdout: WAV, mono; nothing when it would be longer than the seconds in argv.
Run by spoken.py, never inside the web process: espeak-ng is C with global state, one speaker at a time.
"""

import ctypes
import os
import resource
import sys
import wave
from pathlib import Path
from typing import Any

import espeakng_loader

# From speak_lib.h of espeak-ng 1.52.
SYNCHRONOUS, DONT_EXIT = 2, 0x8000
RATE, WORDGAP = 1, 7
BY_CHARACTER, UTF8 = 1, 1
Listener = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)

WORDS_A_MINUTE = 145  # espeak's own is 175; a horn in the open wants slow and clear
CPU_SECONDS = 20


def said(text: str, longest: float) -> tuple[bytes, int]:
    """16-bit samples of the text, and their rate. Raises RuntimeError when espeak-ng cannot start."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    # espeak-ng fails when the path of its data has over 160 characters: so go there and say ".".
    os.chdir(Path(espeakng_loader.get_data_path()).parent)
    rate = library.espeak_Initialize(SYNCHRONOUS, 0, b".", DONT_EXIT)
    if rate <= 0 or library.espeak_SetVoiceByName(b"ko"):
        raise RuntimeError("espeak-ng does not start")
    heard = bytearray()

    def listen(samples: Any, count: int, _events: object) -> int:
        if samples and count > 0:
            heard.extend(ctypes.string_at(samples, count * 2))
        return int(len(heard) > longest * rate * 2)  # 1 stops it

    listener = Listener(listen)
    library.espeak_SetSynthCallback(listener)
    for parameter, value in [(RATE, WORDS_A_MINUTE), (WORDGAP, 2)]:
        library.espeak_SetParameter(parameter, value, 0)
    written = text.encode()
    library.espeak_Synth(written, ctypes.c_size_t(len(written) + 1), 0, BY_CHARACTER, 0, UTF8, None, None)
    library.espeak_Synchronize()
    return bytes(heard), rate


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    longest = float(sys.argv[1])
    samples, rate = said(sys.stdin.buffer.read().decode(), longest)
    if len(samples) > longest * rate * 2:
        return
    with wave.open(sys.stdout.buffer, "wb") as file:
        file.setparams((1, 2, rate, len(samples) // 2, "NONE", ""))
        file.writeframesraw(samples)


if __name__ == "__main__":
    main()
