"""Cheap, honest scores while training: pictures of the averaged generator against pictures it never saw.

The names of the scalars: `kid` (kernel distance of random-convolution features to held-out pictures, 0 is best),
`kid_deviation` (its spread over subsets), `diversity` (mean distance between generated pictures over that between real
ones: 1 is as varied, towards 0 is collapse), `copying` (how near generated pictures come to training pictures,
over how near held-out pictures come to them: 1 is as near as an unseen picture, towards 0 is memorised).
"""

import numpy as np
import numpy.typing as npt
import torch

from ganstudio.images import from_uint8
from ganstudio.metrics.copying import copying_ratio
from ganstudio.metrics.diversity import diversity_ratio
from ganstudio.metrics.features import RandomConvolutions, extract_features
from ganstudio.metrics.kid import kernel_distance
from ganstudio.networks.base import Generator
from ganstudio.training.data_order import Indices

SAMPLES = 500
MIN_HELD = 20
TRAINING_SAMPLES = 4000


class Scorer:
    """Measures generators against held-out pictures, always with the same latents and features.

    Args:
        pixels: uint8 `(N, H, W, C)`.
        shown: Indices of training pictures.
        held: Indices of held-out pictures; too few of them are filled up with training pictures for the distance.
        device: Where the features are computed.
    """

    def __init__(self, pixels: npt.NDArray[np.uint8], shown: Indices, held: Indices, device: torch.device) -> None:
        self._pixels = pixels
        self._shown = shown[np.linspace(0, len(shown) - 1, min(TRAINING_SAMPLES, len(shown))).astype(np.int64)]
        self._held = held[:SAMPLES] if len(held) >= MIN_HELD else np.empty(0, np.int64)
        self._device = device
        self._extractor = RandomConvolutions(pixels.shape[3]).to(device)
        self._features: dict[str, npt.NDArray[np.float64]] = {}

    def measure(self, generator: Generator) -> dict[str, float]:
        """Return the scalars named above; `copying` only where pictures are held out."""
        fake = self._generated_features(generator)
        reference = (
            self._real_features("held", self._held) if len(self._held) else self._real_features("shown", self._shown)
        )
        kid, deviation = kernel_distance(reference, fake)
        scalars = {"kid": kid, "kid_deviation": deviation, "diversity": diversity_ratio(reference, fake)}
        if len(self._held):
            scalars["copying"] = copying_ratio(self._real_features("shown", self._shown), reference, fake)
        return scalars

    def _real_features(self, name: str, rows: Indices) -> npt.NDArray[np.float64]:
        if name not in self._features:
            batches = (from_uint8(self._pixels[rows[start : start + 100]]) for start in range(0, len(rows), 100))
            self._features[name] = extract_features(self._extractor, batches, self._device)
        return self._features[name]

    def _generated_features(self, generator: Generator) -> npt.NDArray[np.float64]:
        random = torch.Generator().manual_seed(0)
        spec = generator.spec
        z = torch.randn(SAMPLES, spec.z_dim, generator=random).view(-1, 100, spec.z_dim)
        with torch.inference_mode():
            batches = (generator(part.to(self._device), generator.labels_in_turn(0, len(part))) for part in z)
            return extract_features(self._extractor, batches, self._device)
