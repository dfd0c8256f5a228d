"""Kernel Inception distance, the formula: works on any features. Source: Bińkowski et al. 2018, section 4."""

import numpy as np
import numpy.typing as npt

Features = npt.NDArray[np.float64]


def kernel_distance(real: Features, fake: Features, subsets: int = 20, seed: int = 0) -> tuple[float, float]:
    """Return mean and standard deviation over subsets of the unbiased squared maximum mean discrepancy.

    The kernel is (x·y / F + 1)³. 0 is expected where both come from one distribution; it can come out slightly below.

    Args:
        real: `(N, F)`, N at least 4.
        fake: `(M, F)`, M at least 4.
        subsets: How many pairs of subsets; each of half the smaller count, at most 1000.
        seed: Draws the subsets.

    Raises:
        ValueError: Fewer than 4 rows.
    """
    size = min(1000, len(real) // 2, len(fake) // 2)
    if size < 2:
        raise ValueError("the kernel distance needs at least 4 pictures on either side")
    random = np.random.default_rng(seed)
    draws = (
        (real[random.choice(len(real), size, replace=False)], fake[random.choice(len(fake), size, replace=False)])
        for _ in range(subsets)
    )
    values = [squared_discrepancy(real_part, fake_part) for real_part, fake_part in draws]
    return float(np.mean(values)), float(np.std(values))


def squared_discrepancy(real: Features, fake: Features) -> float:
    """Return the unbiased estimate of MMD² with the cubic kernel, from `(N, F)` and `(M, F)`."""
    within_real, within_fake = mean_of_pairs(_kernel(real, real)), mean_of_pairs(_kernel(fake, fake))
    return within_real + within_fake - 2 * float(_kernel(real, fake).mean())


def mean_of_pairs(kernel: Features) -> float:
    """The mean of a kernel `(N, N)` over pairs of different rows."""
    count = len(kernel)
    return float((kernel.sum() - np.trace(kernel)) / (count * (count - 1)))


def _kernel(left: Features, right: Features) -> Features:
    products: Features = (left @ right.T / left.shape[1] + 1) ** 3
    return products
