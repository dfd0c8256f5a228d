"""Path length: a step in w of any direction should change the picture equally much.

Source: Karras et al. 2020, section 3.2, eq. 4.
"""

import math

import torch
from torch import Tensor, nn

from ganstudio.networks.draws import Draws
from ganstudio.networks.peers import current_peers

_SHARE = 0.01  # of the way that the moving mean goes to each new mean (appendix B)


class PathLength(nn.Module):
    """The penalty, and the moving mean of lengths that it measures against.

    Attributes:
        mean: The moving mean, a scalar; 0 at first.
    """

    mean: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(()))

    def forward(self, images: Tensor, w_plus: Tensor, draws: Draws) -> Tensor:
        """Return the mean squared deviation of the path lengths from their moving mean, which goes on to the new ones.

        Args:
            images: `(N, C, H, W)`, drawn of `w_plus` with gradients.
            w_plus: `(N, num_ws, w_dim)`.
            draws: Draws the pictures of noise along which lengths are measured.
        """
        lengths = path_lengths(images, w_plus, draws)
        mean = self.mean.lerp(current_peers().mean(lengths.detach().mean()), _SHARE)
        self.mean.copy_(mean)
        return (lengths - mean).square().mean()


def path_lengths(images: Tensor, w_plus: Tensor, draws: Draws) -> Tensor:
    """How much pictures change with w: `(N,)`, the norm of the Jacobian's product with a picture of noise.

    The noise is scaled by the root of the pixels, so that lengths do not depend on the resolution, and the norm is the
    root of the mean over the num_ws, so that they do not depend on the depth.

    Args:
        images: `(N, C, H, W)`, drawn of `w_plus` with gradients.
        w_plus: `(N, num_ws, w_dim)`.
        draws: Draws the noise.
    """
    noise = draws.normal(*images.shape).to(images)
    scale = 1 / math.sqrt(images.shape[2] * images.shape[3])
    (gradient,) = torch.autograd.grad((images * noise).sum() * scale, w_plus, create_graph=True)
    return gradient.square().sum(dim=2).mean(dim=1).sqrt()
