"""The protocols that every network keeps to, and the registry of architectures."""

import types
from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import chain
from typing import Any, Protocol, get_args

import torch
from torch import Tensor, nn

from ganstudio.networks.classes import look_up
from ganstudio.networks.draws import Draws
from ganstudio.networks.layer_steps import NO_STEPS, LayerSteps
from ganstudio.networks.modulation import Affine, Modulation, modulation_of
from ganstudio.networks.noise import CONSTANT, Noise
from ganstudio.networks.spec import GeneratorSpec, NetworkConfigError
from ganstudio.networks.staged import StagedSynthesis
from ganstudio.registry import Registry

__all__ = [
    "NETWORKS",
    "Affine",
    "Architecture",
    "Discriminator",
    "Generator",
    "GeneratorSpec",
    "MappedGenerator",
    "Modulation",
    "NetworkConfig",
    "NetworkConfigError",
]


class Generator(nn.Module):
    """Turns latents into pictures."""

    spec: GeneratorSpec
    tracked: frozenset[str] = frozenset()
    """Names of buffers that an averaged copy keeps by itself while training, rather than averages."""

    @abstractmethod
    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Map z `(N, z_dim)` and labels to images `(N, C, H, W)` in `spec.output_range`.

        Labels are int64 `(N,)`, or weights of all classes float `(N, num_classes)`; see `classes`.
        """

    @abstractmethod
    def first_features(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Return the activations `(N, F)` of the first layer, where GANSpace looks for directions."""

    @property
    def device(self) -> torch.device:
        """Where its weights are; the processor for one that has none of its own."""
        return next((tensor.device for tensor in chain(self.parameters(), self.buffers())), torch.device("cpu"))

    def labels_in_turn(self, first: int, count: int) -> Tensor | None:
        """The classes int64 `(count,)` of latents number `first` and on, in turn; None where there are none."""
        classes = self.spec.num_classes
        return torch.arange(first, first + count, device=self.device) % classes if classes else None

    def map_sizes(self) -> dict[str, int]:
        """Height in pixels of the maps that the tensors of a part make, by what their names begin with.

        What begins with none of these works on the latent; what belongs to no resolution at all, likewise.
        """
        return {}

    def walk(self, z: Tensor, labels: Tensor | None = None, steps: LayerSteps = NO_STEPS) -> Iterator[Tensor]:
        """Yield the feature maps `(N, C, h, w)` after each block, as far as they say something, and at last the images.

        So that drawing can be given up half-way, and shown early. Always as many; the maps of the block of each number
        have the width that `spec.feature_widths` says, and are moved by its step. A family that does not show its
        blocks has no such widths.
        """
        del steps
        yield self(z, labels)


def last_of(steps: Iterator[Tensor]) -> Tensor:
    """The images that a walk ends with; nothing on the way is held."""
    return deque(steps, maxlen=1).pop()


class SelfTruncatingGenerator(Generator):
    """A generator whose own input says how far to truncate (some exported models)."""

    @abstractmethod
    def draw(self, z: Tensor, labels: Tensor | None, truncation: Tensor) -> Tensor:
        """Map z `(N, z_dim)`, labels (see `classes`) and truncation float `(N,)` to images `(N, C, H, W)`."""


