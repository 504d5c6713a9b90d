"""Signing in by phone, one's own page, and the page that asks staff for a second factor."""
