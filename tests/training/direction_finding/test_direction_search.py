"""Directions of a generator whose latent is known to mean something."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch import Tensor

from ganstudio.networks.base import Generator
from ganstudio.networks.spec import GeneratorSpec
from ganstudio.training.direction_finding.direction_search import (
    DirectionsFound,
    FactorsRead,
    search_factors,
    search_main_axes,
)
from ganstudio.training.direction_finding.factor_reading import classes_as_factors
from ganstudio.training.errors import TrainingError


class Bars(Generator):
    """Draws a bar whose brightness is z[2] and whose background is z[5]."""

    def __init__(self) -> None:
        super().__init__()
        self.spec = GeneratorSpec(8, 28, 1)
        self.scale = torch.nn.Parameter(torch.ones(1))

    def first_features(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        return torch.stack([3 * z[:, 2], z[:, 5]], dim=1)

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        images = torch.tanh(z[:, 5, None, None, None] * 0.5).expand(-1, 1, 28, 28).clone()
        images[:, :, 8:20, 8:20] = torch.tanh(z[:, 2, None, None, None] * 0.5)
        return images * self.scale


@dataclass
class Labelled:
    pixels: np.ndarray
    factors: np.ndarray | None
    factor_names: tuple[str, ...] = ("bar", "ground")


@pytest.fixture
def labelled() -> Labelled:
    factors = np.random.default_rng(0).uniform(-1, 1, (400, 2)).astype(np.float32)
    levels = ((factors + 1) * 127).astype(np.uint8)
    pixels = np.repeat(np.repeat(levels[:, 1, None, None, None], 28, 1), 28, 2)
    pixels[:, 8:20, 8:20] = levels[:, 0, None, None, None]
    return Labelled(pixels, factors)


def test_factors_give_named_directions_that_mean_what_they_say(labelled):
    events = list(search_factors(Bars().eval(), labelled, {"bar": "Bar"}, steps=80, samples=1000))
    read = next(event for event in events if isinstance(event, FactorsRead))
    assert min(read.quality.values()) > 0.8
    found = {info.name: (info, vector) for info, vector in events[-1].directions}
    assert set(found) == {"bar", "ground"}
    assert found["bar"][0].title == "Bar"
    assert np.argmax(np.abs(found["bar"][1])) == 2
    assert found["bar"][1][2] > 0.9
    assert found["ground"][1][5] > 0.9


def test_main_axes_are_the_most_varied_features():
    events = list(search_main_axes(Bars().eval(), count=2, samples=500))
    assert isinstance(events[-1], DirectionsFound)
    (first, first_vector), (second, second_vector) = events[-1].directions
    assert (first.name, second.name) == ("pca_1", "pca_2")
    assert np.argmax(np.abs(first_vector)) == 2
    assert np.argmax(np.abs(second_vector)) == 5


def test_classes_serve_as_factors(labelled):
    dark = (labelled.factors[:, 0] > 0).astype(np.int64)
    pictures = classes_as_factors(labelled.pixels, dark, ("dark", "bright"))
    assert list(pictures.factor_names) == ["bright"]
    *_, last = search_factors(Bars().eval(), pictures, {}, steps=80, samples=1000)
    ((info, step),) = last.directions
    assert info.name == "bright"
    assert int(np.abs(step).argmax()) == 2
    assert step[2] > 0
    three = classes_as_factors(labelled.pixels, dark + (labelled.factors[:, 1] > 0.5), ("a", "b", "c"))
    assert list(three.factor_names) == ["a", "b", "c"]
    assert np.array_equal(three.factors.sum(1), np.ones(400))


@pytest.mark.parametrize(("labels", "names"), [(None, ()), (np.zeros(400, int), ("a",)), (np.arange(400) % 3, ("a",))])
def test_pictures_that_are_not_sorted_are_refused(labelled, labels, names):
    with pytest.raises(TrainingError, match="two named classes"):
        classes_as_factors(labelled.pixels, labels, names)


def test_pictures_without_factors_are_refused(labelled):
    with pytest.raises(TrainingError, match="no known factors"):
        next(search_factors(Bars(), Labelled(labelled.pixels, None), {}))
