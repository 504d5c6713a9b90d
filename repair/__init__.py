"""컴퓨터 무상수리 (not open yet)."""
