"""The networks that a plain state_dict may be, with pictures, for choosing the one that looks right.

`search_candidates` is what the window's import assistant and the command line share: a generator of events, cancellable
between any two. What was chosen is remembered for the file by `assumed.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ganstudio.checkpoints.base import AssumptionInfo, OpenedFile
from ganstudio.networks.spec import GeneratorSpec


@dataclass(frozen=True, eq=False)
class Candidate:
    """One network that the weights may be of.

    Attributes:
        config: Values of `SequenceConfig`, the layers among them.
        spec: Its outside.
        assumptions: What was assumed, by the names of `--assume`: given back to `read`, they give this network.
        infos: The same for people, with alternatives.
        score: Logarithm of how probable it is, up to a constant.
        confidence: How probable it is among all candidates, 0 to 1.
        reasons: Why, in words, the strongest first.
        pixels: Sample pictures uint8 `(N, H, W, C)`, the same latents for all candidates of one law.
        weights: Its weights by the names of our network.
    """

    config: dict[str, Any]
    spec: GeneratorSpec
    assumptions: dict[str, str]
    infos: tuple[AssumptionInfo, ...]
    score: float
    confidence: float
    reasons: tuple[str, ...]
    pixels: npt.NDArray[np.uint8] = field(repr=False)
    weights: dict[str, npt.NDArray[np.float32]] = field(repr=False)


@dataclass(frozen=True)
class SearchProgressed:
    """So many of so many steps are done."""

    done: int
    total: int


@dataclass(frozen=True, eq=False)
class CandidateFound:
    """One result; they come best first, after all progress.

    Attributes:
        rank: 0 for the best.
        candidate: The network.
    """

    rank: int
    candidate: Candidate


CandidateEvent = SearchProgressed | CandidateFound


def search_candidates(path: Path, assumptions: Mapping[str, str] | None = None) -> Iterator[CandidateEvent]:
    """Search for the networks that the generator in a file may be.

    Args:
        path: A file with a plain state_dict or a whole pickled module.
        assumptions: What is certain; narrows the search. What was remembered for the file is not looked at.

    Raises:
        CheckpointError: There is no generator in it whose layers can be put together.
        AssumptionError: An assumption that nothing is called or that fits no candidate.
    """
    return search_opened(OpenedFile.open(path), assumptions or {})


def search_opened(file: OpenedFile, assumptions: Mapping[str, str]) -> Iterator[CandidateEvent]:
    """Search in an open file; see `search_candidates`."""
    from ganstudio.checkpoints.rebuilding.rebuild import rebuild  # late: it needs torch

    yield from rebuild(file.path, file.tree, assumptions)
