"""디지털배움터 (not open yet)."""
