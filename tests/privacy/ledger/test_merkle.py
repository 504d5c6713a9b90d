"""The tree against what Certificate Transparency published for RFC 6962 (eight leaves), and against the definition."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.ledger import merkle

LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
#: Roots of the trees with none, the first, the first two … of them.
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
#: The published nodes, by the beginning of their hash.
NODES = {
    h[:6]: bytes.fromhex(h)
    for h in [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
}
#: (leaf, size) → proof, and (old size, new size) → proof.
INCLUSION = {
    (0, 1): "",
    (0, 8): "96a296 5f083f 6b47aa",
    (5, 8): "bc1a06 ca854e d37ee4",
    (2, 3): "fac542",
    (1, 5): "6e340b 5f083f bc1a06",
}
CONSISTENCY = {
    (1, 1): "",
    (1, 8): "96a296 5f083f 6b47aa",
    (6, 8): "0ebc5d ca854e d37ee4",
    (2, 5): "5f083f bc1a06",
}
HASHES = [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]
NODE = merkle.over(HASHES)


def nodes(names: str) -> list[bytes]:
    return [NODES[name] for name in names.split()]


def test_published_roots() -> None:
    assert [merkle.root(size, NODE).hex() for size in range(9)] == ROOTS


@pytest.mark.parametrize(("at", "proof"), INCLUSION.items())
def test_published_inclusion(at: tuple[int, int], proof: str) -> None:
    index, size = at
    assert merkle.inclusion_proof(index, size, NODE) == nodes(proof)
    assert merkle.included(HASHES[index], index, size, nodes(proof), bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("sizes", "proof"), CONSISTENCY.items())
def test_published_consistency(sizes: tuple[int, int], proof: str) -> None:
    old, new = sizes
    assert merkle.consistency_proof(old, new, NODE) == nodes(proof)
    roots = bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new])
    assert merkle.consistent(old, roots[0], new, roots[1], nodes(proof))


def defined(hashes: list[bytes]) -> bytes:
    """MTH, word for word as the RFC defines it."""
    if len(hashes) <= 1:
        return hashes[0] if hashes else hashlib.sha256().digest()
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return hashlib.sha256(b"\x01" + defined(hashes[:k]) + defined(hashes[k:])).digest()


def made(size: int) -> list[bytes]:
    return [merkle.leaf_hash(b"%d" % n) for n in range(size)]


def test_every_proof_of_every_small_tree() -> None:
    hashes = made(40)
    node = merkle.over(hashes)
    roots = [defined(hashes[:size]) for size in range(41)]
    for size in range(41):
        assert merkle.root(size, node) == roots[size]
        for index in range(size):
            proof = merkle.inclusion_proof(index, size, node)
            assert merkle.included(hashes[index], index, size, proof, roots[size])
        for old in range(size + 1):
            proof = merkle.consistency_proof(old, size, node)
            assert merkle.consistent(old, roots[old], size, roots[size], proof)


@given(st.data())
def test_no_other_leaf_place_size_or_proof_passes(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 300))
    index = data.draw(st.integers(0, size - 1))
    hashes = made(size)
    node = merkle.over(hashes)
    root, proof = merkle.root(size, node), merkle.inclusion_proof(index, size, node)
    assert merkle.included(hashes[index], index, size, proof, root)
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index))
    assert not merkle.included(hashes[other], index, size, proof, root)
    assert not merkle.included(hashes[index], other, size, proof, root)
    assert not merkle.included(hashes[index], index, size, proof[:-1], root)
    assert not merkle.included(hashes[index], index, size, [*proof, root], root)
    assert not merkle.included(hashes[index], index + size, size, proof, root)
    spoiled = data.draw(st.integers(0, len(proof) - 1))
    wrong = [merkle.leaf_hash(p) if n == spoiled else p for n, p in enumerate(proof)]
    assert not merkle.included(hashes[index], index, size, wrong, root)


@given(st.data())
def test_no_other_history_passes(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, 300))
    old = data.draw(st.integers(1, new - 1))
    hashes = made(new)
    node = merkle.over(hashes)
    before, after = merkle.root(old, node), merkle.root(new, node)
    proof = merkle.consistency_proof(old, new, node)
    changed = data.draw(st.integers(0, old - 1))
    other = [merkle.leaf_hash(b"x") if n == changed else h for n, h in enumerate(hashes)]
    rewritten = merkle.over(other)
    assert merkle.consistent(old, before, new, after, proof)
    assert not merkle.consistent(old, before, new, merkle.root(new, rewritten), proof)
    assert not merkle.consistent(
        old,
        before,
        new,
        merkle.root(new, rewritten),
        merkle.consistency_proof(old, new, rewritten),
    )
    assert not merkle.consistent(old, before, new, after, proof[:-1])
    assert not merkle.consistent(old, before, new, after, [*proof, after])
    assert not merkle.consistent(new, after, old, before, proof)


def test_what_is_not_there_has_no_proof() -> None:
    with pytest.raises(IndexError):
        merkle.inclusion_proof(8, 8, NODE)
    with pytest.raises(IndexError):
        merkle.consistency_proof(9, 8, NODE)
    assert not merkle.consistent(0, HASHES[0], 8, bytes.fromhex(ROOTS[8]), [])
    assert not merkle.consistent(1, HASHES[0], 8, bytes.fromhex(ROOTS[8]), [])
