"""Layers that the StyleGAN family shares: scaled weights, activations with a gain, modulated convolutions.

Source: Karras et al. 2018, section 4.1 (scaled weights); Karras et al. 2020, section 2.2 (modulation).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ganstudio.networks.resampling import convolve_up

EPSILON = 1e-8


@dataclass(frozen=True)
class Activation:
    """A pointwise function and the gain after it that keeps the signal's size."""

    function: Callable[[Tensor], Tensor]
    gain: float


def _leaky(x: Tensor) -> Tensor:
    return nn.functional.leaky_relu(x, 0.2)


def _swish(x: Tensor) -> Tensor:
    return x * torch.sigmoid(x)


ACTIVATIONS = {
    "linear": Activation(lambda x: x, 1.0),
    "relu": Activation(torch.relu, math.sqrt(2)),
    "lrelu": Activation(_leaky, math.sqrt(2)),
    "tanh": Activation(torch.tanh, 1.0),
    "sigmoid": Activation(torch.sigmoid, 1.0),
    "elu": Activation(nn.functional.elu, 1.0),
    "selu": Activation(nn.functional.selu, 1.0),
    "softplus": Activation(nn.functional.softplus, 1.0),
    "swish": Activation(_swish, math.sqrt(2)),
}


def activate(x: Tensor, name: str, gain: float = 1.0, clamp: float = 0.0) -> Tensor:
    """Apply an activation of `ACTIVATIONS` with its gain times `gain`, then clamp.

    Args:
        x: Any shape; its memory is reused where no gradient is asked for.
        name: Name in `ACTIVATIONS`.
        gain: Further gain, of the clamp too.
        clamp: Largest size of the result before `gain`; 0 for no limit.
    """
    activation = ACTIVATIONS[name]
    result = activation.function(x)
    if torch.is_grad_enabled():
        result = result * (activation.gain * gain)
        return result.clamp(-clamp * gain, clamp * gain) if clamp else result
    result.mul_(activation.gain * gain)
    return result.clamp_(-clamp * gain, clamp * gain) if clamp else result


def add_bias(x: Tensor, bias: Tensor) -> Tensor:
    """Add `bias`, which broadcasts, to `x`; into the memory of `x` where no gradient is asked for."""
    return x + bias if torch.is_grad_enabled() else x.add_(bias)


def normalise(x: Tensor) -> Tensor:
    """Bring each row of x `(N, D)` to a mean square of 1. Source: Karras et al. 2018, section 4.2."""
    result: Tensor = x * (x.square().mean(dim=1, keepdim=True) + EPSILON).rsqrt()
    return result


class Dense(nn.Module):
    """A linear layer with weights of unit deviation that are scaled when used.

    Attributes:
        rate: How much slower than other weights it learns; weights are kept larger by its inverse.
        activation: Name in `ACTIVATIONS`.
    """

    def __init__(self, inputs: int, outputs: int, activation: str = "linear", rate: float = 1.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(outputs, inputs))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.rate = rate
        self.activation = activation

    def forward(self, x: Tensor) -> Tensor:
        """Map x `(N, inputs)` to `(N, outputs)`."""
        weight = self.weight * (self.rate / math.sqrt(self.weight.shape[1]))
        bias = self.bias if self.rate == 1 else self.bias * self.rate
        result = nn.functional.linear(x, weight, bias)
        return result if self.activation == "linear" else activate(result, self.activation)


def draw_weights(module: nn.Module, random: torch.Generator) -> None:
    """Draw fresh weights: N(0, 1), over the rate of learning in a `Dense`; all else stays as it was made.

    Source: Karras et al. 2018, section 4.1.
    """
    with torch.no_grad():
        for part in module.modules():
            weight = getattr(part, "weight", None)
            if isinstance(weight, nn.Parameter):
                weight.normal_(generator=random)
                if isinstance(part, Dense):
                    weight.div_(part.rate)


def modulate(
    maps: Tensor, weight: Tensor, styles: Tensor, epsilon: float | None, kernel: Tensor | None = None
) -> Tensor:
    """Convolve maps with a weight whose inputs are scaled by styles and whose outputs are brought to unit size.

    Scaling the maps before and after is the same as scaling the weights, and needs no copy of the weights for each
    picture; for a single picture the weights are scaled, because they are fewer than the pixels.

    Args:
        maps: `(N, I, H, W)`.
        weight: `(O, I, k, k)`, k odd.
        styles: `(N, I)`.
        epsilon: Added to the sum of squares of an output's weights before its root is divided by; None for no
            demodulation.
        kernel: Filter `(K, K)` to double the size with, or None.

    Returns:
        `(N, O, H, W)`, twice as high and wide with `kernel`.

    Source: Karras et al. 2020, eq. 1 and 3.
    """
    scales = None if epsilon is None else _demodulation(weight, styles, epsilon)
    if len(maps) == 1:
        weight = weight * styles[0, :, None, None]
        if scales is not None:
            weight = weight * scales[0, :, None, None, None]
        return _convolve(maps, weight.to(maps.dtype), kernel)
    if maps.dtype == torch.float16 and scales is not None:  # sums of so many products would overflow
        size = math.sqrt(weight[0].numel())
        styles, scales = styles / size, scales * size
    result = _convolve(maps * styles[:, :, None, None].to(maps.dtype), weight.to(maps.dtype), kernel)
    return result if scales is None else result * scales[:, :, None, None].to(maps.dtype)


def _demodulation(weight: Tensor, styles: Tensor, epsilon: float) -> Tensor:
    """The factors `(N, O)` that bring outputs to unit size."""
    squares = weight.square().sum(dim=(2, 3))  # (O, I)
    return (styles.square() @ squares.T + epsilon).rsqrt()


def _convolve(maps: Tensor, weight: Tensor, kernel: Tensor | None) -> Tensor:
    if kernel is not None:
        return convolve_up(maps, weight, kernel)
    return nn.functional.conv2d(maps, weight, padding=weight.shape[2] // 2)
