"""From bytes to a tree of XML. What comes from outside is hostile: no DTD, no entities, nothing fetched, all bounded.

Pure. Encodings: UTF-8, UTF-16 and EUC-KR (with its superset CP949). Expat itself knows no Korean one, and guessing
would let a broken alert be read aloud: what the bytes are and what they say of themselves must agree.
"""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from .refused import Refused

#: Bytes of one alert. A long one with the outline of a city takes some 50,000.
MOST_BYTES = 1_000_000
MOST_DEPTH, MOST_ELEMENTS = 12, 20_000

CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "utf-16": "utf-16",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "cp949": "cp949",
    "ms949": "cp949",
    "windows-949": "cp949",
}
DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
DECLARATION = re.compile(r"\s*<\?xml\s[^>]{0,200}\?>")


class _Bounded(TreeBuilder):
    """A tree that does not grow beyond what an alert needs."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = self.count = 0

    def start(self, tag, attrs, /):
        self.depth, self.count = self.depth + 1, self.count + 1
        if self.depth > MOST_DEPTH or self.count > MOST_ELEMENTS:
            raise Refused(
                "too_complex", "경보의 짜임이 너무 복잡합니다.", "nested too deep or too many elements"
            )
        return super().start(tag, attrs)

    def end(self, tag, /):
        self.depth -= 1
        return super().end(tag)


def tree_of(data: bytes) -> tuple[Element, str]:
    """The root element, and the XML as text. Raises Refused."""
    text = decoded(data)
    parser = DefusedXMLParser(target=_Bounded(), forbid_dtd=True)
    try:
        # As text, so that Expat does not ask the declaration again.
        parser.feed(DECLARATION.sub("", text, count=1).lstrip())
        root = parser.close()
    except DefusedXmlException as e:
        raise Refused(
            "forbidden_xml",
            "DTD나 엔티티가 든 XML은 받지 않습니다. 빼고 다시 보내 주세요.",
            f"DTD and entities are not accepted ({type(e).__name__})",
        ) from e
    except (ParseError, ValueError) as e:
        raise Refused(
            "not_xml", "XML로 읽을 수 없습니다. 형식을 확인해 주세요.", f"not XML: {e}"[:200]
        ) from e
    return root, text


def decoded(data: bytes) -> str:
    """The text, by its byte order mark or its declaration, which must not contradict each other. Raises Refused."""
    if not data.strip():
        raise Refused("empty", "보내신 내용이 비어 있습니다.", "the body is empty")
    if len(data) > MOST_BYTES:
        raise too_large()
    name = _declared(data)
    codec = CODECS.get(name)
    if codec is None:
        raise Refused(
            "encoding",
            f"글자 방식({name})을 알지 못합니다. UTF-8, UTF-16, EUC-KR 가운데 하나로 보내 주세요.",
            f"unknown encoding {name}; send UTF-8, UTF-16 or EUC-KR",
        )
    try:
        text = data.decode("utf-8-sig" if codec == "utf-8" else codec)
    except UnicodeDecodeError as e:
        raise _contradiction(name) from e
    if codec == "cp949" and not data.isascii() and _is_utf8(data):
        # Korean in UTF-8 can pass for CP949, as gibberish that would be read aloud; the reverse hardly happens.
        raise _contradiction(name)
    return text


def too_large() -> Refused:
    limit = f"{MOST_BYTES:,}"
    return Refused(
        "too_large", f"경보가 너무 큽니다. {limit}바이트까지 받습니다.", f"at most {limit} bytes", status=413
    )


def _declared(data: bytes) -> str:
    """The name of the encoding, small letters. Raises Refused where mark and declaration contradict each other."""
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        inner = data.decode("utf-16", "replace").encode("utf-8", "replace")
        return _agreed(inner, "utf-16")
    if data[:4] in (b"<\0?\0", b"\0<\0?"):
        raise Refused(
            "encoding",
            "UTF-16은 첫머리의 순서 표시(BOM)가 있어야 합니다.",
            "UTF-16 needs its byte order mark (XML 1.0, 4.3.3)",
        )
    if data.startswith(BOM_UTF8):
        return _agreed(data[len(BOM_UTF8) :], "utf-8")
    found = DECLARED.match(data[:300])
    name = found[1].decode().lower() if found else "utf-8"
    if name.startswith("utf-16"):
        raise _contradiction(name)
    return name


def _agreed(data: bytes, by_mark: str) -> str:
    found = DECLARED.match(data[:300])
    if found and CODECS.get(found[1].decode().lower()) != CODECS[by_mark]:
        raise _contradiction(found[1].decode())
    return by_mark


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _contradiction(name: str) -> Refused:
    return Refused(
        "encoding",
        f"적어 놓은 글자 방식({name})과 실제 글자가 다릅니다. 확인하고 다시 보내 주세요.",
        f"the bytes are not {name}, as they say of themselves",
    )
