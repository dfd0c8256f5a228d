"""Owns one generator and answers render requests."""

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ganstudio.checkpoints.base import Checkpoint
from ganstudio.checkpoints.building import build_generator
from ganstudio.checkpoints.catalogue import read
from ganstudio.devices import describe_device, resolve_device
from ganstudio.images import to_uint8
from ganstudio.latent.interpolation import slerp
from ganstudio.latent.spaces import sample_z, truncate
from ganstudio.networks.base import MappedGenerator, SelfTruncatingGenerator
from ganstudio.rendering.request import Look, LookError, Rendered, RenderRequest

MAX_BATCH = 16
_BATCH_ROWS = 1024  # of pixels in all pictures of a batch


def pictures_at_once(resolution: int) -> int:
    """How many pictures to draw in one go: enough to be fast, few enough that a newer request need not wait."""
    return max(1, min(MAX_BATCH, _BATCH_ROWS // resolution))


class Renderer:
    """One open checkpoint, ready to draw.

    Not for several threads at once: it may be handed from one to another, as long as only one of them draws.

    Args:
        checkpoint: Any file that `checkpoints` opens, or what was read of it already.
        device: "auto", "cpu" or "cuda".

    Raises:
        CheckpointError: The file cannot be opened.
        DeviceError: The device is not there.
    """

    def __init__(self, checkpoint: Path | Checkpoint, device: str = "auto") -> None:
        self.device = resolve_device(device)
        if isinstance(checkpoint, Path):
            checkpoint = read(checkpoint)
        self.description = checkpoint.description
        self.generator = build_generator(checkpoint, self.device)
        self._steps = {name: torch.from_numpy(np.array(v)) for name, v in checkpoint.directions.items()}
        self._spaces = {direction.name: direction.space for direction in self.description.directions}
        self._layers = {direction.name: direction.layers for direction in self.description.directions}

    @torch.inference_mode()
    def render(self, request: RenderRequest) -> Rendered:
        """Draw all pictures of a request.

        Raises:
            LookError: A look names a direction or a class that this checkpoint does not have.
        """
        started = time.perf_counter()
        spec, looks = self.generator.spec, request.looks
        batch = pictures_at_once(spec.resolution)
        parts = [self._draw(looks[i : i + batch]) for i in range(0, len(looks), batch)]
        nothing = np.zeros((0, spec.resolution, spec.resolution, spec.channels), np.uint8)
        pixels = np.concatenate(parts) if parts else nothing
        return Rendered(request, pixels, (time.perf_counter() - started) * 1000, describe_device(self.device))

    def latents_of(self, look: Look) -> Tensor:
        """Return the z `(1, z_dim)` of a look: seed, blend, truncation, then directions, in this order.

        A generator with a mapping network truncates in w, later; its z stays whole here.

        Raises:
            LookError: A direction that this checkpoint does not have.
        """
        spec = self.generator.spec
        z = sample_z([look.seed], spec.z_dim, spec.latent_law)
        if look.blend_seed is not None and look.blend > 0:
            z = slerp(z, sample_z([look.blend_seed], spec.z_dim, spec.latent_law), look.blend)
        if not isinstance(self.generator, MappedGenerator | SelfTruncatingGenerator):
            z = truncate(z, look.truncation)
        for name, strength in look.strengths:
            if name not in self._steps:
                raise LookError(
                    name, "this model has no such direction", "reset the sliders or open the model it is of"
                )
            if self._spaces.get(name, "z") == "z":
                z = z + strength * self._steps[name]
        return z

    def step_in_w(self, look: Look) -> Tensor:
        """Return how far the directions of a look go in w_plus, `(1, num_ws, w_dim)`."""
        spec = self.generator.spec
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
        classes = self.generator.spec.num_classes
        if not classes:
            return 0
        label = look.seed % classes if look.label is None else look.label
        if label >= classes:
            raise LookError("label", f"there are {classes} classes, {label} is none of them", "choose another class")
        return label

    def _draw(self, looks: Sequence[Look]) -> npt.NDArray[np.uint8]:
        z = torch.cat([self.latents_of(look) for look in looks]).to(self.device)
        labels = None
        if self.generator.spec.num_classes:
            labels = torch.tensor([self.label_of(look) for look in looks], dtype=torch.int64, device=self.device)
        if isinstance(self.generator, MappedGenerator):
            psi = torch.tensor([look.truncation for look in looks], dtype=torch.float32, device=self.device)
            w_plus = self.generator.truncate(self.generator.map(z, labels), psi[:, None, None], labels)
            w_plus = w_plus + torch.cat([self.step_in_w(look) for look in looks]).to(self.device)
            images = self.generator.synthesise(w_plus)
        elif isinstance(self.generator, SelfTruncatingGenerator):
            images = self.generator.draw(z, labels, torch.tensor([look.truncation for look in looks]))
        else:
            images = self.generator(z, labels)
        low, high = self.generator.spec.output_range
        return to_uint8((images - low) * (2 / (high - low)) - 1)
