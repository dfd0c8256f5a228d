"""The picture that a synthesis is going to make, guessed from what it has computed so far.

A coarse picture must have the colours of the full one, or it flickers when the slider rests. What StyleGAN2 has summed
up half-way lacks the colours of the layers to come, and other families have no colours at all before their last layer.
So at each resolution a linear map from the features at a place to the full picture's mean colour there is fitted to
the pictures that were drawn in full (ridge regression; recent pictures count most, so that it is at its best near
the picture that a person is at work on).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from ganstudio.networks.staged import SynthesisState

SMALLEST_SIDE = 8  # px; a coarser picture says nothing
_PLACES = 256  # of each picture and resolution; more cost more than they tell
_STRIDE = 7919  # a prime, so that places run through rows and columns alike
_FORGETTING = 0.9
_RIDGE = 0.1  # share of a feature's own power that is added to it


@dataclass(frozen=True, eq=False)
class Sample:
    """What is known at some places of a picture on the way.

    Attributes:
        layers: Layers done.
        side: Height and width there, in pixels.
        places: Which, int64 `(P,)`.
        known: Features and a one `(P, F)`.
        has_colours: Whether the last features are the picture so far.
    """

    layers: int
    side: int
    places: Tensor
    known: Tensor
    has_colours: bool


@dataclass
class _Sums:
    """Weighted sums over places: features with features `(F, F)`, features with colours `(F, C)`."""

    features: Tensor
    colours: Tensor
    has_colours: bool
    solution: Tensor | None = None


class CoarseColours:
    """Fits and applies the map of each level; a level is a number of layers done.

    Args:
        resolution: Height and width of the pictures.
        margin_of: How many pixels the maps reach beyond the picture after so many layers.
    """

    def __init__(self, resolution: int, margin_of: Callable[[int], int] = lambda _layers: 0) -> None:
        self._margin_of = margin_of
        self._resolution = resolution
        self._sums: dict[int, _Sums] = {}

    @property
    def levels(self) -> list[int]:
        """After how many layers a picture can be guessed, ascending."""
        return sorted(self._sums)

    def sample(self, state: SynthesisState) -> "Sample | None":
        """What `learn` wants to know of a state on the way to a picture `(1, C, H, W)`; None where it tells nothing."""
        margin = self._margin_of(state.layer)
        side = state.features.shape[-1] - 2 * margin
        if not SMALLEST_SIDE <= side < self._resolution:
            return None
        places = _scattered(side * side).to(state.features.device)
        rows, columns = places // side + margin, places % side + margin
        known = [state.features[0][:, rows, columns].float()]
        if state.image is not None and _has_colours(state):
            known.append(state.image[0][:, rows, columns].float())
        known.append(known[0].new_ones(1, len(places)))
        return Sample(state.layer, side, places, torch.cat(known).T, _has_colours(state))

    def learn(self, samples: Iterable["Sample"], picture: Tensor) -> None:
        """Take in a picture `(1, C, H, W)` that was drawn in full, and samples from the way to it."""
        last_of_side = {sample.side: sample for sample in samples}
        for sample in last_of_side.values():
            if not bool(sample.known.isfinite().all()):
                continue  # the network overflowed on the way, and one such picture would spoil all later ones
            target = functional.adaptive_avg_pool2d(picture.float(), sample.side)[0].flatten(1)
            self._add(sample, target[:, sample.places].T)

    def guess(self, state: SynthesisState) -> Tensor:
        """The picture `(1, C, side, side)` that a state of one of `levels` leads to, in the range of pictures."""
        sums = self._sums[state.layer]
        if sums.solution is None:
            sums.solution = _solve(sums, _direct(sums))
        features = self._features(state)
        weights = sums.solution
        flat = torch.addmm(weights[-1:].T, weights[:-1].T, features.flatten(1))
        return flat.view(1, -1, *features.shape[1:])

    def guess_roughly(self, state: SynthesisState, enough_px: int) -> Tensor | None:
        """The picture that a state leads to, if it is this high and can be guessed; None otherwise."""
        side = state.features.shape[-1] - 2 * self._margin_of(state.layer)
        if state.layer not in self._sums or side < enough_px:
            return None
        guess = self.guess(state)
        return guess if bool(guess.isfinite().all()) else None

    def _add(self, sample: "Sample", wanted: Tensor) -> None:
        known = sample.known
        sums = self._sums.get(sample.layers)
        if sums is None:
            self._sums[sample.layers] = _Sums(known.T @ known, known.T @ wanted, sample.has_colours)
        else:
            sums.features.mul_(_FORGETTING).addmm_(known.T, known)
            sums.colours.mul_(_FORGETTING).addmm_(known.T, wanted)
            sums.solution = None

    def _features(self, state: SynthesisState) -> Tensor:
        """What is known at each place of the picture, `(F, side, side)`: the maps, and the picture so far."""
        margin = self._margin_of(state.layer)
        inner = slice(margin, state.features.shape[-1] - margin)
        maps = state.features[0, :, inner, inner].float()
        if state.image is None or not _has_colours(state):
            return maps
        return torch.cat([maps, state.image[0].float()])


def _has_colours(state: SynthesisState) -> bool:
    """Whether there is a picture of the size of the maps; within a block it is still that of the last one."""
    return state.image is not None and state.image.shape == (1, state.image.shape[1], *state.features.shape[2:])


def _scattered(count: int) -> Tensor:
    """Some of `count` places, spread over rows and columns, the same ones each time."""
    if count <= _PLACES:
        return torch.arange(count)
    return (torch.linspace(0, count - 1, _PLACES).long() * _STRIDE) % count


def _direct(sums: _Sums) -> Tensor:
    """The map `(F, C)` to begin with where little is known: the picture so far, if there is one."""
    start = torch.zeros_like(sums.colours)
    if sums.has_colours:
        channels = start.shape[1]
        place = len(start) - 1 - channels
        start[place : place + channels] = torch.eye(channels, dtype=start.dtype, device=start.device)
    return start


def _solve(sums: _Sums, start: Tensor) -> Tensor:
    """The map `(F, C)` of least squares, drawn to `start` in proportion to each feature's own power."""
    power = sums.features.diagonal().clamp_min(sums.features.diagonal().max() * 1e-6 + 1e-12)
    ridge = _RIDGE * power
    ridge[-1] = 1e-4 * power[-1]  # the mean colour is what one sample tells well
    factor, failed = torch.linalg.cholesky_ex(sums.features + torch.diag(ridge))
    if failed:
        return start
    return torch.cholesky_solve(sums.colours + ridge[:, None] * start, factor)
