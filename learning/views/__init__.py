"""Pages of 디지털배움터."""
