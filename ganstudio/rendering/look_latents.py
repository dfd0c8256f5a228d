"""From looks to the latents of one generator: what a network is given for a picture."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ganstudio.checkpoints.base import Array, DirectionInfo
from ganstudio.networks.base import Generator, MappedGenerator
from ganstudio.networks.layer_steps import NO_STEPS, LayerSteps
from ganstudio.networks.noise import CONSTANT, Noise
from ganstudio.rendering.direction_steps import DirectionSteps, Step
from ganstudio.rendering.look_layers import LookLayers
from ganstudio.rendering.look_mapping import LookMapping
from ganstudio.rendering.look_z import LookZ
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import OwnDirection


@dataclass(frozen=True, eq=False)
class Latents:
    """What a generator is given.

    Attributes:
        z: `(N, z_dim)`; zeros for a look that begins with a w.
        labels: See `LookZ.labels_of`; None where there are no classes.
        truncation: `(N,)`; done already but for generators that truncate themselves.
        w_plus: `(N, num_ws, w_dim)`, or None for a generator without a mapping network.
        noise: That of the first look for all.
        steps: What is added to the styles and maps of layers.
    """

    z: Tensor
    labels: Tensor | None
    truncation: Tensor
    w_plus: Tensor | None
    noise: Noise = CONSTANT
    steps: LayerSteps = NO_STEPS


class LookLatents:
    """Makes latents of looks for one generator.

    Args:
        generator: The generator.
        steps: The step of strength 1 by the name of its direction; see `DirectionInfo.shape`.
        directions: In which space and layers they go.
    """

    def __init__(
        self, generator: Generator, steps: Mapping[str, Array], directions: Sequence[DirectionInfo] = ()
    ) -> None:
        self._generator = generator
        self._steps = DirectionSteps(generator, steps, directions)
        self._z = LookZ(generator, self._steps)
        self._layers = LookLayers(generator, self._z)
        self._mapping = LookMapping(generator, self._z) if isinstance(generator, MappedGenerator) else None

    def learn(self, directions: Iterable[OwnDirection]) -> None:
        """Know directions that the checkpoint does not carry; see `DirectionSteps.learn`."""
        self._steps.learn(directions)

    def step_of(self, name: str) -> Step:
        """What a direction's name stands for; see `DirectionSteps.find`."""
        return self._steps.find(name)

    def forget(self) -> None:
        """Let go of what the mapping network made, because the generator is elsewhere now."""
        if self._mapping is not None:
            self._mapping.forget()

    def of(self, looks: Sequence[Look]) -> Latents:
        """The latents of looks, on the generator's device.

        Raises:
            LookError: A look names a direction or a class that this generator does not have, or begins with a latent
                of another size.
        """
        device = self._generator.device
        labels = self._z.labels_of(looks)
        psi = torch.tensor([look.truncation for look in looks], dtype=torch.float32)
        z = torch.cat([self.z_of(look) for look in looks])
        w_plus = None if self._mapping is None else self._mapping.of(looks, z, labels)
        return Latents(z.to(device), labels, psi, w_plus, looks[0].noise, self._layers.of(looks))

    def z_of(self, look: Look) -> Tensor:
        """The latent z `(1, z_dim)` of a look, on the CPU; see `LookZ.of`."""
        return self._z.of(look)

    def label_of(self, look: Look) -> int:
        """The class of a look; see `LookZ.label_of`."""
        return self._z.label_of(look)

    def step_in_w(self, look: Look) -> Tensor:
        """How far the steps of a look go in w_plus; see `LookZ.step_in_w`."""
        return self._z.step_in_w(look)
