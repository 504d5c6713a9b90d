"""Alerts in the Common Alerting Protocol 1.2 (OASIS, 2010), in and out. docs/cap.md says what is understood.

In:  reading (bytes → tree) → message (tree → Message) → areas, matching (which villages) → judging (whether, and
     what for) → intake (the deed). api takes what is pushed, pull fetches feeds.
Out: writing (a broadcast as CAP), feed (Atom), pages.
"""
