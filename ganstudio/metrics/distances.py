"""Euclidean distances between rows of features, the ground of several metrics."""

import numpy as np

from ganstudio.metrics.kid import Features


def pairwise_distances(left: Features, right: Features) -> Features:
    """Return the distances `(N, M)` between the rows of `(N, F)` and `(M, F)`."""
    squares = (left**2).sum(1)[:, None] + (right**2).sum(1)[None] - 2 * left @ right.T
    distances: Features = np.sqrt(np.maximum(squares, 0.0))
    return distances


def distances_to_others(rows: Features, block: int = 1000) -> Features:
    """Return each row's distance to the nearest of the other rows, `(N,)`, from `(N, F)`, N at least 2."""
    found = []
    for start in range(0, len(rows), block):
        distances = pairwise_distances(rows[start : start + block], rows)
        own = np.arange(len(distances))
        distances[own, start + own] = np.inf
        found.append(distances.min(axis=1))
    return np.concatenate(found)


def nearest_distances(queries: Features, references: Features, block: int = 1000) -> Features:
    """Return each query's distance to its nearest reference, `(N,)`, from `(N, F)` and `(M, F)`; in blocks of rows."""
    blocks = [pairwise_distances(queries[i : i + block], references).min(axis=1) for i in range(0, len(queries), block)]
    return np.concatenate(blocks)
