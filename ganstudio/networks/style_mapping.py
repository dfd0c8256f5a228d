"""The mapping network z -> w that the StyleGAN family shares.

Source: Karras et al. 2019, section 2 and appendix B; Karras et al. 2020b (conditioning).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ganstudio.networks.base import NetworkConfigError
from ganstudio.networks.classes import look_up
from ganstudio.networks.layers import check_range
from ganstudio.networks.style_layers import ACTIVATIONS, Dense, normalise

MAX_WIDTH = 16_384
MAX_CLASSES = 100_000


@dataclass(frozen=True)
class MappingConfig:
    """One mapping network.

    Attributes:
        z_dim: Length of z; 0 where only the class counts (discriminators).
        w_dim: Length of w.
        num_classes: Classes to condition on, 0 for none.
        widths: Outputs of each layer, the last is `w_dim`; empty for no layer.
        label_width: Length of the class's vector, which is put behind z.
        rate: How much slower the layers learn than all others; part of how weights are kept.
        activation: Name in `ACTIVATIONS`.
        label_bias: Whether the class's vector has a bias and is normalised apart from z (StyleGAN2-ADA), or z and
            the vector are normalised as one (StyleGAN, StyleGAN2).
        normalise_z: Whether z is brought to a mean square of 1.
    """

    z_dim: int
    w_dim: int
    num_classes: int
    widths: tuple[int, ...]
    label_width: int
    rate: float = 0.01
    activation: str = "lrelu"
    label_bias: bool = True
    normalise_z: bool = True


def check_mapping(config: MappingConfig) -> None:
    """Raise NetworkConfigError for values that cannot be built."""
    check_range("z_dim", config.z_dim, 0, MAX_WIDTH)
    check_range("w_dim", config.w_dim, 1, MAX_WIDTH)
    check_range("num_classes", config.num_classes, 0, MAX_CLASSES)
    check_range("mapping layers", len(config.widths), 0, 64)
    check_range("label_width", config.label_width, 1 if config.num_classes else 0, MAX_WIDTH)
    for width in config.widths:
        check_range("width of a mapping layer", width, 1, MAX_WIDTH)
    if config.widths and config.widths[-1] != config.w_dim:
        raise NetworkConfigError("mapping_widths", "the last layer does not make a w", f"end with {config.w_dim}")
    if not 0 < config.rate <= 100:
        raise NetworkConfigError("mapping_rate", f"{config.rate} is out of range", "choose more than 0, at most 100")
    check_activation(config.activation)


def check_activation(name: str) -> None:
    """Raise NetworkConfigError unless it is in `ACTIVATIONS`."""
    if name not in ACTIVATIONS:
        raise NetworkConfigError("activation", f"{name[:40]!r} is unknown", f"choose one of {', '.join(ACTIVATIONS)}")


class LabelVector(nn.Module):
    """The vector of a class: a column of the weight `(length, classes)`, scaled, plus a bias if it has one."""

    def __init__(self, classes: int, length: int, bias: bool, scale: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(length, classes))
        self.bias = nn.Parameter(torch.zeros(length)) if bias else None
        self.scale = scale

    def forward(self, labels: Tensor) -> Tensor:
        """Map labels (see `classes`) to `(N, length)`."""
        vectors = look_up(self.weight.T, labels) * self.scale
        return vectors if self.bias is None else vectors + self.bias


class MappingNetwork(nn.Module):
    """Maps z and class to w, through normalisation and a few dense layers.

    Args:
        config: Its settings.
        label: What makes the class's vector `(N, label_width)` of labels, in place of a `LabelVector`.
    """

    def __init__(self, config: MappingConfig, label: nn.Module | None = None) -> None:
        super().__init__()
        self.config = config
        self.label = label
        if config.num_classes and label is None:
            scale = config.num_classes**-0.5 if config.label_bias else 1.0
            self.label = LabelVector(config.num_classes, config.label_width, config.label_bias, scale)
        inputs = [config.z_dim + (config.label_width if config.num_classes else 0), *config.widths]
        self.layers = nn.ModuleList(
            Dense(before, after, config.activation, config.rate)
            for before, after in zip(inputs, config.widths, strict=False)
        )

    def forward(self, z: Tensor | None, labels: Tensor | None = None) -> Tensor:
        """Map z `(N, z_dim)` (None without z) and labels (see `classes`) to w `(N, w_dim)`.

        Missing labels count as class 0.
        """
        x = self._input(z, labels)
        for layer in self.layers:
            x = layer(x)
        return x

    def _input(self, z: Tensor | None, labels: Tensor | None) -> Tensor:
        if self.label is None:
            if z is None:
                raise NetworkConfigError("z", "neither z nor classes", "give one of them")
            return normalise(z) if self.config.normalise_z else z
        if labels is None:
            device = next(self.label.parameters()).device
            labels = torch.zeros(1 if z is None else len(z), dtype=torch.int64, device=device)
        vectors = self.label(labels)
        if not self.config.label_bias:
            joined = vectors if z is None else torch.cat([z, vectors], dim=1)
            return normalise(joined) if self.config.normalise_z else joined
        vectors = normalise(vectors)
        if z is None:
            return vectors
        return torch.cat([normalise(z) if self.config.normalise_z else z, vectors], dim=1)


def broadcast_w(w: Tensor, num_ws: int) -> Tensor:
    """Repeat w `(N, w_dim)` for each layer: `(N, num_ws, w_dim)`."""
    return w[:, None].expand(-1, num_ws, -1)


def widths_of(layers: int, width: int, w_dim: int) -> tuple[int, ...]:
    """The outputs of mapping layers that are all `width` wide but the last."""
    return (*([width] * (layers - 1)), w_dim) if layers else ()


def check_widths(name: str, widths: Sequence[int]) -> None:
    """Raise NetworkConfigError unless all of `widths` are whole numbers from 1 to 16,384."""
    for width in widths:
        if isinstance(width, bool) or not isinstance(width, int):
            raise NetworkConfigError(name, f"{width!r} is not a whole number", "give whole numbers")
        check_range(name, width, 1, MAX_WIDTH)
