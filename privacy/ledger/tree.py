"""The stored tree: 256 hashes a row, so that a proof in a tree of millions reads a handful of rows."""

from collections.abc import Iterable

from django.db.models import Max

from ..models import Leaf, Tile
from . import entries, merkle

WIDTH_BITS = 8
WIDTH = 1 << WIDTH_BITS


class TreeBroken(Exception):
    """Rows of the tree are missing: somebody deleted them, or a restore was not whole."""


def size() -> int:
    """How many entries have their place."""
    last = Leaf.objects.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def hashes_of(leaves: Iterable[tuple]) -> list[bytes]:
    """Hashes of [(kind, at, commitment)]."""
    return [entries.leaf_hash(kind, at, commitment) for kind, at, commitment in leaves]


class Tree:
    """The tree of the first `size` entries. What it reads once it keeps."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._tiles: dict[tuple[int, int], list[list[bytes]]] = {}

    def node(self, level: int, index: int) -> bytes:
        """merkle.Node. TreeBroken."""
        high, low = divmod(level, WIDTH_BITS)
        tile = (index << low) >> WIDTH_BITS
        return self._rows(high, tile)[low][index - (tile << (WIDTH_BITS - low))]

    def root(self) -> bytes:
        return merkle.root(self.size, self.node)

    def partial(self, level: int) -> list[bytes]:
        """Hashes at this level of tiles that do not fill a tile of the next."""
        count = self.size >> (WIDTH_BITS * level)
        return list(self._rows(level, count // WIDTH)[0]) if count % WIDTH else []

    def _rows(self, high: int, tile: int) -> list[list[bytes]]:
        if (high, tile) not in self._tiles:
            rows = [self._load(high, tile)]
            while len(rows[-1]) > 1:
                below = rows[-1]
                rows.append([merkle.node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])
            self._tiles[high, tile] = rows
        return self._tiles[high, tile]

    def _load(self, high: int, tile: int) -> list[bytes]:
        begin, end = tile * WIDTH, min((tile + 1) * WIDTH, self.size >> (WIDTH_BITS * high))
        if end - begin == WIDTH:
            stored = Tile.objects.filter(level=high, index=tile).values_list("hashes", flat=True).first()
            found = [bytes(stored[i : i + 32]) for i in range(0, len(stored), 32)] if stored else []
        elif high == 0:
            leaves = Leaf.objects.filter(position__range=(begin, end - 1)).order_by("position")
            found = hashes_of(leaves.values_list("kind", "at", "commitment"))
        else:
            tiles = Tile.objects.filter(level=high - 1, index__range=(begin, end - 1)).order_by("index")
            found = [bytes(root) for root in tiles.values_list("root", flat=True)]
        if len(found) != end - begin:
            raise TreeBroken(f"level {high}, {begin} to {end}: {len(found)} hashes")
        return found


def grow(start: int, hashes: list[bytes]) -> None:
    """Stores the tiles that become full when the tree of `start` entries gets these. In the caller's transaction."""
    before, tiles, level, count = Tree(start), [], 0, start
    while hashes:
        row = before.partial(level) + hashes
        first, hashes = count // WIDTH, []
        for n in range(len(row) // WIDTH):
            part = row[n * WIDTH : (n + 1) * WIDTH]
            hashes.append(merkle.fold(part))
            tiles.append(Tile(level=level, index=first + n, root=hashes[-1], hashes=b"".join(part)))
        level, count = level + 1, count >> WIDTH_BITS
    Tile.objects.bulk_create(tiles, batch_size=200)
