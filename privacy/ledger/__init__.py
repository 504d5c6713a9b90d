"""The ledger: an append-only Merkle tree over commitments to what was written, signed and shown to witnesses.

merkle.py, entries.py, notes.py   pure: trees and proofs, what a leaf is made of, what is signed
kinds.py                          which tables are in the ledger
sequence.py, tree.py              giving each entry its place for ever; the stored tree
checkpoints.py, witnesses/        signing what the tree is, and handing it to others
proofs.py, export.py, expiry.py   what leaves the portal, and what is forgotten
"""
