"""Parts that several architectures share."""

import torch
from torch import Tensor, nn

from ganstudio.networks.base import NetworkConfigError
from ganstudio.networks.classes import ClassTable, class_weights
from ganstudio.networks.peers import current_peers

RESOLUTIONS = (28, 32, 64, 128)


def check_pictures(resolution: int, channels: int, num_classes: int) -> None:
    """Raise NetworkConfigError unless the picture format is one that the built-in families draw."""
    if resolution not in RESOLUTIONS:
        raise NetworkConfigError("resolution", f"{resolution} px is not supported", f"choose one of {RESOLUTIONS}")
    if channels not in (1, 3):
        raise NetworkConfigError("channels", f"{channels} is neither grey (1) nor RGB (3)", "choose 1 or 3")
    if not 0 <= num_classes <= 10_000:
        raise NetworkConfigError("num_classes", f"{num_classes} is out of range", "choose 0 to 10000")


def check_range(name: str, value: int, low: int, high: int) -> None:
    """Raise NetworkConfigError unless `low <= value <= high`."""
    if not low <= value <= high:
        raise NetworkConfigError(name, f"{value} is out of range", f"choose {low} to {high}")


def initialise_normal(module: nn.Module, generator: torch.Generator, deviation: float = 0.02) -> None:
    """Draw all weights from N(0, deviation) as DCGAN does; normalisation scales from N(1, deviation), biases zero.

    Source: Radford et al. 2016, section 4.
    """
    for part in module.modules():
        weight = getattr(part, "weight", None)
        if weight is None or not list(part.parameters(recurse=False)):
            continue
        is_normalisation = isinstance(part, nn.BatchNorm1d | nn.BatchNorm2d)
        with torch.no_grad():
            weight.normal_(1.0 if is_normalisation else 0.0, deviation, generator=generator)
            bias = getattr(part, "bias", None)
            if isinstance(bias, Tensor):
                bias.zero_()


CONDITIONINGS = ("projection", "embedding", "one_hot", "auxiliary")
"""How networks are told the class of a picture.

- projection: the generator by a learned vector, the discriminator by projecting its features on another
- embedding: both by a learned vector beside what they know of the picture
- one_hot: both by a number for each class, 1 for the one and 0 for the others, as first taught
- auxiliary: the generator by a learned vector, the discriminator not at all: a classifier beside it names the class
"""


def check_conditioning(conditioning: str) -> None:
    """Raise NetworkConfigError unless it is one of `CONDITIONINGS`."""
    if conditioning not in CONDITIONINGS:
        known = ", ".join(CONDITIONINGS)
        raise NetworkConfigError("conditioning", f"{conditioning!r} is unknown", f"choose one of {known}")


class LabelEmbedding(nn.Module):
    """Appends a vector for the class to the latent; without classes it passes the latent on.

    The vector is learned, or has a 1 at the class and 0 elsewhere. Source: Mirza & Osindero 2014, section 3.2.
    """

    def __init__(self, num_classes: int, length: int, one_hot: bool = False) -> None:
        super().__init__()
        self._num_classes = num_classes
        self.length = (num_classes if one_hot else length) if num_classes else 0
        self.embedding = ClassTable(num_classes, length) if num_classes and not one_hot else None

    def forward(self, z: Tensor, labels: Tensor | None) -> Tensor:
        """Map z `(N, z_dim)` and labels (see `classes`) to `(N, z_dim + length)`; missing labels count as class 0."""
        if not self._num_classes:
            return z
        if labels is None:
            labels = torch.zeros(len(z), dtype=torch.int64, device=z.device)
        vectors = class_weights(labels, self._num_classes) if self.embedding is None else self.embedding(labels)
        return torch.cat([z, vectors.to(z.dtype)], dim=1)


def make_head(features: int, num_classes: int, conditioning: str, class_length: int) -> nn.Module:
    """The last layers of a discriminator, told the class in one of `CONDITIONINGS`."""
    if conditioning in ("one_hot", "embedding") and num_classes:
        return JoinedHead(features, num_classes, class_length, one_hot=conditioning == "one_hot")
    return ProjectionHead(features, num_classes if conditioning == "projection" else 0)


class JoinedHead(nn.Module):
    """The last layers of a discriminator: features and the class's vector meet in a hidden layer, then the logit.

    Source: Mirza & Osindero 2014, section 4.1 (the joint hidden layer).
    """

    def __init__(self, features: int, num_classes: int, class_length: int, one_hot: bool, hidden: int = 128) -> None:
        super().__init__()
        self.label = LabelEmbedding(num_classes, class_length, one_hot)
        self.joint = nn.Linear(features + self.label.length, hidden)
        self.linear = nn.Linear(hidden, 1)

    def forward(self, features: Tensor, labels: Tensor | None) -> Tensor:
        """Map features `(N, F)` and labels (see `classes`) to logits `(N,)`."""
        joint = nn.functional.leaky_relu(self.joint(self.label(features, labels)), 0.2)
        logits: Tensor = self.linear(joint).squeeze(1)
        return logits


class ProjectionHead(nn.Module):
    """The last layer of a discriminator: a logit, plus the projection of the features on the class's vector.

    Source: Miyato & Koyama 2018, eq. 4.
    """

    def __init__(self, features: int, num_classes: int) -> None:
        super().__init__()
        self.linear = nn.Linear(features, 1)
        self.embedding = ClassTable(num_classes, features) if num_classes else None

    def forward(self, features: Tensor, labels: Tensor | None) -> Tensor:
        """Map features `(N, F)` and labels `(N,)` to logits `(N,)`."""
        logits: Tensor = self.linear(features).squeeze(1)
        if self.embedding is None or labels is None:
            return logits
        projections: Tensor = (features * self.embedding(labels)).sum(dim=1)
        return logits + projections


def minibatch_deviation(features: Tensor, group: int = 4, maps: int = 1) -> Tensor:
    """Append maps with the mean deviation within groups of the batch, so that sameness shows.

    Args:
        features: `(N, C, H, W)`.
        group: Pictures compared with each other, 0 for all of the batch; lowered to a divisor of N. Processes that
            share a batch compare theirs with each other's.
        maps: How many maps, each of its own share of the C features; a divisor of C.

    Returns:
        `(N, C + maps, H, W)`.

    Source: Karras et al. 2018, section 3.
    """
    peers = current_peers()
    own_count, _, height, width = features.shape
    whole = peers.gather(features)
    whole = whole.to(torch.promote_types(whole.dtype, torch.float32))  # squares of small differences need the digits
    count = len(whole)
    group = group or count
    group = next(size for size in range(min(group, count), 0, -1) if count % size == 0)
    grouped = whole.reshape(group, count // group, maps, -1)
    centred = grouped - grouped.mean(dim=0)  # torch.var over the first of a few rows takes ten times as long (CPU)
    deviation = (centred.square().mean(dim=0) + 1e-8).sqrt().mean(dim=2)  # (count / group, maps)
    column = peers.own(deviation.repeat(group, 1)).reshape(own_count, maps, 1, 1)
    return torch.cat([features, column.to(features.dtype).expand(own_count, maps, height, width)], dim=1)
