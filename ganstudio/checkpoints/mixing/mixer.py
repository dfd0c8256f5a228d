"""Makes the weights of a model between two others."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import torch

from ganstudio.checkpoints.base import Array, Checkpoint, DirectionInfo, feature_layer
from ganstudio.checkpoints.building import build_generator
from ganstudio.checkpoints.mixing.shares import MixError, MixShares
from ganstudio.networks.base import MappedGenerator
from ganstudio.networks.catalogue import NETWORKS

_MEAN_SAMPLES = 4000
_MEAN_NAME = "average"  # of the buffer that families with a kept mean w call it by
_LONGEST = 60
_CPU = torch.device("cpu")


class ModelMixer:
    """Two models that fit together.

    Args:
        first: What a share of 0 is.
        second: What a share of 1 is.

    Attributes:
        sizes: The resolutions of the network's layers in pixels, ascending.

    Raises:
        MixError: They are of different networks, or of one whose weights cannot be mixed.
        CheckpointError: One of them cannot be built.
    """

    def __init__(self, first: Checkpoint, second: Checkpoint) -> None:
        _check_alike(first, second)
        self._first, self._second = first, second
        generator = build_generator(first, _CPU)
        build_generator(second, _CPU)  # refuses weights that do not fit
        if not any(_is_mixable(array) for array in first.weights.values()):
            reason = f"a model of kind {first.description.family} is one piece without weights of its own"
            raise MixError(first.description.path.name, reason, "mix the checkpoints that it was exported from")
        self._size_of = {name: size_of(name, generator.map_sizes()) for name in first.weights}
        self.sizes = tuple(sorted(set(self._size_of.values()) - {0}))

    def mix(self, shares: MixShares) -> Checkpoint:
        """The model in between, as if it had been read from a file."""
        first, second = self._first, self._second
        weights = {
            name: interpolate(array, second.weights[name], shares.of(self._size_of[name]))
            for name, array in first.weights.items()
        }
        if 0 < shares.latent < 1 and _MEAN_NAME in weights:
            weights[_MEAN_NAME] = self._measure_mean(weights)
        carrier = second if shares.latent > 0.5 else first
        carried = self._directions(carrier, shares)
        description = replace(
            first.description,
            format="ganstudio",
            class_names=carrier.description.class_names or first.description.class_names,
            directions=tuple(carried),
            facts=self._facts(shares),
            confidence=min(first.description.confidence, second.description.confidence),
            warnings=(),
            assumptions=(),
        )
        directions = {info.name: carrier.directions[info.name] for info in carried}
        config = asdict(NETWORKS[description.family].make_config(first.config))
        return Checkpoint(description, config, weights, {}, directions)

    def _measure_mean(self, weights: Mapping[str, Array]) -> Array:
        """The mean w of what maps in between, which is not between the means."""
        generator = build_generator(replace(self._first, weights=dict(weights)), _CPU)
        assert isinstance(generator, MappedGenerator)  # noqa: S101 - no other family keeps a mean w
        return measure_mean_w(generator).numpy()

    def _directions(self, carrier: Checkpoint, shares: MixShares) -> list[DirectionInfo]:
        """The directions that still mean something: those of the model that most of the latent's part is of.

        Those inside the network need their layers to be mostly of that model, too. What was measured of them was
        measured of another model.
        """
        is_second = carrier is self._second
        is_whole = all((share > 0.5) == is_second for _, share in shares.sizes)
        return [
            replace(info, quality=None, entanglement=None)
            for info in carrier.description.directions
            if is_whole or not (info.space == "style" or feature_layer(info.space) is not None)
        ]

    def _facts(self, shares: MixShares) -> dict[str, Any]:
        return {
            "mixed_first": self._first.description.path.name,
            "mixed_second": self._second.description.path.name,
            "mixed_shares_of_second": shares.words,
        }


def size_of(name: str, sizes: Mapping[str, int]) -> int:
    """The resolution of a tensor, by the longest beginning of its name that is known; 0 for none."""
    known = [prefix for prefix in sizes if name.startswith(prefix)]
    return sizes[max(known, key=len)] if known else 0


def interpolate(first: Array, second: Array, share: float) -> Array:
    """Weights in between; those of the nearer model where they are no fractions (counters)."""
    if share in (0, 1) or not _is_mixable(first):
        return second if share > 0.5 else first
    between = first.astype(np.float64) * (1 - share) + second.astype(np.float64) * share
    mixed: Array = between.astype(first.dtype)
    return mixed


@torch.inference_mode()
def measure_mean_w(generator: MappedGenerator) -> torch.Tensor:
    """The mean w float32 of many z, the same ones each time, in the shape of `mean_w`."""
    spec, random = generator.spec, torch.Generator().manual_seed(0)
    z = torch.randn(_MEAN_SAMPLES, spec.z_dim, generator=random)
    if generator.mean_w.ndim == 1:
        return generator.map(z, generator.labels_in_turn(0, len(z)))[:, 0].mean(dim=0)
    count = max(100, _MEAN_SAMPLES // spec.num_classes)
    means = [
        generator.map(z[:count], torch.full((count,), label))[:, 0].mean(dim=0) for label in range(spec.num_classes)
    ]
    return torch.stack(means)


def _is_mixable(array: Array) -> bool:
    return array.dtype.kind == "f"


def _check_alike(first: Checkpoint, second: Checkpoint) -> None:
    """Refuse two models that are not of one network, and say what differs."""
    names = first.description.path.name, second.description.path.name
    families = first.description.family, second.description.family
    if families[0] != families[1]:
        raise _differs("family", families, names)
    configs = [asdict(NETWORKS[families[0]].make_config(one.config)) for one in (first, second)]
    for name, value in configs[0].items():
        if configs[1][name] != value:
            raise _differs(name.replace("_", " "), (value, configs[1][name]), names)


def _differs(what: str, values: tuple[object, object], names: tuple[str, str]) -> MixError:
    said = [str(value) if len(str(value)) <= _LONGEST else f"{str(value)[:_LONGEST]}…" for value in values]
    if said[0] == said[1]:
        said = ["one", "another"]
    reason = f"they differ in {what}: {said[0]} in {names[0]}, {said[1]} in {names[1]}"
    return MixError("these two models", reason, "mix two that were trained on from the same model")
