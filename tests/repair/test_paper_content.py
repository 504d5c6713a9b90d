"""What a file is by its content, and what is kept of it: asked of the program that decodes, as the portal runs it."""

import io
import zipfile

import pytest
from PIL import Image, PngImagePlugin

from repair import paper_content
from repair.paper_content import JPEG, PDF, NotAPaper
from repair.paper_decoding import environment, kept_of

A_PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
GPS = 0x8825


def picture(
    mode: str = "RGB", size: tuple[int, int] = (60, 40), form: str = "PNG", **options: object
) -> bytes:
    """Its left half is dark, its right half light."""
    grey = Image.new("L", size, 255)
    grey.paste(0, (0, 0, size[0] // 2, size[1]))
    image = grey.point(lambda v: v * 256, "I").convert("I;16") if mode == "I;16" else grey.convert(mode)
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def light(image: Image.Image, x: float, y: float = 0.5) -> int:
    return image.convert("L").getpixel((int(image.width * x), int(image.height * y)))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("mode", "form"),
    [
        ("RGB", "JPEG"),
        ("L", "JPEG"),
        ("CMYK", "JPEG"),
        ("RGB", "PNG"),
        ("RGBA", "PNG"),
        ("LA", "PNG"),
        ("P", "PNG"),
        ("1", "PNG"),
        ("I;16", "PNG"),
        ("RGB", "WEBP"),
        ("RGBA", "WEBP"),
        ("P", "GIF"),
    ],
)
def test_every_way_to_keep_a_picture_becomes_a_plain_jpeg(mode: str, form: str) -> None:
    kept, content_type = kept_of(picture(mode, form=form))
    image = opened(kept)
    assert content_type == JPEG
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (60, 40))
    assert light(image, 0.2) < 60
    assert light(image, 0.8) > 180


def test_what_is_transparent_becomes_white() -> None:
    for image in (Image.new("RGBA", (9, 9), (0, 0, 0, 0)), Image.new("P", (9, 9), 0)):
        out = io.BytesIO()
        image.save(out, "PNG", **({"transparency": 0} if image.mode == "P" else {}))
        assert light(opened(kept_of(out.getvalue())[0]), 0.5) > 250


def test_of_a_moving_picture_the_first_is_kept() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("white", "black", "red")]
    for form in ("GIF", "WEBP", "PNG"):
        out = io.BytesIO()
        frames[0].save(out, form, save_all=True, append_images=frames[1:])
        image = opened(kept_of(out.getvalue())[0])
        assert getattr(image, "n_frames", 1) == 1
        assert light(image, 0.5) > 250


def test_where_and_with_what_it_was_taken_stays_behind() -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0132] = "SECRET-MAKER", "2026:01:02 03:04:05"
    exif.get_ifd(GPS)[2] = (35.0, 10.0, 49.0)
    sent = picture(form="JPEG", exif=exif, comment=b"SECRET-COMMENT", icc_profile=b"SECRET-PROFILE" * 20)
    assert opened(sent).getexif().get_ifd(GPS)
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "SECRET-AUTHOR")
    for data in (sent, picture(pnginfo=notes, exif=exif), picture(form="WEBP", exif=exif, xmp=b"SECRET")):
        kept, _ = kept_of(data)
        assert b"SECRET" in data
        assert b"SECRET" not in kept
        image = opened(kept)
        assert not image.getexif()
        assert {"exif", "icc_profile", "comment", "xmp"}.isdisjoint(image.info)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_stands_upright(orientation: int) -> None:
    """Whatever side the camera wrote down: the dark half comes out where a viewer would show it."""
    exif = Image.Exif()
    exif[paper_content.ORIENTATION] = orientation
    image = opened(kept_of(picture(form="JPEG", exif=exif))[0])
    dark = {1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom"}
    at = {"left": (0.2, 0.5), "right": (0.8, 0.5), "top": (0.5, 0.2), "bottom": (0.5, 0.8)}
    assert image.size == ((60, 40) if orientation < 5 else (40, 60))
    assert light(image, *at[dark[orientation]]) < 60


def test_no_longer_than_needed_and_small_ones_stay() -> None:
    image = opened(kept_of(picture(size=(5000, 1000), form="JPEG"))[0])
    assert image.size == (2400, 480)
    assert opened(kept_of(picture("P", size=(1000, 3000)))[0]).size == (800, 2400)
    assert opened(kept_of(picture(size=(1, 1)))[0]).size == (1, 1)


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    bomb = picture("1", size=(20_000, 20_000))
    assert len(bomb) < 100_000
    with pytest.raises(NotAPaper, match="너무 큽니다"):
        kept_of(bomb)


def test_what_is_hidden_behind_a_picture_is_gone() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("evil.exe", b"MZ-EVIL")
    for form in ("JPEG", "PNG", "GIF"):
        sent = picture(form=form) + packed.getvalue() + b"<script>EVIL</script>"
        assert zipfile.is_zipfile(io.BytesIO(packed.getvalue()))
        kept, _ = kept_of(sent)
        assert b"EVIL" not in kept
        assert not zipfile.is_zipfile(io.BytesIO(kept))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_cut_off_or_made_up_it_is_refused_in_words(form: str) -> None:
    whole = picture(size=(600, 400), form=form)
    for data in (whole[: len(whole) // 2], whole[:20], whole[:16] + b"\xff" * 200):
        with pytest.raises(NotAPaper, match="깨져 있어"):
            kept_of(data)


@pytest.mark.parametrize(
    "data",
    [
        b"<html><script>alert(1)</script></html>",
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"just text",
        b"MZ\x90\x00",
        b"PK\x03\x04 a document",
        b"\0" * 100,
        b" " + A_PDF,
        b"\xef\xbb\xbf" + A_PDF,
        b"II*\0 a TIFF",
        b"BM a bitmap of another kind",
        b"8BPS a file of a drawing program",
        b"%!PS-Adobe-3.0 EPSF-3.0",
    ],
    ids=lambda data: data[:12].decode("latin-1"),
)
def test_anything_else_is_refused_naming_what_may_be_sent(data: bytes) -> None:
    with pytest.raises(NotAPaper, match=r"JPG, PNG, WEBP, GIF.*PDF"):
        kept_of(data)


def test_a_picture_of_a_kind_that_cannot_be_opened_is_told_so() -> None:
    with pytest.raises(NotAPaper, match="HEIC"):
        kept_of(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")


def test_a_pdf_is_kept_as_it_is_and_must_have_its_end() -> None:
    assert kept_of(A_PDF) == (A_PDF, PDF)
    with pytest.raises(NotAPaper, match="끝까지"):
        kept_of(A_PDF[:-8])
    with pytest.raises(NotAPaper, match="끝까지"):
        kept_of(A_PDF + b" " * 5000)


def test_the_program_has_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY", "DATA_KEYS", "INDEX_KEY", "DATABASE_URL", "REDIS_URL"):
        monkeypatch.setenv(name, "a secret")
    assert "a secret" not in environment().values()
