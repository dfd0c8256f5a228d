"""The centres of a generator's w that multi-modal truncation goes towards, found when they are first asked for."""

import torch
from torch import Tensor

from ganstudio.latent.clouds import latent_cloud
from ganstudio.latent.clusters import find_centres, nearest_of
from ganstudio.networks.base import MappedGenerator

_SAMPLES = 4000
_SEED = 7


class TruncationCentres:
    """Centres of one generator; the same each time for the same weights."""

    def __init__(self, generator: MappedGenerator) -> None:
        self._generator = generator
        self._centres: dict[int, Tensor] = {}

    def nearest(self, w: Tensor, count: int) -> Tensor:
        """The centre `(w_dim,)`, out of `count`, that w `(w_dim,)` is nearest to."""
        if count not in self._centres:
            cloud = latent_cloud(self._generator, "w", _SAMPLES)
            self._centres[count] = find_centres(cloud, count, torch.Generator().manual_seed(_SEED))
        centres = self._centres[count].to(w)
        return centres[int(nearest_of(w[None], centres))]
