"""How far a single number of a generator's latents goes at strength 1: as far as it varies."""

import torch
from torch import Tensor

from ganstudio.latent.channels import style_space
from ganstudio.latent.clouds import latent_cloud
from ganstudio.networks.base import Generator
from ganstudio.rendering.looks.single_number import SingleNumber

_SAMPLES = 1000


class SingleSteps:
    """Knows how far each number of a generator's latents varies, measured when it is first asked for."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self._deviations: dict[str, Tensor] = {}

    def step(self, number: SingleNumber) -> Tensor:
        """The step `(D,)` that strength 1 makes: one deviation of this number, the others stay."""
        if number.space not in self._deviations:
            self._deviations[number.space] = self._measure(number.space)
        deviations = self._deviations[number.space]
        step, place = torch.zeros_like(deviations), number.place(self._generator.spec)
        step[place] = deviations[place]
        return step

    def _measure(self, space: str) -> Tensor:
        """The deviation float32 `(D,)` of each number of a space."""
        if space != "style":
            return _deviation(latent_cloud(self._generator, space, _SAMPLES))
        cloud = latent_cloud(self._generator, "w", _SAMPLES)
        return torch.cat([_deviation(styles) for styles in style_space(self._generator, cloud)]).cpu()


def _deviation(latents: Tensor) -> Tensor:
    return latents.double().std(0, correction=0).float()
