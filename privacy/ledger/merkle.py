"""Merkle trees of RFC 9162 section 2.1 (as RFC 6962): roots, proofs that a leaf is in a tree and that one tree grew
from another, and their verification. Pure.

A hash is 32 bytes. A tree is given by its size and `node(level, index)`: the hash of the perfect subtree over the
leaves index * 2**level up to (index + 1) * 2**level, all of which lie within the tree.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

Node = Callable[[int, int], bytes]

#: Root of the tree without leaves.
EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """Hash of the perfect subtree over these (their number a power of two)."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]


def over(hashes: Sequence[bytes]) -> Node:
    """`node` of a tree that is held in memory by its leaf hashes; each subtree is computed once."""
    known: dict[tuple[int, int], bytes] = {}

    def node(level: int, index: int) -> bytes:
        if level == 0:
            return hashes[index]
        if (level, index) not in known:
            known[level, index] = node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))
        return known[level, index]

    return node


def subtree(begin: int, end: int, node: Node) -> bytes:
    """Hash over the leaves from `begin` up to `end` as the RFC splits them; `begin` is where such a part begins."""
    parts = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        parts.append(node(level, begin >> level))
        begin += 1 << level
    if not parts:
        return EMPTY
    whole = parts.pop()
    while parts:
        whole = node_hash(parts.pop(), whole)
    return whole


def root(size: int, node: Node) -> bytes:
    return subtree(0, size, node)


def _split(size: int) -> int:
    """The largest power of two below `size` (at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """Section 2.1.3.1: hashes from the leaf's sibling up to below the root. IndexError if there is no such leaf."""
    if not 0 <= index < size:
        raise IndexError(f"no leaf {index} in a tree of {size}")
    path, begin, end = [], 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(subtree(middle, end, node))
            end = middle
        else:
            path.append(subtree(begin, middle, node))
            begin = middle
    return path[::-1]


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """Section 2.1.4.1: that the tree of `new` leaves begins with the one of `old`. IndexError unless old <= new."""
    if not 0 <= old <= new:
        raise IndexError(f"{old} leaves are not the beginning of {new}")
    if old in (0, new):
        return []
    path, begin, end, whole = [], 0, new, True
    while old != end:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append(subtree(middle, end, node))
            end = middle
        else:
            path.append(subtree(begin, middle, node))
            begin, whole = middle, False
    return ([] if whole else [subtree(begin, end, node)]) + path[::-1]


def included(leaf: bytes, index: int, size: int, proof: Iterable[bytes], root: bytes) -> bool:
    """Section 2.1.3.2: whether `leaf` (its hash) is leaf `index` of the tree of `size` leaves with that root."""
    if not 0 <= index < size:
        return False
    here, last, result = index, size - 1, leaf
    for part in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            result = node_hash(part, result)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            result = node_hash(result, part)
        here, last = here >> 1, last >> 1
    return last == 0 and result == root


def consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Section 2.1.4.2: whether the tree of `new` leaves with `new_root` begins with the one of `old`."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        return False
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    first = second = path[0]
    for part in path[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            first, second = node_hash(part, first), node_hash(part, second)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            second = node_hash(second, part)
        here, last = here >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root
