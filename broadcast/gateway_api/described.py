"""The signature in words for the OpenAPI document: four headers of every request (section 1 of the protocol)."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from ..signing import DATE, KEY, NONCE, SIGNATURE

ABOUT = {
    KEY: "<gateway code>.<key number>",
    DATE: "when it was signed, Unix seconds; at most 300 s off the portal's clock",
    NONCE: "16 to 64 characters of A-Z a-z 0-9 _ -, never used twice",
    SIGNATURE: "HMAC-SHA256 in lower-case hexadecimal; docs/gateway-protocol.md says over what",
}


class SignatureInWords(OpenApiAuthenticationExtension):
    target_class = "broadcast.gateway_api.signed.GatewaySignature"
    name = list(ABOUT)

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        return [
            {"type": "apiKey", "in": "header", "name": name, "description": text}
            for name, text in ABOUT.items()
        ]
