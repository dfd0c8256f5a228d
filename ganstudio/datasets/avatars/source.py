"""The avatars as a set of pictures of any size."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ganstudio.datasets.avatars.drawing import draw_avatars
from ganstudio.datasets.avatars.factors import FACTOR_NAMES, FactorArray, sample_factors

CLASS_NAMES = ("short hair", "long hair", "short hair, glasses", "long hair, glasses")
DEFAULT_COUNT = 20_000
MAX_COUNT = 10_000_000


class AvatarSet:
    """`count` avatars, numbered from 0; picture i depends on `seed` and i alone.

    Args:
        count: 1 to ten million.
        seed: Another seed gives other avatars.

    Raises:
        ValueError: A count out of range.
    """

    class_names = CLASS_NAMES
    factor_names = FACTOR_NAMES

    def __init__(self, count: int = DEFAULT_COUNT, seed: int = 0) -> None:
        if not 1 <= count <= MAX_COUNT:
            raise ValueError(f"the number of avatars must be 1 to {MAX_COUNT}, not {count}")
        self.count = count
        self.seed = seed

    def __len__(self) -> int:
        return self.count

    def factors(self, index: int) -> FactorArray:
        """The factor values `(F,)` of one avatar."""
        return sample_factors(self.seed, index)

    def label(self, index: int) -> int:
        """The class of one avatar, an index of `CLASS_NAMES`: glasses or not, hair shorter or longer than half."""
        values = dict(zip(FACTOR_NAMES, self.factors(index), strict=True))
        return int(values["hair_length"] >= 0.5) + 2 * int(values["glasses"] >= 0.5)

    def draw(self, indices: Sequence[int], resolution: int) -> npt.NDArray[np.uint8]:
        """Draw the avatars of these numbers as `(N, H, W, 3)`."""
        factors = [self.factors(index) for index in indices]
        return draw_avatars(np.reshape(np.array(factors, np.float32), (-1, len(FACTOR_NAMES))), resolution)
