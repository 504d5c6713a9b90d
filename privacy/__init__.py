"""개인정보: the primitives that every service builds on. Imports none of our apps."""
