"""Networks that turn pictures into features; all of them ship with the program and need no download."""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor, nn

from ganstudio.metrics.kid import Features


class RandomConvolutions(nn.Module):
    """Untrained convolutions with fixed weights: means and deviations of their maps, at three sizes.

    They see colour, edges and texture and where in the picture those are, not what is shown; numbers made of them
    compare generators with each other on the same data, and nothing else. The weights come from a fixed seed.

    Args:
        channels: 3 for RGB, 1 for grey.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        random = torch.Generator().manual_seed(20_240_229)
        widths = [channels, 32, 64, 96]
        self.layers = nn.ModuleList(_random_layer(*widths_pair, random) for widths_pair in pairwise(widths))
        self.eval().requires_grad_(requires_grad=False)

    def forward(self, images: Tensor) -> Tensor:
        """Map images `(N, C, H, W)` in [-1, 1] to features `(N, F)`."""
        features = []
        for layer in self.layers:
            images = nn.functional.leaky_relu(layer(images), 0.2)
            features += [images.mean(dim=(2, 3)), images.std(dim=(2, 3))]
            features.append(nn.functional.adaptive_avg_pool2d(images[:, :16], 4).flatten(1))
        return torch.cat(features, dim=1)


def _random_layer(inputs: int, outputs: int, random: torch.Generator) -> nn.Conv2d:
    layer = nn.Conv2d(inputs, outputs, 3, 2, 1, bias=False)
    nn.init.kaiming_normal_(layer.weight, a=0.2, generator=random)
    return layer


@torch.inference_mode()
def extract_features(extractor: nn.Module, batches: Iterable[Tensor], device: torch.device) -> Features:
    """Run batches of images `(N, C, H, W)` in [-1, 1] through `extractor`; returns float64 `(total, F)`."""
    parts = [extractor(batch.to(device)).float().cpu().numpy() for batch in batches]
    return np.concatenate(parts).astype(np.float64)
