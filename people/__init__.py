"""People: who somebody is, what they may do, and how to reach them."""
