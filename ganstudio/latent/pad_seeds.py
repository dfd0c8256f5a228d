"""Which seed stands where on the pad; known without torch, so that a window can show the pad before it is loaded."""

ROW = 1000  # how much the seed grows from one row to the next
_SEEDS = 1 << 32


def seed_at(seed: int, column: int, row: int) -> int:
    """The seed that stands `column` to the right of `seed` and `row` below it."""
    return (seed + column + ROW * row) % _SEEDS
