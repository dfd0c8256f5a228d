"""Cheap, honest scores while training: pictures of the averaged generator against pictures it never saw.

The names of the scalars:

- `kid`, `kid_deviation`: kernel distance of random-convolution features to held-out pictures (0 is best), and its
  spread over subsets; `frechet`, `frechet_deviation`: the Fréchet distance of the same features, and its spread over
  halves of the generated pictures. Both rank snapshots of one run; neither is the FID of papers, which asks another
  network.
- `augmented_kid`: kernel distance to the same real pictures as augmented in this run, where they are.
- `augmented_ratio`, `augmented_errors`: distance of generated pictures to these over that to real ones as they are, and
  by how many standard errors they are nearer (see `metrics.nearness`).
- `diversity`, `diversity_deviation`: mean distance between generated pictures over that between real ones: 1 is as
  varied, towards 0 is collapse.
- `copying`: how near generated pictures come to training pictures, over how near held-out pictures come to them (or,
  where few are held out, training pictures to each other): 1 is as near as an unseen picture, towards 0 is memorised.
- `ndb`, `missing`: share of bins of real pictures that generated ones fill differently, and share of the real pictures
  in bins that they avoid (see `metrics.bins`).
- `leak`: share of generated pictures with flat grey squares beyond that of real ones (see `metrics.holes`).
- `d_held`, `held_gap`: how sure the discriminator is of real pictures that it never saw, and how far these are judged
  from those trained on towards generated ones: 0 as those, 1 as these. Source: Karras et al. 2020b, eq. 1 (r_v).
"""

import math

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ganstudio.images import from_uint8, to_convention, to_uint8
from ganstudio.latent.spaces import draw_z
from ganstudio.metrics.bins import Bins, compare, make_bins
from ganstudio.metrics.copying import copying_ratio
from ganstudio.metrics.diversity import diversity_ratio
from ganstudio.metrics.features import RandomConvolutions, extract_features
from ganstudio.metrics.frechet import frechet_distance
from ganstudio.metrics.holes import hole_share
from ganstudio.metrics.kid import Features, kernel_distance
from ganstudio.metrics.nearness import compare_nearness
from ganstudio.networks.base import Generator
from ganstudio.training.data_order import Indices
from ganstudio.training.game.pair import Pair

SAMPLES = 500
JUDGED = 200  # pictures of each kind that the discriminator is asked about
MIN_HELD = 20  # for distances
MIN_UNSEEN = 6  # for the discriminator, whose answers come with their own standard error
TRAINING_SAMPLES = 4000
BINS = 25  # 500 samples put 20 into each
BATCH = 100
Pixels = npt.NDArray[np.uint8]


