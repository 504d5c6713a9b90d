"""What gateways call: receipts, status, sound (docs/gateway-protocol.md, sections 1 and 3 to 5)."""
