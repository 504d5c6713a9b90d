"""The machine-readable half of docs/gateway-protocol.md."""

import pytest
from django.core.management import call_command


def test_it_is_whole_and_valid(tmp_path) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml"))


@pytest.mark.django_db
def test_a_vendor_can_read_it_without_signing_in(client) -> None:
    response = client.get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    assert response.status_code == 200
    schema = response.json()
    assert set(schema["paths"]) == {
        "/api/gateway/receipts/",
        "/api/gateway/status/",
        "/api/gateway/audio/{token}/",
    }
    signed = schema["paths"]["/api/gateway/receipts/"]["post"]["security"]
    assert signed == [{name: [] for name in ("Jinju-Key", "Jinju-Date", "Jinju-Nonce", "Jinju-Signature")}]