class MappedGenerator(Generator):
    """A generator in two halves: a mapping network z -> w, and a synthesis network w_plus -> picture (StyleGAN)."""

    @property
    @abstractmethod
    def mean_w(self) -> Tensor:
        """The mean of w `(w_dim,)` that truncation moves towards, or one for each class `(num_classes, w_dim)`."""

    @abstractmethod
    def map(
        self, z: Tensor, labels: Tensor | None = None, truncation: float = 1.0, cutoff: int | None = None
    ) -> Tensor:
        """Map z `(N, z_dim)` to w_plus `(N, num_ws, w_dim)`.

        Args:
            z: Latents.
            labels: See `classes`.
            truncation: psi; see `ganstudio.latent`.
            cutoff: Truncate only the first so many of the num_ws; all when None.
        """

    def truncate(
        self, w_plus: Tensor, psi: float | Tensor, labels: Tensor | None = None, cutoff: int | None = None
    ) -> Tensor:
        """Move w_plus `(N, num_ws, w_dim)` towards `mean_w`: `mean + psi * (w - mean)`.

        Args:
            w_plus: The latents.
            psi: 1 changes nothing, 0 gives the mean; or one for each picture `(N, 1, 1)`.
            labels: See `classes`; which mean where there is one for each class, class 0 without.
            cutoff: Move only the first so many of the num_ws; all when None.

        Source: Karras et al. 2019, appendix B.
        """
        if not isinstance(psi, Tensor) and psi == 1:
            return w_plus
        mean = self.mean_w
        if mean.ndim == 2:
            mean = mean[0] if labels is None else look_up(mean, labels)[:, None]
        moved = mean + psi * (w_plus - mean)
        return moved if cutoff is None else torch.cat([moved[:, :cutoff], w_plus[:, cutoff:]], dim=1)

    @abstractmethod
    def synthesise(self, w_plus: Tensor, noise: Noise = CONSTANT, steps: LayerSteps = NO_STEPS) -> Tensor:
        """Draw pictures `(N, C, H, W)` of w_plus `(N, num_ws, w_dim)`, all with the same noise."""

    def synthesise_anew(self, w_plus: Tensor, draws: Draws) -> Tensor:  # noqa: ARG002 - for those with noise
        """Draw as in training: noise, where the family has some, is drawn for each picture and layer from `draws`."""
        return self.synthesise(w_plus)

    def track_mean_w(self, z: Tensor, labels: Tensor | None, share: float) -> None:
        """Move `mean_w`, where it is kept, by this share of the way to the mean w of z `(N, z_dim)`; in training."""

    def affines(self) -> tuple[Affine, ...]:
        """Where w enters the synthesis, in the order of its layers; () for a family that does not tell."""
        return ()

    def modulations(self) -> tuple[Modulation, ...]:
        """The maps that make styles of w there."""
        return tuple(modulation_of(affine) for affine in self.affines())

    def stages(self) -> StagedSynthesis | None:
        """The synthesis to draw with where no gradients are asked for, or None for one that draws in one go only.

        Made for speed where a family has such a form: its weights are then prepared, so that a caller keeps it, and
        asks anew when weights or device have changed.
        """
        return None

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `Generator`."""
        return self.synthesise(self.map(z, labels))

    def first_features(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `Generator`; here the w of the first layer, as GANSpace takes it for StyleGAN."""
        return self.map(z, labels)[:, 0]


class Discriminator(nn.Module):
    """Judges pictures: the higher the logit, the more it believes that the picture is real."""

    @abstractmethod
    def features(self, images: Tensor) -> Tensor:
        """Return what the last hidden layer makes of images `(N, C, H, W)`, as `(N, F)`."""

    @abstractmethod
    def judge(self, features: Tensor, labels: Tensor | None = None) -> Tensor:
        """Map features `(N, F)` and labels (see `classes`) to logits `(N,)`."""

    def forward(self, images: Tensor, labels: Tensor | None = None) -> Tensor:
        """Map images `(N, C, H, W)` in [-1, 1] and labels (see `classes`) to logits `(N,)`."""
        return self.judge(self.features(images), labels)


class NetworkConfig(Protocol):
    """What every architecture's config dataclass has."""

    @property
    def resolution(self) -> int:
        """Height and width of the pictures, in pixels."""

    @property
    def channels(self) -> int:
        """3 for RGB, 1 for grey."""

    @property
    def num_classes(self) -> int:
        """Classes to condition on, 0 for none."""


@dataclass(frozen=True)
class Architecture:
    """A family of generator and discriminator.

    Attributes:
        config_type: The frozen dataclass that describes one member; it raises NetworkConfigError on bad values.
        build_generator: Makes the generator with fresh weights, drawn from the given torch.Generator.
        build_discriminator: Likewise the discriminator, third for packs of so many pictures (1 by default);
            None for a family that is opened here but not trained.
    """

    config_type: type[Any]
    build_generator: Callable[[Any, torch.Generator], Generator]
    build_discriminator: Callable[..., Discriminator] | None = None

    def make_config(self, values: Mapping[str, Any]) -> Any:
        """Check values that came from a file and make the config of them.

        Raises:
            NetworkConfigError: An unknown key, a wrong type or a value out of range.
        """
        known = {field.name: field.type for field in fields(self.config_type)}
        frozen = {key: _freeze(value) for key, value in values.items()}
        for key, value in frozen.items():
            if key not in known:
                raise NetworkConfigError(key, "this network has no such setting", f"known are {', '.join(known)}")
            if not _is_of(value, known[key]):
                raise NetworkConfigError(key, f"{value!r} is not of type {known[key]}", "correct its type")
        return self.config_type(**frozen)


def _freeze(value: Any) -> Any:
    """Make tuples of the lists that JSON makes of tuples."""
    return tuple(_freeze(part) for part in value) if isinstance(value, list | tuple) else value


def _is_of(value: Any, kind: Any) -> bool:
    """Whether a value is of a field's type; what is in a tuple is left to the config itself."""
    if isinstance(kind, types.UnionType):
        return any(_is_of(value, part) for part in get_args(kind))
    return bool(type(value).__name__ == getattr(kind, "__name__", kind))


NETWORKS: Registry[Architecture] = Registry("network")
