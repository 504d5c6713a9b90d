"""What a file is, by its content, and what is kept of it. Bytes in, bytes out; knows no database and no setting.

Images are decoded and encoded anew: where and with what they were taken, and whatever was hidden behind the picture,
stays behind. A PDF is kept as it is, and only ever handed out as a file (views/paper.py).

As a program (paper_decoding.py) it reads an image and writes what is kept, within bounded memory and time.
"""

import copy
import io
import re
import resource
import sys
import warnings

from PIL import (
    GifImagePlugin,
    Image,
    ImageColor,
    ImagePalette,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

JPEG, PDF = "image/jpeg", "application/pdf"
#: By which Pillow decodes: these and no others, whatever the file says.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "MPO")  # MPO: a JPEG of a telephone with a second one behind it
#: What Pillow would import on the way, when the program can open no file any more.
_IMPORTED = (copy, ImageColor, ImagePalette, TiffImagePlugin)
_DECODERS = (GifImagePlugin, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin)
#: Before anything is decoded. Today's telephones take up to 50 million when asked to.
MOST_PIXELS = 50_000_000
#: Of the longer side, in pixels: a certificate can be read, a broken part seen.
LONGEST_SIDE = 2400
SIZE = (LONGEST_SIDE, LONGEST_SIDE)
QUALITY = 85
ORIENTATION = 0x0112
TURNS: dict[object, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
#: Of the program: bytes of memory, seconds of processor, and its exit code when the file is refused.
MEMORY, CPU_SECONDS, REFUSED = 900_000_000, 20, 3

MAY_BE_SENT = "사진(JPG, PNG, WEBP, GIF)이나 PDF 서류만 보내실 수 있습니다."
HEIC = (
    "아이폰의 HEIC 사진은 열 수 없습니다. JPG로 바꾸시거나, 그 사진을 화면에 띄우고 찍은 화면을 보내 주세요."
)
BROKEN = "사진이 깨져 있어 열 수 없습니다. 다시 찍거나 다른 사진을 골라 주세요."
BROKEN_PDF = "PDF 서류가 끝까지 들어 있지 않습니다. 서류를 다시 받아 보내 주세요."
TOO_MANY_PIXELS = "사진이 너무 큽니다. 휴대전화 카메라로 다시 찍거나 사진 크기를 줄여 주세요."


class NotAPaper(ValueError):
    """It is not taken; its text says in Korean why, and what to send instead."""


def kind_of(data: bytes) -> str:
    """ "image" or "pdf", by its first and last bytes. NotAPaper if it is neither."""
    if data.startswith(b"%PDF-"):
        if b"%%EOF" not in data[-2048:]:
            raise NotAPaper(BROKEN_PDF)
        return "pdf"
    if re.match(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF....WEBP", data, re.DOTALL):
        return "image"
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc"):
        raise NotAPaper(HEIC)
    raise NotAPaper(MAY_BE_SENT)


def encoded_anew(data: bytes) -> bytes:
    """The (first) picture as a JPEG of at most LONGEST_SIDE, upright, on white, with nothing but the picture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=FORMATS)
            if image.width * image.height > MOST_PIXELS:
                raise NotAPaper(TOO_MANY_PIXELS)
            image.draft("RGB", SIZE)  # a JPEG is decoded no larger than needed
            image.load()
            return _jpeg(_upright(_on_white(image), image.getexif().get(ORIENTATION, 1)))
    except NotAPaper:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise NotAPaper(TOO_MANY_PIXELS) from None
    except Exception as error:  # decoders raise whatever the bytes that somebody made up led them to
        raise NotAPaper(BROKEN) from error


def _on_white(image: Image.Image) -> Image.Image:
    """In RGB, small."""
    if image.mode.startswith("I"):  # 16 bits of grey: the upper eight
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif image.mode not in ("L", "LA", "RGB", "RGBA", "CMYK"):
        image = image.convert("RGBA")
    elif "transparency" in image.info:
        image = image.convert("LA" if image.mode == "L" else "RGBA")
    image.thumbnail(SIZE, reducing_gap=2.0)
    if "A" not in image.getbands():
        return image.convert("RGB")
    behind = Image.new("RGBA", image.size, "white")
    behind.alpha_composite(image.convert("RGBA"))
    return behind.convert("RGB")


def _upright(image: Image.Image, orientation: object) -> Image.Image:
    """Turned as the camera wrote that it was held."""
    turn = TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def _jpeg(image: Image.Image) -> bytes:
    """Of its pixels alone: what the file said besides (EXIF, ICC, comments) is not taken along."""
    out = io.BytesIO()
    plain = Image.frombytes("RGB", image.size, image.tobytes())
    plain.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def main() -> int:
    """What is kept, on standard output; or why nothing is (exit code REFUSED)."""
    Image.preinit()  # opens files, as the imports above did: after this it cannot
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    try:
        kept, code = encoded_anew(sys.stdin.buffer.read()), 0
    except NotAPaper as error:
        kept, code = str(error).encode(), REFUSED
    sys.stdout.buffer.write(kept)
    return code


if __name__ == "__main__":
    sys.exit(main())
