"""What comes before and after a convolution of StyleGAN2, done on a few rows at a time while they are in the cache."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ganstudio.networks.style_layers import ACTIVATIONS

HOMOGENEOUS = ("linear", "relu", "lrelu")
"""Activations that let a positive factor through, so that their gain can be put into what comes before."""


@dataclass(frozen=True)
class Modulation:
    """The factors of a modulated convolution.

    Attributes:
        styles: Of the inputs `(N, I)`.
        scales: Of the outputs `(N, O)`.
    """

    styles: Tensor
    scales: Tensor

    def of(self, pictures: slice) -> "Modulation":
        """Those of some pictures."""
        return Modulation(self.styles[pictures], self.scales[pictures])


@dataclass(frozen=True)
class Finish:
    """What follows a convolution.

    Attributes:
        bias: `(O,)`.
        noise: `(H, W, 1)`, or None.
        activation: Name in `ACTIVATIONS`.
        gain: After the activation; of the homogeneous ones it is in the bias, the noise and the scales already.
        clamp: Largest size of the result; 0 for no limit.
    """

    bias: Tensor
    noise: Tensor | None
    activation: str
    gain: float
    clamp: float

    def store(self, values: Tensor, scales: Tensor | None, rows: slice, out: Tensor) -> None:
        """Finish what a convolution gave, and put it into the maps.

        Args:
            values: Convolved `(N, ..., O)`, the pixels in any number of dimensions.
            scales: What they are still to be scaled by `(N, O)`; None where they are scaled and have the bias.
            rows: Which rows they are.
            out: Where they go, `(N, rows, W, O)`.
        """
        place = out.view(values.shape)
        if scales is not None:
            torch.mul(values, spread(scales, values.ndim), out=place)
            out.add_(self.bias)
            self.complete(out, rows)
        elif self.noise is not None:
            torch.add(values, self.noise[rows].view(*values.shape[1:-1], 1), out=place)
            self._activate(out)
        else:
            place.copy_(values)
            self._activate(out)

    def complete(self, out: Tensor, rows: slice) -> None:
        """Add the noise of these rows to maps `(N, rows, W, O)` that have their bias, and activate them, in place."""
        if self.noise is not None:
            out.add_(self.noise[rows])
        self._activate(out)

    def _activate(self, out: Tensor) -> None:
        if self.activation == "lrelu":
            nn.functional.leaky_relu_(out, 0.2)
        elif self.activation == "relu":
            out.relu_()
        elif self.activation != "linear":
            out.copy_(ACTIVATIONS[self.activation].function(out)).mul_(self.gain)
        if self.clamp:
            out.clamp_(-self.clamp, self.clamp)


def spread(factors: Tensor, dims: int) -> Tensor:
    """Factors `(N, C)` in a shape `(N, 1 ..., C)` that goes with so many dimensions."""
    return factors.view(len(factors), *[1] * (dims - 2), -1)
