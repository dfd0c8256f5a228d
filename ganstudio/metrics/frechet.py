"""Fréchet distance between Gaussians fitted to features. Source: Dowson & Landau 1982; Heusel et al. 2017, eq. 6."""

import numpy as np

from ganstudio.metrics.kid import Features


def frechet_distance(real: Features, fake: Features) -> float:
    """Return |mean difference|² + trace(A + B - 2 (A B)^½) of features `(N, F)` and `(M, F)`.

    The trace of the root is the sum of the singular values of the product of the two centred sets, scaled: no matrix
    of F x F is made, so that fewer pictures than features are no obstacle, though the distance is too large then.

    Raises:
        ValueError: Fewer than 2 rows on a side.
    """
    if len(real) < 2 or len(fake) < 2:
        raise ValueError("the Fréchet distance needs at least 2 pictures on either side")
    centred = [(features - features.mean(axis=0)) / np.sqrt(len(features) - 1) for features in (real, fake)]
    shift = real.mean(axis=0) - fake.mean(axis=0)
    roots = np.linalg.svd(centred[0] @ centred[1].T, compute_uv=False).sum()
    spreads = sum(float((part**2).sum()) for part in centred)
    return max(0.0, float(shift @ shift) + spreads - 2 * float(roots))
