"""A file that only grows: on a disk of somebody else, write-once if there is one (chattr +a)."""

import os
import re
from urllib.parse import unquote, urlsplit

from . import Shown, Witness, WitnessTrouble


def show(witness: Witness, shown: Shown) -> str:
    """Made the first time only: a file that is gone later is a disk that is not there, not a reason to begin anew on
    our own. WitnessTrouble if it is gone, shorter than it was, or takes not all."""
    path = unquote(urlsplit(witness.address).path)
    known = re.match(r"byte ([0-9]+)$", shown.last_answer)
    if not known:
        os.makedirs(os.path.dirname(path), exist_ok=True)
    try:
        handle = os.open(path, os.O_RDWR | os.O_APPEND | (0 if known else os.O_CREAT), 0o644)
    except FileNotFoundError:
        raise WitnessTrouble("보관 파일이 없습니다. 그 디스크가 붙어 있는지 봐 주세요.") from None
    try:
        size = os.fstat(handle).st_size
        if known and size < int(known[1]):
            raise WitnessTrouble(
                f"보관 파일이 짧아졌습니다({known[1]}에서 {size}바이트). 누가 고쳤는지 봐 주세요."
            )
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"  # by a disk that was full
        line = (("\n" if torn else "") + shown.note + "\n").encode()
        # In one piece, after whatever somebody else wrote.
        if os.write(handle, line) != len(line):
            raise WitnessTrouble("보관 파일에 다 쓰지 못했습니다. 디스크가 찼는지 봐 주세요.")
        os.fsync(handle)
        return f"byte {os.fstat(handle).st_size}"
    finally:
        os.close(handle)
