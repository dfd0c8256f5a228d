"""Whether generated pictures are copies of training pictures."""

import numpy as np

from ganstudio.metrics.distances import distances_to_others, nearest_distances
from ganstudio.metrics.kid import Features


def copying_ratio(training: Features, held_out: Features | None, fake: Features) -> float:
    """Return how near generated pictures are to training pictures, next to pictures that were never trained on.

    The median distance of generated pictures to their nearest training picture over the same median of held-out
    pictures. Around 1 they are as new as unseen pictures; well below 1 they repeat the training set; above 1 they are
    off the data. Source: the data-copying test of Meehan et al. 2020, reduced to medians.

    Args:
        training: `(N, F)`.
        held_out: `(M, F)`, of the same source as `training`; None where too few are held out: then each training
            picture is the unseen one for all others, which needs at least two of them.
        fake: `(K, F)`.
    """
    to_unseen = distances_to_others(training) if held_out is None else nearest_distances(held_out, training)
    unseen = float(np.median(to_unseen))
    return float(np.median(nearest_distances(fake, training))) / max(unseen, 1e-12)
