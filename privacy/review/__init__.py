"""접속기록 점검: what of a month's access records looks wrong, who is asked about it, and what came of it."""
