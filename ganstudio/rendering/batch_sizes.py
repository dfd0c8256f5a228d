"""How many pictures of a grid to draw in one go: what was measured to be fastest, in pieces that are soon done."""

from collections.abc import Sequence

MOST_AT_ONCE = 16
_PIECE_MS = 120.0  # a newer request waits about so long at most, and a grid fills in that often
_START_ROWS = 512  # rows of pixels in all pictures of the first piece, whose time nobody knows yet


class BatchSizes:
    """Learns from the time that each batch takes.

    Args:
        resolution: Height and width of the pictures.
    """

    def __init__(self, resolution: int) -> None:
        self._most = MOST_AT_ONCE
        self._first = 1 << (max(1, min(MOST_AT_ONCE, _START_ROWS // resolution)).bit_length() - 1)
        self._ms: dict[int, float] = {}

    def choose(self) -> int:
        """How many pictures to draw next: a power of two."""
        known = {size: ms for size, ms in self._ms.items() if size <= self._most}
        if not known:
            return min(self._first, self._most)
        quick = {size: ms for size, ms in known.items() if size == 1 or size * ms <= _PIECE_MS}
        if not quick:
            return max(1, min(known) // 2)
        best = min(quick, key=lambda size: quick[size])
        larger = 2 * best
        is_worth_trying = larger not in self._ms and larger <= self._most and larger * quick[best] <= _PIECE_MS
        return larger if is_worth_trying else best

    def note(self, size: int, elapsed_ms: float) -> None:
        """Take in what a batch took; sizes that are no power of two are the rest of a grid and tell nothing."""
        if size & (size - 1) == 0:
            each = elapsed_ms / size
            self._ms[size] = 0.5 * (self._ms[size] + each) if size in self._ms else each

    def shrink(self, size: int) -> bool:
        """Never again draw so many at once, because memory did not last; False when it was a single one."""
        self._most = max(1, min(self._most, size // 2))
        return size > 1


def from_the_middle(count: int, columns: int) -> Sequence[int]:
    """The places of a grid of `count` pictures, row by row in `columns`, those next to its middle first."""
    columns = max(1, columns)
    middle_row, middle_column = (-(-count // columns) - 1) / 2, (min(columns, count) - 1) / 2

    def distance(place: int) -> tuple[float, int]:
        row, column = divmod(place, columns)
        return (row - middle_row) ** 2 + (column - middle_column) ** 2, place

    return sorted(range(count), key=distance)
