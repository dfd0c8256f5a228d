"""Spectral normalisation: each layer's weight is divided by its largest singular value.

Source: Miyato et al. 2018, section 2.1 and algorithm 1 (one step of the power iteration an update).
"""

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from ganstudio.networks.draws import Draws

EPSILON = 1e-12
FIRST_STEPS = 15  # of the power iteration, for fresh weights


class SpectralNorm(nn.Module):
    """Divides a weight by the estimate of its largest singular value, which `iterate` keeps near.

    Attributes:
        left: The left singular vector `(O,)`.
        right: The right one `(I,)`.

    Args:
        weight: `(O, ...)`, taken as a matrix of O rows.
        draws: Of the first vector.
    """

    left: Tensor
    right: Tensor

    def __init__(self, weight: Tensor, draws: Draws) -> None:
        super().__init__()
        matrix = weight.detach().flatten(1)
        left = draws.normal(1, len(matrix))[0].to(matrix)
        self.register_buffer("left", nn.functional.normalize(left, dim=0, eps=EPSILON))
        self.register_buffer("right", torch.zeros(matrix.shape[1], device=matrix.device, dtype=matrix.dtype))
        for _ in range(FIRST_STEPS):
            self.iterate(weight)

    @torch.no_grad()
    def iterate(self, weight: Tensor) -> None:
        """Take one step of the power iteration with the plain weight, in the vectors' own memory."""
        matrix = weight.flatten(1)
        self.right.copy_(nn.functional.normalize(self.left @ matrix, dim=0, eps=EPSILON))
        self.left.copy_(nn.functional.normalize(matrix @ self.right, dim=0, eps=EPSILON))

    def forward(self, weight: Tensor) -> Tensor:
        """Return the weight with a largest singular value of about 1; gradients flow through the division."""
        left, right = self.left.clone(), self.right.clone()  # the graph's own, whatever is iterated before it is used
        largest = left @ (weight.flatten(1) @ right)
        return weight / largest


def normalise_spectrally(network: nn.Module, draws: Draws) -> None:
    """Put a SpectralNorm before every weight of two dimensions or more."""
    for part in list(network.modules()):
        weight = part._parameters.get("weight")
        if weight is not None and weight.ndim >= 2:
            parametrize.register_parametrization(part, "weight", SpectralNorm(weight, draws))


def iterate_all(network: nn.Module) -> None:
    """Take one step of each power iteration."""
    for part in network.modules():
        if isinstance(part, parametrize.ParametrizationList):
            for norm in part:
                if isinstance(norm, SpectralNorm):
                    norm.iterate(part.original)
