"""컴퓨터 무상수리: households in need get a computer repaired at home. docs/repair.md."""