class Scorer:
    """Measures pairs against held-out pictures, always with the same latents and features.

    Args:
        pixels: uint8 `(N, H, W, C)`.
        labels: Classes `(N,)`, or None.
        shown: Indices of training pictures.
        held: Indices of held-out pictures; too few of them are filled up with training pictures for the distance.
        device: Where the features are computed.
    """

    def __init__(
        self, pixels: Pixels, labels: npt.NDArray[np.int64] | None, shown: Indices, held: Indices, device: torch.device
    ) -> None:
        self._made_bins: Bins | None = None
        self._real_holes: float | None = None
        self._pixels, self._labels = pixels, labels
        self._shown = _evenly(shown, TRAINING_SAMPLES)
        self._held = _evenly(held, SAMPLES) if len(held) >= MIN_HELD else np.empty(0, np.int64)
        self._unseen = _evenly(held, JUDGED) if len(held) >= MIN_UNSEEN else np.empty(0, np.int64)
        self._device = device
        self._extractor = RandomConvolutions(pixels.shape[3]).to(device)
        self._features: dict[str, Features] = {}

    def measure(self, pair: Pair) -> dict[str, float]:
        """Return the scalars named above; those of the discriminator only where pictures are held out."""
        images = self._generate(pair.averaged)
        fake = self._extract(images)
        shown = self._real_features("shown", self._shown)
        reference = self._real_features("held", self._held) if len(self._held) else shown
        scalars = _distances(reference, fake) | self._bins(shown, fake) | self._leaks(pair, images, fake)
        scalars["copying"] = copying_ratio(shown, reference if len(self._held) else None, fake)
        if len(self._unseen):
            scalars |= self._discriminator(pair, images)
        return scalars

    def _bins(self, shown: Features, fake: Features) -> dict[str, float]:
        if self._made_bins is None:
            self._made_bins = make_bins(shown, BINS)
        if self._made_bins is None:
            return {}
        found = compare(self._made_bins, fake)
        return {"ndb": found.different, "missing": found.missing}

    def _leaks(self, pair: Pair, images: Tensor, fake: Features) -> dict[str, float]:
        """What tells that augmentation shows in generated pictures: holes, and nearness to augmented real ones."""
        pixels = np.concatenate([to_uint8(part) for part in _parts(images)])
        if self._real_holes is None:
            self._real_holes = hole_share(self._pixels[_evenly(self._shown, SAMPLES)])
        leaks = {"leak": max(0.0, hole_share(pixels) - self._real_holes)}
        if pair.makes_unreal_pictures:
            leaks |= self._nearness_to_augmented(pair, fake)
        return leaks

    def _nearness_to_augmented(self, pair: Pair, fake: Features) -> dict[str, float]:
        name, rows = ("held", self._held) if len(self._held) else ("some shown", _evenly(self._shown, SAMPLES))
        parts = np.array_split(rows, math.ceil(len(rows) / BATCH))
        real = (from_uint8(self._pixels[part], self._device) for part in parts)
        augmented = (pair.augment_plainly(images, seed) for seed, images in enumerate(real))
        changed = extract_features(self._extractor, augmented, self._device)
        leaks = {"augmented_kid": kernel_distance(changed, fake)[0]}
        if len(rows) >= MIN_HELD:
            found = compare_nearness(self._real_features(name, rows), changed, fake)
            leaks |= {"augmented_ratio": found.ratio, "augmented_errors": found.errors}
        return leaks

    def _discriminator(self, pair: Pair, images: Tensor) -> dict[str, float]:
        """Ask the discriminator about pictures that it was trained on, that it never saw, and that are generated."""
        logits = [self._judge_real(pair, rows) for rows in (_evenly(self._shown, JUDGED), self._unseen)]
        labels = self._drawn_labels(pair.generator)
        fake_logits = pair.judge_plainly(images[:JUDGED], None if labels is None else labels[:JUDGED])
        held_probability, _ = pair.loss.probabilities(*_as_many(logits[1], fake_logits))
        return {"d_held": float(held_probability), "held_gap": held_gap(logits[0], logits[1], fake_logits)}

    def _judge_real(self, pair: Pair, rows: Indices) -> Tensor:
        images = from_uint8(self._pixels[rows], self._device)
        has_labels = self._labels is not None and pair.generator.spec.num_classes
        labels = torch.from_numpy(np.asarray(self._labels)[rows]).to(self._device) if has_labels else None
        return pair.judge_plainly(images, labels)

    def _real_features(self, name: str, rows: Indices) -> Features:
        if name not in self._features:
            batches = (from_uint8(self._pixels[rows[start : start + BATCH]]) for start in range(0, len(rows), BATCH))
            self._features[name] = extract_features(self._extractor, batches, self._device)
        return self._features[name]

    @torch.inference_mode()
    def _generate(self, generator: Generator) -> Tensor:
        random = torch.Generator().manual_seed(0)
        spec = generator.spec
        z = draw_z(SAMPLES, spec.z_dim, spec.latent_law, random)
        labels = self._drawn_labels(generator)
        of_parts = _parts(labels) if labels is not None else [None] * len(_parts(z))
        drawn = [generator(part.to(self._device), own) for part, own in zip(_parts(z), of_parts, strict=True)]
        return to_convention(torch.cat(drawn), *spec.output_range)

    def _drawn_labels(self, generator: Generator) -> Tensor | None:
        """The classes `(SAMPLES,)` to draw: as often as among the real pictures, mixed; None without classes."""
        if self._labels is None or not generator.spec.num_classes:
            return generator.labels_in_turn(0, SAMPLES)
        rows = _evenly(self._held if len(self._held) else self._shown, SAMPLES)
        classes = np.resize(np.random.default_rng(0).permutation(self._labels[rows]), SAMPLES)
        return torch.from_numpy(classes).to(self._device)

    def _extract(self, images: Tensor) -> Features:
        return extract_features(self._extractor, _parts(images), self._device)


def held_gap(shown: Tensor, held: Tensor, fake: Tensor) -> float:
    """How far unseen pictures are judged from those trained on towards generated ones; 0 where that may be chance.

    Args:
        shown: Logits of pictures trained on.
        held: Logits of pictures that it never saw.
        fake: Logits of generated pictures.

    Returns:
        0: as those trained on; 1: as generated ones; between -1 and 2. 0, too, where one of the two differences is
        within three standard errors: of a discriminator that knows nothing, nobody can say what it learned by heart.
    """
    towards_held, towards_fake = (float(shown.mean() - other.mean()) for other in (held, fake))
    if towards_fake < _error(shown, fake) or abs(towards_held) < _error(shown, held):
        return 0.0
    return float(np.clip(towards_held / towards_fake, -1.0, 2.0))


def _error(first: Tensor, second: Tensor) -> float:
    """Three standard errors of the difference of two means."""
    variances = sum(float(logits.var()) / len(logits) for logits in (first, second))
    return max(3 * math.sqrt(variances), 1e-6)


def _distances(reference: Features, fake: Features) -> dict[str, float]:
    kid, deviation = kernel_distance(reference, fake)
    halves = np.array_split(fake, 2)
    fids = [frechet_distance(reference, half) for half in halves]
    diversities = [diversity_ratio(reference, half) for half in halves]
    return {
        "kid": kid,
        "kid_deviation": deviation,
        "frechet": frechet_distance(reference, fake),
        "frechet_deviation": abs(fids[0] - fids[1]) / 2,
        "diversity": diversity_ratio(reference, fake),
        "diversity_deviation": abs(diversities[0] - diversities[1]) / 2,
    }


def _evenly(indices: Indices, count: int) -> Indices:
    """At most `count` of them, from all over: pictures often come ordered by kind."""
    return indices[np.linspace(0, len(indices) - 1, min(count, len(indices))).astype(np.int64)]


def _parts(rows: Tensor) -> tuple[Tensor, ...]:
    return rows.chunk(max(1, len(rows) // BATCH))


def _as_many(left: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
    """Cut two rows of logits to one length, for losses that pair them."""
    count = min(len(left), len(right))
    return left[:count], right[:count]
