"""How far a single number of a generator's latents goes at strength 1: as far as it varies."""

import torch

from ganstudio.latent.clouds import latent_cloud
from ganstudio.networks.base import Generator
from ganstudio.rendering.looks.single_number import SingleNumber

_SAMPLES = 1000


class SingleSteps:
    """Knows how far each number of a generator's latents varies, measured when it is first asked for."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self._deviations: dict[str, torch.Tensor] = {}

    def step(self, number: SingleNumber) -> torch.Tensor:
        """The step `(D,)` that strength 1 makes: one deviation of this number, the others stay."""
        if number.space not in self._deviations:
            cloud = latent_cloud(self._generator, number.space, _SAMPLES)
            self._deviations[number.space] = cloud.double().std(0, correction=0).float()
        deviations = self._deviations[number.space]
        step = torch.zeros_like(deviations)
        step[number.index] = deviations[number.index]
        return step
