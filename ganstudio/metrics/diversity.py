"""How varied generated pictures are, next to real ones."""

import numpy as np

from ganstudio.metrics.distances import pairwise_distances
from ganstudio.metrics.kid import Features


def diversity_ratio(real: Features, fake: Features) -> float:
    """Return the mean distance between generated over that between real pictures, from `(N, F)` and `(M, F)`.

    1 is as varied as the real ones; below 0.5 is a warning, below 0.2 a collapse. Blind to missing small modes.

    Raises:
        ValueError: Fewer than 2 rows on a side.
    """
    if len(real) < 2 or len(fake) < 2:
        raise ValueError("diversity needs at least 2 pictures on either side")
    return _mean_distance(fake) / max(_mean_distance(real), 1e-12)


def _mean_distance(features: Features) -> float:
    upper = np.triu_indices(len(features), 1)
    return float(pairwise_distances(features, features)[upper].mean())
