"""The slope of a critic, held at 1. Source: Gulrajani et al. 2017, eq. 3."""

import torch
from torch import Tensor


def slope_penalty(images: Tensor, logits: Tensor, one_sided: bool = False, target: float = 1.0) -> Tensor:
    """Return the mean squared deviation of the slopes from `target`, a scalar.

    Args:
        images: `(N, C, H, W)` with `requires_grad` set before the logits were computed.
        logits: `(N,)`, or fewer for packs.
        one_sided: Slopes below `target` cost nothing.
        target: The wanted norm of the gradient.
    """
    (gradient,) = torch.autograd.grad(logits.sum(), images, create_graph=True)
    slopes = (gradient.square().sum(dim=(1, 2, 3)) + 1e-12).sqrt()  # the root has no derivative at 0
    deviation = (slopes - target).relu() if one_sided else slopes - target
    return deviation.square().mean()
