"""Whether generated pictures are copies of training pictures."""

import numpy as np

from ganstudio.metrics.distances import nearest_distances
from ganstudio.metrics.kid import Features


def copying_ratio(training: Features, held_out: Features, fake: Features) -> float:
    """Return how near generated pictures are to training pictures, next to pictures that were never trained on.

    The median distance of generated pictures to their nearest training picture over the same median of held-out
    pictures. Around 1 they are as new as unseen pictures; well below 1 they repeat the training set; above 1 they are
    off the data. Source: the data-copying test of Meehan et al. 2020, reduced to medians.

    Args:
        training: `(N, F)`.
        held_out: `(M, F)`, of the same source as `training`.
        fake: `(K, F)`.
    """
    unseen = float(np.median(nearest_distances(held_out, training)))
    return float(np.median(nearest_distances(fake, training))) / max(unseen, 1e-12)
