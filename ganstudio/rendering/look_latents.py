"""From looks to the latents of one generator: seed, blend, truncation, directions, class, in this order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from ganstudio.checkpoints.base import Array, DirectionInfo
from ganstudio.latent.directions import fold_step
from ganstudio.latent.interpolation import slerp
from ganstudio.latent.spaces import sample_z, truncate
from ganstudio.networks.base import Generator, MappedGenerator, SelfTruncatingGenerator
from ganstudio.rendering.request import Look, LookError

_KEPT = 64  # mapped latents; what a slider's drag goes over again and again is one of them


@dataclass(frozen=True, eq=False)
class Latents:
    """What a generator is given.

    Attributes:
        z: `(N, z_dim)`.
        labels: int64 `(N,)`, or None where there are no classes.
        truncation: `(N,)`; done already but for generators that truncate themselves.
        w_plus: `(N, num_ws, w_dim)`, or None for a generator without a mapping network.
        noise: "const" or "none"; that of the first look for all.
    """

    z: Tensor
    labels: Tensor | None
    truncation: Tensor
    w_plus: Tensor | None
    noise: str = "const"


class LookLatents:
    """Knows the directions of a checkpoint, and keeps what the mapping network made of the latents used last.

    Args:
        generator: The generator.
        steps: A step `(z_dim,)`, `(w_dim,)` or `(num_ws, w_dim)` by the name of its direction.
        directions: In which space and layers they go.
    """

    def __init__(
        self, generator: Generator, steps: Mapping[str, Array], directions: Sequence[DirectionInfo] = ()
    ) -> None:
        self._generator = generator
        self._steps = {name: torch.from_numpy(np.array(step)) for name, step in steps.items()}
        self._spaces = {direction.name: direction.space for direction in directions}
        self._layers = {direction.name: direction.layers for direction in directions}
        self._folds = {direction.name: direction.fold for direction in directions}
        self._mapped: dict[Look, Tensor] = {}

    def forget(self) -> None:
        """Let go of what the mapping network made, because the generator is elsewhere now."""
        self._mapped.clear()

    def of(self, looks: Sequence[Look]) -> Latents:
        """The latents of looks, on the generator's device.

        Raises:
            LookError: A look names a direction or a class that this checkpoint does not have.
        """
        generator, device = self._generator, self._generator.device
        labels = None
        if generator.spec.num_classes:
            labels = torch.tensor([self.label_of(look) for look in looks], dtype=torch.int64, device=device)
        psi = torch.tensor([look.truncation for look in looks], dtype=torch.float32)
        z = torch.cat([self.z_of(look) for look in looks]).to(device)
        if not isinstance(generator, MappedGenerator):
            return Latents(z, labels, psi, None)
        w_plus = self._map_one(looks[0], z, labels) if len(looks) == 1 else generator.map(z, labels)
        if any(look.truncation != 1 for look in looks):
            w_plus = generator.truncate(w_plus, psi.to(device)[:, None, None], labels)
        if any(self._spaces.get(name, "z") != "z" for look in looks for name, _strength in look.strengths):
            w_plus = w_plus + torch.cat([self.step_in_w(look) for look in looks]).to(device)
        return Latents(z, labels, psi, w_plus, "const" if looks[0].noise else "none")

    def z_of(self, look: Look) -> Tensor:
        """Return the z `(1, z_dim)` of a look.

        A generator with a mapping network truncates in w, later; its z stays whole here.

        Raises:
            LookError: A direction that this checkpoint does not have.
        """
        spec = self._generator.spec
        z = sample_z([look.seed], spec.z_dim, spec.latent_law)
        if look.blend_seed is not None and look.blend > 0:
            z = slerp(z, sample_z([look.blend_seed], spec.z_dim, spec.latent_law), look.blend)
        if not isinstance(self._generator, MappedGenerator | SelfTruncatingGenerator):
            z = truncate(z, look.truncation)
        for name, strength in look.strengths:
            if name not in self._steps:
                raise LookError(
                    name, "this model has no such direction", "reset the sliders or open the model it is of"
                )
            if self._spaces.get(name, "z") == "z" and not self._folds.get(name):
                z = z + strength * self._steps[name]
        for name, strength in look.strengths:  # after the straight ones, which may have changed a latent's side
            if self._folds.get(name):
                z = fold_step(z, self._steps[name], strength * self._folds[name])
        return z

    def step_in_w(self, look: Look) -> Tensor:
        """Return how far the directions of a look go in w_plus, `(1, num_ws, w_dim)`."""
        spec = self._generator.spec
        step = torch.zeros(1, spec.num_ws, spec.w_dim)
        for name, strength in look.strengths:
            if self._spaces.get(name, "z") != "z":
                layers = slice(*(self._layers.get(name) or (None,)))
                step[:, layers] += (strength * self._steps[name]).expand(step.shape)[:, layers]
        return step

    def label_of(self, look: Look) -> int:
        """Return the class of a look: the chosen one, or one that the seed picks; 0 where there are no classes.

        Raises:
            LookError: A class that this checkpoint does not have.
        """
        classes = self._generator.spec.num_classes
        if not classes:
            return 0
        label = look.seed % classes if look.label is None else look.label
        if label >= classes:
            raise LookError("label", f"there are {classes} classes, {label} is none of them", "choose another class")
        return label

    def _map_one(self, look: Look, z: Tensor, labels: Tensor | None) -> Tensor:
        """Map a single latent, or find it mapped: truncation and steps in w come after the mapping network."""
        in_z = tuple(pair for pair in look.strengths if self._spaces.get(pair[0], "z") == "z")
        key = replace(look, truncation=1.0, strengths=in_z, noise=True)
        generator = self._generator
        if key not in self._mapped and isinstance(generator, MappedGenerator):
            self._mapped[key] = generator.map(z, labels)
            while len(self._mapped) > _KEPT:
                self._mapped.pop(next(iter(self._mapped)))
        return self._mapped[key]
