"""Euclidean distances between rows of features, the ground of several metrics."""

import numpy as np

from ganstudio.metrics.kid import Features


def pairwise_distances(left: Features, right: Features) -> Features:
    """Return the distances `(N, M)` between the rows of `(N, F)` and `(M, F)`."""
    squares = (left**2).sum(1)[:, None] + (right**2).sum(1)[None] - 2 * left @ right.T
    distances: Features = np.sqrt(np.maximum(squares, 0.0))
    return distances


def nearest_distances(queries: Features, references: Features, block: int = 1000) -> Features:
    """Return each query's distance to its nearest reference, `(N,)`, from `(N, F)` and `(M, F)`; in blocks of rows."""
    blocks = [pairwise_distances(queries[i : i + block], references).min(axis=1) for i in range(0, len(queries), block)]
    return np.concatenate(blocks)
