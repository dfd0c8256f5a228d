"""The search for what a state_dict does not say: layer by layer, by how well statistics fit that training left behind.

Batch normalisation remembers mean and variance of what went through it. Latents are sent through each candidate, and
where an activation, a slope, an eps, the latent's law or the place of an upsampling is wrong, the next normalisation
sees other statistics than it remembers. Candidates are kept by score, so few that the whole takes seconds.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import torch

from ganstudio.checkpoints.rebuilding.chains import Chain, Step, find_chains
from ganstudio.checkpoints.rebuilding.choices import (
    ACTIVATION_PRIORS,
    LAW_PRIORS,
    Given,
    Habits,
    Option,
    eps_options,
    fill_options,
)
from ganstudio.checkpoints.rebuilding.entries import Entry
from ganstudio.checkpoints.rebuilding.gaps import Names, activation
from ganstudio.checkpoints.rebuilding.pieces import Piece, join, of_unit, plain
from ganstudio.checkpoints.rebuilding.play import (
    MISFIT_FLOOR,
    Batch,
    draw,
    enough,
    make_module,
    misfit,
    run_pieces,
    run_some_channels,
)
from ganstudio.checkpoints.rebuilding.units import Unit
from ganstudio.networks.described.kinds import Shape

EVIDENCE = 4.0  # how much a misfit ten times smaller counts: as much as priors e ** 9 apart
KEPT = 8  # different computations followed
KEPT_OPEN = 24  # where nothing parts them (yet), or only their pictures will
KEPT_LAST = 12  # after the last normalisation
KEPT_PER_KEY = 8
PICTURES = 32
TOO_FAR = 10.0
WELL = 0.006  # a misfit that leaves little to find
OVERTAKEN = 4.0
_BEST, _FIT = "best", "fit"  # beside the keys of computations
_MIXING = ("linear", "conv", "conv_transpose")


@dataclass(frozen=True, eq=False)
class Path:
    """A candidate on its way through the layers.

    Attributes:
        entry: How latent and class came in.
        chain: The layers and sizes.
        law: Law of the latent.
        pieces: The layers so far.
        batch: Values after them; None until they are computed.
        key: What was computed, equal for equal computations.
        score: Logarithm of how probable it is, up to a constant.
        hope: Evidence found ahead of its place, for choosing whom to follow.
        habits: See `Habits`.
        misfits: Of each normalisation so far.
        pending: Layers chosen and not yet computed.
        places: Whether an activation stood before each layer with weights so far.
    """

    entry: Entry
    chain: Chain
    law: str
    pieces: tuple[Piece, ...]
    batch: Batch | None
    key: str
    score: float
    hope: float = 0.0
    habits: Habits = field(default_factory=Habits)
    misfits: tuple[float, ...] = ()
    pending: tuple[Piece, ...] = ()
    places: tuple[bool, ...] = ()


@dataclass(frozen=True)
class SearchStep:
    """Progress: layers done of how many."""

    done: int
    total: int


def follow(entries: Sequence[Entry], names: Names, given: Given) -> Iterator[SearchStep | Path]:
    """Search through all layers; yields progress, and at the end the paths, best first.

    Entries with different layers behind them are followed one after the other.
    """
    groups: dict[tuple[str, ...], list[Path]] = {}
    chains: dict[tuple[str, ...], list[Chain]] = {}
    for entry in entries:
        rest = tuple(unit.name for unit in entry.rest)
        groups.setdefault(rest, []).extend(_begin(entry, names, given, chains))
    total = sum(len(paths[0].chain.steps) for paths in groups.values() if paths)
    done = 0
    finished: list[Path] = []
    with torch.inference_mode():
        for beginning in groups.values():
            paths = beginning
            for index in range(len(paths[0].chain.steps) if paths else 0):
                paths = _advance(paths, index, given)
                done += 1
                yield SearchStep(done, total)
            finished.extend(paths)
    yield from sorted(finished, key=lambda path: -path.score)


def _begin(entry: Entry, names: Names, given: Given, chains: dict[tuple[str, ...], list[Chain]]) -> list[Path]:
    if not _entry_allowed(entry, given):
        return []
    paths = []
    for law, usual in LAW_PRIORS.items():
        if given.law not in (None, law):
            continue
        prior = entry.prior + (0.0 if given.law else usual)
        for pieces, batch, shape, score, habits in _openings(entry, law):
            known = (*(unit.name for unit in entry.rest), repr(shape))
            if known not in chains:
                chains[known] = find_chains(entry.rest, shape, names)
            for chain in chains[known]:
                if _chain_allowed(chain, given):
                    key = f"{entry.name} {entry.z_dim} {law} {habits.activation}"
                    paths.append(
                        Path(entry, chain, law, pieces, batch, key, prior + score + chain.prior, habits=habits)
                    )
    return paths


def _entry_allowed(entry: Entry, given: Given) -> bool:
    return given.class_input in (None, entry.name) and given.classes in (None, entry.classes)


def _chain_allowed(chain: Chain, given: Given) -> bool:
    if given.resolution not in (None, chain.shape[1]):
        return False
    return not given.sizes or given.sizes == sizes_of(chain)


def sizes_of(chain: Chain) -> tuple[int, ...]:
    """Height of the maps after each convolution of a chain."""
    sizes = []
    size = 1
    for step in chain.steps:
        for piece in step.fill.said or step.fill.resize:
            if piece.layer["kind"] == "reshape":
                size = piece.layer["shape"][-1]
            size *= piece.layer.get("factor", 1)
        layer = step.piece.layer
        if layer["kind"] == "conv":
            size = (size + 2 * layer["padding"] - layer["kernel"]) // layer["stride"] + 1
        elif layer["kind"] == "conv_transpose":
            size = (size - 1) * layer["stride"] - 2 * layer["padding"] + layer["kernel"] + layer["output_padding"]
        if "kernel" in layer:
            sizes.append(size)
    return tuple(sizes)


_Opening = tuple[tuple[Piece, ...], Batch, Shape, float, Habits]


def _openings(entry: Entry, law: str) -> list[_Opening]:
    batch = draw(entry.z_dim, entry.classes, law)
    if not entry.own:
        return [(entry.pieces, run_pieces(entry.pieces, batch), (entry.width,), 0.0, Habits())]
    openings: list[_Opening] = []
    for function, prior in ACTIVATION_PRIORS.items():
        ways, score = [], prior
        for index, units in enumerate(entry.own):
            one_hot = () if index == _latent_way(entry) else (plain("one_hot", classes=entry.classes),)
            way, fit = _own_way(units, one_hot, batch)
            score += fit
            ways.append((*way, activation(*function)))
        pieces: tuple[Piece, ...] = (join("concat", *ways),)
        after = run_pieces(pieces, batch)
        openings.append((pieces, after, tuple(after.values.shape[1:]), score, Habits(function)))
    return openings


def _latent_way(entry: Entry) -> int:
    first = entry.own[0][0]
    width = first.shape[1] if first.kind == "matrix" else first.shape[0]
    return 0 if width == entry.z_dim else 1


def _own_way(units: Sequence[Unit], start: tuple[Piece, ...], batch: Batch) -> tuple[tuple[Piece, ...], float]:
    """The first layer and its normalisation of a way of its own, and how well they fit."""
    pieces: list[Piece] = list(start)
    score = 0.0
    for unit in units:
        if unit.kind == "matrix":
            layer = {"kind": "linear", "inputs": unit.shape[1], "outputs": unit.shape[0], "bias": "bias" in unit.arrays}
            pieces.append(of_unit(unit, layer))
        elif unit.kind == "filters":
            inputs, outputs, kernel, _ = unit.shape
            pieces.append(plain("reshape", shape=[inputs, 1, 1]))
            sizes = {"inputs": inputs, "outputs": outputs, "kernel": kernel, "stride": 1, "padding": 0}
            layer = {"kind": "conv_transpose", **sizes, "output_padding": 0, "bias": "bias" in unit.arrays}
            pieces.append(of_unit(unit, layer))
        elif unit.kind == "norm" and unit.has_statistics:
            score += evidence(misfit(run_pieces(pieces, batch).values, unit))
            pieces.append(of_unit(unit, {"kind": "batch_norm", "features": unit.features, "eps": 1e-5,
                                         "affine": "weight" in unit.arrays}))  # fmt: skip
    return tuple(pieces), score


def evidence(misfit_value: float) -> float:
    """What a misfit counts: the logarithm of its size, so that what disturbs all candidates alike does not matter."""
    return -EVIDENCE * math.log(misfit_value + MISFIT_FLOOR)


def _advance(paths: list[Path], index: int, given: Given) -> list[Path]:
    """Take all paths through one step: fill the gap before it, run its layer, keep the best."""
    cache: dict[str, float] = {}
    grown = [after for path in paths
             for option in _options(path, index, given)
             for after in _grow(path, path.chain.steps[index], option, given, cache)]  # fmt: skip
    ahead = [step.unit.has_statistics for step in paths[0].chain.steps[index + 1 :]] if paths else []
    hopes: dict[str, float] = {}
    if ahead[:1] == [True] and grown and _is_mixing(grown[0]):
        kept = _prune(list(_look_ahead_of_all(_prune(grown, KEPT_OPEN * 4), index, hopes)), KEPT)
    else:
        kept = _prune(grown, KEPT_OPEN if any(ahead) or not (grown and grown[0].misfits) else KEPT_LAST)
    batches: dict[str, Batch] = {}
    return [_compute(path, batches, any(ahead)) for path in kept]


def _options(path: Path, index: int, given: Given) -> list[Option]:
    options = fill_options(path.chain.steps[index].fill, path.habits, given)
    if index >= len(given.places):
        return options
    return [option for option in options if given.places[index] is has_activation(option.pieces)]


def has_activation(pieces: Sequence[Piece]) -> bool:
    """Whether an activation is among pieces."""
    return any(piece.layer["kind"] == "activation" for piece in pieces)


def _is_mixing(path: Path) -> bool:
    return bool(path.pending) and path.pending[-1].layer["kind"] in _MIXING


def _grow(path: Path, step: Step, option: Option, given: Given, cache: dict[str, float]) -> Iterator[Path]:
    """The paths that one way to fill a gap leads to."""
    pending = option.pieces
    score = path.score + option.prior
    key = path.key + repr([piece.layer for piece in pending])
    path = replace(path, places=(*path.places, has_activation(pending)))
    misfits = path.misfits
    if not step.unit.has_statistics:
        habits = option.habits
        yield replace(path, pending=(*pending, step.piece), score=score, habits=habits, hope=0.0,
                      key=key + repr(step.piece.layer))  # fmt: skip
        return
    if key not in cache:
        if _BEST in cache and not _may_win(score, cache[_BEST], cache[_FIT]):
            return
        batch = run_pieces(pending, _batch(path))
        cache[key] = misfit(batch.values, step.unit)
    fit = evidence(cache[key])
    if score + fit > cache.get(_BEST, -math.inf) + cache.get(_FIT, 0.0):
        cache[_BEST], cache[_FIT] = score, fit
    score += fit
    misfits = (*misfits, cache[key])
    variances = torch.from_numpy(step.unit.arrays["running_var"])
    smallest = float(variances.double().quantile(0.1)) if variances.numel() < 1_000_000 else 1.0
    for choice in eps_options(step.piece, option.habits, given, "eps" in step.unit.said, smallest):
        yield replace(path, pending=(*pending, *choice.pieces), score=score + choice.prior, hope=0.0,
                      habits=choice.habits, misfits=misfits, key=key + repr(choice.pieces[0].layer))  # fmt: skip


def _batch(path: Path) -> Batch:
    if path.batch is None:
        raise ValueError("a path without values")
    return path.batch


def _look_ahead_of_all(paths: list[Path], index: int, hopes: dict[str, float]) -> Iterator[Path]:
    """Look ahead from the most probable on; leave out what could not become the best with a perfect fit."""
    best: Path | None = None
    for path in paths:
        if path.key in hopes or best is None or _may_win(path.score, best.score, best.hope):
            ahead = _look_ahead(path, index, hopes)
            if best is None or ahead.score + ahead.hope > best.score + best.hope:
                best = ahead
            yield ahead


def _may_win(score: float, best: float, best_evidence: float) -> bool:
    """Whether a path could overtake the best by its fit: hardly by far where the best fits well already."""
    if best_evidence > evidence(WELL):
        return score > best - OVERTAKEN
    return score + evidence(0.0) > best + best_evidence


def _look_ahead(path: Path, index: int, hopes: dict[str, float]) -> Path:
    """Compare the next normalisation's statistics on a few channels, before anything is computed in full."""
    following = path.chain.steps[index + 1]
    if path.key not in hopes:
        *before, mixing = path.pending
        batch = _batch(path)
        values, chosen = run_some_channels(mixing, run_pieces(before, batch.first(enough(before, batch.values))))
        resized = any(piece.layer["kind"] in ("reshape", "upsample") for piece in following.fill.resize)
        comparable = not resized and following.unit.features == mixing.layer["outputs"]
        hopes[path.key] = evidence(misfit(values, following.unit, chosen)) if comparable else 0.0
    return replace(path, hope=hopes[path.key])


def _compute(path: Path, batches: dict[str, Batch], measured: bool) -> Path:
    if path.key not in batches:
        batch = _batch(path)
        batches[path.key] = run_pieces(path.pending, batch if measured else batch.first(PICTURES))
    return replace(path, batch=batches[path.key], pieces=(*path.pieces, *path.pending), pending=())


def _prune(paths: list[Path], most: int) -> list[Path]:
    """Keep the best paths of the best computations."""
    kept: list[Path] = []
    counts: dict[str, int] = {}
    ranked = sorted(paths, key=lambda path: -(path.score + path.hope))
    for path in ranked:
        if path.score + path.hope < ranked[0].score + ranked[0].hope - TOO_FAR:
            break
        if path.key not in counts and len(counts) >= most:
            continue
        counts[path.key] = counts.get(path.key, 0) + 1
        if counts[path.key] <= KEPT_PER_KEY:
            kept.append(path)
    return kept


__all__ = ["Path", "SearchStep", "evidence", "follow", "make_module", "sizes_of"]
