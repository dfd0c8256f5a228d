"""Zero-centred gradient penalties: the discriminator shall be flat where pictures are.

At real pictures it is R1, at generated ones R2. Source: Mescheder et al. 2018, eq. 9 and 10.
"""

import torch
from torch import Tensor


def zero_centred_penalty(images: Tensor, logits: Tensor) -> Tensor:
    """Return the mean squared norm of the gradient of the logits with respect to the pictures, a scalar.

    Args:
        images: `(N, C, H, W)` with `requires_grad` set before the logits were computed.
        logits: `(N,)`. A discriminator that compares pictures of a batch makes the rows depend on each other; the
            sum's gradient then counts each picture's influence on the whole batch.
    """
    (gradient,) = torch.autograd.grad(logits.sum(), images, create_graph=True)
    return gradient.square().sum(dim=(1, 2, 3)).mean()
