"""A voice for the village speakers: spoken into a phone (recorded.py) or read from text (spoken.py)."""
