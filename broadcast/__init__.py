"""마을방송: a chief's or an office's voice to the speakers of the villages."""
