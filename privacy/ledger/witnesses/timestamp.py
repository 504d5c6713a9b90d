"""A timestamp authority (RFC 3161): it signs that our checkpoint existed at its time. Its answer must be strict DER
(some that send several certificates do not sort them, and are refused).

The receipt is its answer in DER, as base64. Checked without the portal:

    base64 -d < receipt > answer.tsr
    openssl ts -verify -in answer.tsr -data note.txt -CAfile ca.pem
"""

import base64
from pathlib import Path

from cryptography.x509 import load_pem_x509_certificates

from . import Shown, Witness, WitnessTrouble
from .web import post


def show(witness: Witness, shown: Shown) -> str:
    """`ca` in the settings: file with the certificates (PEM) that its own must come from."""
    # Only who has such a witness needs the library.
    from rfc3161_client import (
        HashAlgorithm,
        TimestampRequestBuilder,
        VerificationError,
        VerifierBuilder,
        decode_timestamp_response,
    )

    message = shown.note.encode()
    request = TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA256).build()
    url = witness.address.removeprefix("tsa+")
    status, answer = post(url, request.as_bytes(), "application/timestamp-query")
    if status != 200:
        raise WitnessTrouble(f"status {status}")
    verifier = VerifierBuilder.from_request(request)
    for certificate in load_pem_x509_certificates(Path(witness.options.get("ca", "")).read_bytes()):
        verifier = verifier.add_root_certificate(certificate)
    try:
        verifier.build().verify_message(decode_timestamp_response(answer), message)
    except (VerificationError, ValueError) as error:
        raise WitnessTrouble(f"{type(error).__name__}: {error}") from error
    return base64.b64encode(answer).decode()
