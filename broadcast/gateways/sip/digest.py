"""SIP digest: who we are, proved without saying the password (RFC 2617; SHA-256: RFC 7616, RFC 8760). Pure."""

import hashlib
import re
from dataclasses import dataclass
from typing import Self

_PAIR = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
#: The stronger first.
ALGORITHMS = {"SHA-256": hashlib.sha256, "MD5": hashlib.md5}


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a device asks for. `header`: the name of the header in which to answer."""

    header: str
    realm: str
    nonce: str
    opaque: str | None
    algorithm: str
    named: bool
    qop: bool
    stale: bool

    @classmethod
    def of(cls, status: int, values: list[str]) -> Self | None:
        """The strongest of `values` (WWW-Authenticate of a 401, Proxy-Authenticate of a 407) that we can answer."""
        header = "Authorization" if status == 401 else "Proxy-Authorization"
        found = [c for value in values[:10] if (c := cls._read(header, value))]
        return min(found, key=lambda c: list(ALGORITHMS).index(c.algorithm), default=None)

    @classmethod
    def _read(cls, header: str, value: str) -> Self | None:
        scheme, _, rest = value.strip().partition(" ")
        said = {m[1].lower(): m[3] if m[2] is None else m[2] for m in _PAIR.finditer(rest)}
        algorithm = said.get("algorithm", "MD5").upper()
        offered = [word.strip() for word in said.get("qop", "").lower().split(",")]
        if scheme.lower() != "digest" or algorithm not in ALGORITHMS or not said.get("nonce"):
            return None
        if "realm" not in said or ("qop" in said and "auth" not in offered):
            return None
        stale = said.get("stale", "").lower() == "true"
        named = "algorithm" in said
        return cls(
            *(
                header,
                said["realm"],
                said["nonce"],
                said.get("opaque"),
                algorithm,
                named,
                "qop" in said,
                stale,
            )
        )

    def answer(self, username: str, password: str, method: str, uri: str, count: int, cnonce: str) -> str:
        """The header's value. `count`: how often this nonce was used, this time included."""

        def hashed(text: str) -> str:
            return ALGORITHMS[self.algorithm](text.encode()).hexdigest()

        nc = f"{count:08x}"
        # Quoted words are hashed as they are meant, and written as they came (RFC 7616, section 3.4).
        realm, nonce = _plain(self.realm), _plain(self.nonce)
        who, what = hashed(f"{username}:{realm}:{password}"), hashed(f"{method}:{uri}")
        middle = f"{nonce}:{nc}:{cnonce}:auth" if self.qop else nonce
        parts = {"username": _quoted(username), "realm": self.realm, "nonce": self.nonce, "uri": uri}
        parts["response"] = hashed(f"{who}:{middle}:{what}")
        if self.opaque is not None:
            parts["opaque"] = self.opaque
        if self.qop:
            parts["cnonce"] = cnonce
        said = [f'{name}="{value}"' for name, value in parts.items()]
        said += [f"algorithm={self.algorithm}"] if self.named else []
        said += [f"qop=auth, nc={nc}"] if self.qop else []
        return "Digest " + ", ".join(said)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
