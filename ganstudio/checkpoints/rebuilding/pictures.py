"""How much the pictures of a candidate look like pictures, without a reference."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import torch
from torch import Tensor

from ganstudio.checkpoints.rebuilding.choices import OUTPUT_PRIORS, Given
from ganstudio.checkpoints.rebuilding.gaps import activation
from ganstudio.checkpoints.rebuilding.pieces import Piece
from ganstudio.checkpoints.rebuilding.play import Batch, run_pieces
from ganstudio.checkpoints.rebuilding.search import Path

PICTURES = 16
ROUGHNESS = 12.0
LESS = 0.4  # what pictures count where statistics have spoken
USUAL_SIZE = 10.0  # what goes into a last tanh or sigmoid is seldom larger on average
_RANGES = {"tanh": (-1.0, 1.0), "sigmoid": (0.0, 1.0)}


@dataclass(frozen=True, eq=False)
class Outcome:
    """A finished candidate.

    Attributes:
        path: How it was found.
        pieces: All its layers.
        output: Its last activation: "tanh", "sigmoid" or "linear".
        low: Output that is black ...
        high: ... and white.
        images: Some of its pictures `(N, C, H, W)`, scaled to [0, 1] and clipped.
        raw: The same as they come.
        score: Logarithm of how probable it is, up to a constant.
        marks: What its pictures are like: "roughness", "contrast", "variety".
    """

    path: Path
    pieces: tuple[Piece, ...]
    output: str
    low: float
    high: float
    images: Tensor = field(repr=False)
    raw: Batch = field(repr=False)
    score: float
    marks: dict[str, float]


def finish(path: Path, given: Given) -> Iterator[Outcome]:
    """Run the last layers with each last activation and judge the pictures; values must be ready in the path."""
    fill = path.chain.end
    if path.batch is None:
        return
    with torch.inference_mode():
        if fill.said is not None:
            raw = run_pieces(fill.said, path.batch.first(PICTURES))
            functions = [piece.layer["function"] for piece in fill.said if piece.layer["kind"] == "activation"]
            output = functions[-1] if functions and functions[-1] in _RANGES else "linear"
            yield from _judge(path, fill.said, output, raw, raw.values, 0.0)
            return
        before = run_pieces(fill.resize, path.batch.first(PICTURES))
        for output, prior in OUTPUT_PRIORS.items():
            if given.output in (None, output):
                last = () if output == "linear" else (activation(output),)
                raw = run_pieces(last, before)
                usual = 0.0 if given.output else prior
                yield from _judge(path, (*fill.resize, *last), output, raw, before.values, usual)


def _judge(
    path: Path, last: tuple[Piece, ...], output: str, raw: Batch, before: Tensor, prior: float
) -> Iterator[Outcome]:
    if not bool(raw.values.isfinite().all()):
        return
    (low, high), doubt = _range_of(output, raw.values)
    images = ((raw.values - low) / (high - low)).clamp(0, 1)
    marks = measure(images)
    score = path.score + prior - doubt + judge_pictures(marks, LESS if path.misfits else 1.0)
    if output != "linear":
        score -= 1.5 * max(0.0, math.log(float(before.abs().mean()) / USUAL_SIZE + 1e-9))
    yield Outcome(path, (*path.pieces, *last), output, low, high, images, raw, score, marks)


def _range_of(output: str, values: Tensor) -> tuple[tuple[float, float], float]:
    """What is black and what white, and how doubtful that is."""
    if output in _RANGES:
        return _RANGES[output], 0.0
    low, high = _quantiles(values, 0.005)
    if low > -0.3 and high < 1.3:
        return (0.0, 1.0), 0.5
    if low > -1.6 and high < 1.6:
        return (-1.0, 1.0), 0.0
    if low > -60 and 100 < high < 320:
        return (0.0, 255.0), 0.5
    return (-1.0, 1.0), 8.0


def measure(images: Tensor) -> dict[str, float]:
    """Measure pictures `(N, C, H, W)` in [0, 1].

    Roughness is the mean step between neighbours over that between any two pixels: near 0 for smooth pictures, 1 for
    noise. Contrast is the range that all but a few of a thousand pixels fill. Variety is the deviation between pictures
    over that of all pixels.
    """
    across = (images[..., 1:] - images[..., :-1]).abs().mean()
    down = (images[..., 1:, :] - images[..., :-1, :]).abs().mean()
    flat = images.flatten(2)
    order = torch.randperm(flat.shape[2], generator=torch.Generator().manual_seed(0))
    anyhow = (flat - flat[..., order]).abs().mean() + 1e-6
    low, high = _quantiles(images, 0.001)
    spread = float(images.std()) + 1e-6
    return {
        "roughness": float((across + down) / 2 / anyhow),
        "contrast": high - low,
        "variety": float(images.std(dim=0).mean()) / spread,
    }


def _quantiles(values: Tensor, share: float) -> tuple[float, float]:
    """The values that a share of all is below, and above."""
    some = values.flatten()[:: max(1, values.numel() // 20_000)].sort().values
    place = int(share * len(some))
    return float(some[place]), float(some[len(some) - 1 - place])


def judge_pictures(marks: dict[str, float], weight: float) -> float:
    """Turn marks into a logarithm of how probable such pictures are of a trained generator.

    Args:
        marks: See `measure`.
        weight: How much roughness and variety count; contrast counts in any case, because nothing else tells the last
            activation, after which no statistics follow.
    """
    contrast = min(0.0, 2.0 * math.log(marks["contrast"] / 0.6 + 1e-4))
    sameness = 3.0 * max(0.0, 0.08 - marks["variety"]) / 0.08
    return contrast - weight * (ROUGHNESS * min(marks["roughness"], 1.5) + sameness)
