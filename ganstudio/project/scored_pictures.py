"""What was said of pictures outside of this program: tables of scores, and the arrays that InterFaceGAN takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ganstudio import images
from ganstudio.latent.discovery.base import DiscoveryError, Examples
from ganstudio.latent.discovery.score_table import INDEX, PICTURE, SEED, ScoreTable, read_scores
from ganstudio.project.recipe import read_recipe
from ganstudio.rendering.looks.checking import LookError
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import OwnDirection

if TYPE_CHECKING:
    from ganstudio.rendering.renderer import Renderer

_ARRAY = ".npy"
_MOST_BYTES = 8 << 30
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class ScoredPictures:
    """Pictures and what was said of them; exactly one of `seeds`, `looks` and `latents` says which they are.

    Attributes:
        names: F attributes.
        scores: float32 `(N, F)`; NaN where nothing was said.
        seeds: Drawn as the seeds say.
        looks: Made as their recipes say.
        latents: `(N, D)`, or `(N, num_ws, w_dim)`.
    """

    names: tuple[str, ...]
    scores: Floats
    seeds: tuple[int, ...] = ()
    looks: tuple[Look, ...] = ()
    latents: Floats | None = None


def read_scored(scores: Path, latents: Path | None = None) -> ScoredPictures:
    """Read scores and find out which pictures they are of.

    Args:
        scores: A table (see `latent.discovery.score_table`), or an array `(N,)` or `(N, F)` in a file .npy.
        latents: An array `(N, D)` or `(N, num_ws, w_dim)` in a file .npy, for scores that have no seeds or files.

    Raises:
        DiscoveryError: A file cannot be read, or says nothing of the other; names line and column of a table.
    """
    if scores.suffix.lower() == _ARRAY:
        return _of_arrays(scores, latents)
    table = read_scores(scores)
    values = np.array(table.scores, np.float32).reshape(len(table.keys), len(table.names))
    if table.kind == SEED:
        return ScoredPictures(table.names, values, seeds=table.numbers)
    if table.kind == PICTURE:
        return ScoredPictures(table.names, values, looks=_looks_of(scores, table))
    if latents is None:
        raise DiscoveryError(scores, f"its column {INDEX} counts the rows of a file of latents", "choose that file too")
    rows = _read_array(latents, (2, 3))
    for number, line in zip(table.numbers, table.lines, strict=True):
        if number >= len(rows):
            reason = f"line {line}, column {INDEX}: there is no row {number} in {latents.name}, which has {len(rows)}"
            raise DiscoveryError(scores, reason, "count from 0")
    return ScoredPictures(table.names, values, latents=rows[list(table.numbers)])


def _of_arrays(scores: Path, latents: Path | None) -> ScoredPictures:
    """What `train_boundary.py` of InterFaceGAN takes."""
    if latents is None:
        raise DiscoveryError(scores, "an array of scores says not of which pictures", "choose the latents too")
    values = _read_array(scores, (1, 2))
    values = values.reshape(len(values), -1)
    rows = _read_array(latents, (2, 3))
    if len(values) != len(rows):
        raise DiscoveryError(scores, f"it has {len(values)} scores, {latents.name} has {len(rows)} latents",
                             "choose files that were made together")  # fmt: skip
    stem = scores.stem.removesuffix("_scores").removesuffix("_score") or scores.stem
    names = (stem,) if values.shape[1] == 1 else tuple(f"{stem} {number}" for number in range(1, values.shape[1] + 1))
    return ScoredPictures(names, values, latents=rows)


def _looks_of(path: Path, table: ScoreTable) -> tuple[Look, ...]:
    looks = []
    for name, line in zip(table.keys, table.lines, strict=True):
        file = Path(str(name)).expanduser()
        file = file if file.is_absolute() else path.parent / file
        where = f"line {line}, column {PICTURE}: {str(name)[:60]}"
        if not file.is_file():
            raise DiscoveryError(path, f"{where} is not there", "write names of files beside the table, or whole paths")
        values = images.read_recipe(file)
        if values is None:
            raise DiscoveryError(path, f"{where} does not say how it was made", "use pictures that were saved here")
        try:
            looks.append(read_recipe(values).look)
        except LookError as error:
            raise DiscoveryError(path, f"{where} has a damaged recipe ({error.reason})", "save it again") from error
    return tuple(looks)


def _read_array(path: Path, axes: tuple[int, int]) -> Floats:
    """Read an array of numbers with so many axes, the fewest and the most."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise DiscoveryError(path, "it is larger than 8 GB", "choose a part of it")
        found = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise DiscoveryError(path, f"it cannot be read as an array ({error})", "save it with numpy.save") from error
    if not isinstance(found, np.ndarray) or not axes[0] <= found.ndim <= axes[1] or found.dtype.kind not in "fiub":
        reason = f"it is no array of numbers with {axes[0]} or {axes[1]} axes"
        raise DiscoveryError(path, reason, "choose the array that InterFaceGAN takes")
    if not found.size:
        raise DiscoveryError(path, "it is empty", "choose the array that InterFaceGAN takes")
    return np.asarray(found, np.float32)


def examples_of(
    scored: ScoredPictures, renderer: "Renderer", directions: Sequence[OwnDirection] = (), space: str = "auto"
) -> Examples:
    """The latents of scored pictures, in w where the model has one.

    Args:
        scored: What was read.
        renderer: Of the model; drawn with by nobody else meanwhile.
        directions: Of the project, which recipes of pictures may name.
        space: Of which space `scored.latents` are: "z", "w", or "auto" for w where there is one.

    Raises:
        DiscoveryError: Latents that are not this model's.
        LookError: A recipe names what this model does not have.
    """
    import torch

    from ganstudio.rendering.discovered_directions import examples_of_latents, examples_of_seeds
    from ganstudio.rendering.look_examples import latents_of

    scores = torch.from_numpy(scored.scores)
    if scored.latents is not None:
        return examples_of_latents(renderer.generator, torch.from_numpy(scored.latents), scores, scored.names, space)
    if scored.looks:
        latents = latents_of(renderer, scored.looks, directions)
        return examples_of_latents(renderer.generator, latents, scores, scored.names)
    return examples_of_seeds(renderer.generator, scored.seeds, scored.scores.tolist(), scored.names)
