"""Pages of 컴퓨터 무상수리: citizens (apply, status), offices (desk), technicians (visits), the city (city)."""
