"""R1: a penalty on the discriminator's gradient at real pictures. Source: Mescheder et al. 2018, eq. 9."""

import torch
from torch import Tensor


def r1_penalty(real_images: Tensor, real_logits: Tensor) -> Tensor:
    """Return the mean squared norm of the gradient of the logits with respect to the pictures, a scalar.

    Args:
        real_images: `(N, C, H, W)` with `requires_grad` set before the logits were computed.
        real_logits: `(N,)`. A discriminator that compares pictures of a batch makes the rows depend on each other;
            the sum's gradient then counts each picture's influence on the whole batch.
    """
    (gradient,) = torch.autograd.grad(real_logits.sum(), real_images, create_graph=True)
    return gradient.square().sum(dim=(1, 2, 3)).mean()
