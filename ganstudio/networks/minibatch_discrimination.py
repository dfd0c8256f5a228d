"""Minibatch discrimination: how close each row of features is to the others of its batch.

Source: Salimans et al. 2016, section 3.2.
"""

import torch
from torch import Tensor, nn

from ganstudio.networks.base import Discriminator
from ganstudio.networks.draws import Draws
from ganstudio.networks.peers import current_peers
from ganstudio.networks.spec import GeneratorSpec


class MinibatchDiscrimination(nn.Module):
    """Closeness in several learned projections, weighed into a logit; the weights of the sum begin at 0.

    Args:
        features: Length of the features.
        kernels: How many projections.
        length: Numbers in each.
        draws: Of the first weights.
    """

    def __init__(self, features: int, kernels: int, length: int, draws: Draws) -> None:
        super().__init__()
        self.projections = nn.Parameter(draws.normal(features, kernels, length) * features**-0.5)
        self.head = nn.Linear(kernels, 1, bias=False)
        nn.init.zeros_(self.head.weight)

    def closeness(self, features: Tensor) -> Tensor:
        """The sums over the other rows of exp(-distance): `(N, kernels)` from `(N, F)`."""
        projected = torch.einsum("nf,fkl->nkl", features, self.projections)
        others = current_peers().gather(projected)  # of all processes that share the batch
        # rows last: neighbouring numbers are then added to neighbouring ones, in half the time on a processor
        own, others = (rows.permute(1, 2, 0).contiguous() for rows in (projected, others))
        distances = (own[..., :, None] - others[..., None, :]).abs().sum(dim=1)  # (kernels, N, all)
        return (-distances).exp().sum(dim=2).T - 1  # without itself

    def forward(self, features: Tensor) -> Tensor:
        """Map features `(N, F)` to what is added to the logits `(N,)`."""
        added: Tensor = self.head(self.closeness(features)).squeeze(1)
        return added


@torch.no_grad()
def feature_length(discriminator: Discriminator, spec: GeneratorSpec, pack: int = 1) -> int:
    """Length of the features that a discriminator makes of pictures as `spec` says, in packs of `pack`."""
    weight = next(discriminator.parameters())
    images = torch.zeros(1, spec.channels * pack, spec.resolution, spec.resolution).to(weight)
    was_training = discriminator.training
    length = discriminator.eval().features(images).shape[1]
    discriminator.train(was_training)
    return length
