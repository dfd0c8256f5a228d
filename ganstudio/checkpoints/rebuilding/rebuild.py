"""From a tree to candidates: study the file, search, judge the pictures, and put the results in words."""

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ganstudio.checkpoints.base import AssumptionInfo
from ganstudio.checkpoints.errors import AssumptionError, NoGeneratorError
from ganstudio.checkpoints.rebuilding.assumptions import KINDS, read_assumptions, write_activation
from ganstudio.checkpoints.rebuilding.candidates import Candidate, CandidateEvent, CandidateFound, SearchProgressed
from ganstudio.checkpoints.rebuilding.choices import Given
from ganstudio.checkpoints.rebuilding.choosing import Contents, study
from ganstudio.checkpoints.rebuilding.entries import find_entries
from ganstudio.checkpoints.rebuilding.gaps import study_names
from ganstudio.checkpoints.rebuilding.orders import orderings
from ganstudio.checkpoints.rebuilding.pictures import Outcome, finish
from ganstudio.checkpoints.rebuilding.pieces import Piece, layers_of, weights_of
from ganstudio.checkpoints.rebuilding.search import Path as SearchPath
from ganstudio.checkpoints.rebuilding.search import SearchStep, follow, sizes_of
from ganstudio.networks.spec import GeneratorSpec

MOST = 12
SAMPLES = 16
TEMPERATURE = 1.5  # scores are sharper than they deserve: evidence of layers is not independent
WITHOUT_EVIDENCE = 0.75  # the most that pictures alone can make sure
SAME = 2e-3  # pictures whose mean difference is less are the same to the eye


def rebuild(path: Path, tree: Any, assumptions: Mapping[str, str]) -> Iterator[CandidateEvent]:
    """Search for the generator of a tree; see `candidates.search_candidates`."""
    given = read_assumptions(path, assumptions)
    contents = study(path, tree)
    outcomes: list[Outcome] = []
    for event in _search(path, contents, given):
        if isinstance(event, SearchStep):
            yield SearchProgressed(event.done, event.total)
        else:
            outcomes.extend(finish(event, given))
    if not outcomes:
        raise _nothing_fits(path, contents, assumptions)
    distinct = _distinct(sorted(outcomes, key=lambda outcome: -outcome.score))
    shares = _shares([outcome.score for outcome in distinct])
    for rank, (outcome, share) in enumerate(zip(distinct[:MOST], shares, strict=False)):
        yield CandidateFound(rank, _candidate(outcome, share, distinct[0].score, contents))


def _search(path: Path, contents: Contents, given: Given) -> Iterator[SearchStep | SearchPath]:
    units = contents.generator.units
    strange = [unit for unit in units if unit.kind == "other"]
    if strange:
        shapes = {leaf: array.shape for leaf, array in strange[0].arrays.items()}
        reason = f"its layer {strange[0].name or 'without name'!r} is of no known kind ({str(shapes)[:80]})"
        raise NoGeneratorError(path, reason, "convert the generator to ONNX with its own program")
    names = study_names(units, contents.generator.part)
    for order in orderings(units):
        found = False
        for event in follow(find_entries(order, contents.settings), names, given):
            found = found or not isinstance(event, SearchStep)
            yield event
        if found:
            return


def _nothing_fits(path: Path, contents: Contents, assumptions: Mapping[str, str]) -> Exception:
    if assumptions:
        given = ", ".join(f"{name}={value}" for name, value in assumptions.items())
        return AssumptionError(path, f"no network of its weights has {given[:120]}", "assume less")
    units = contents.generator.units
    layers = ", ".join(f"{unit.name} {list(unit.shape)}" for unit in units[:4])[:140]
    return NoGeneratorError(path, f"its {len(units)} layers do not make one chain to a picture ({layers} ...)",
                           "convert the generator to ONNX with its own program")  # fmt: skip


def _distinct(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Drop what draws the same pictures as something more probable."""
    kept: list[Outcome] = []
    for outcome in outcomes[:200]:
        if len(kept) >= MOST * 2:
            break
        if not any(_draw_the_same(outcome, other) for other in kept):
            kept.append(outcome)
    return kept


def _draw_the_same(one: Outcome, other: Outcome) -> bool:
    if one.path.law != other.path.law or one.images.shape[1:] != other.images.shape[1:]:
        return False
    count = min(len(one.images), len(other.images), 8)
    return float((one.images[:count] - other.images[:count]).abs().mean()) < SAME


def _shares(scores: Sequence[float]) -> list[float]:
    weights = [math.exp((score - scores[0]) / TEMPERATURE) for score in scores]
    return [weight / sum(weights) for weight in weights]


def _candidate(outcome: Outcome, share: float, best: float, contents: Contents) -> Candidate:
    path = outcome.path
    channels, size, _ = path.chain.shape
    spec = GeneratorSpec(path.entry.z_dim, size, channels, path.entry.classes, latent_law=path.law,
                         output_range=(outcome.low, outcome.high))  # fmt: skip
    config = {"z_dim": path.entry.z_dim, "layers": layers_of(outcome.pieces), "num_classes": path.entry.classes,
              "latent_law": path.law, "low": outcome.low, "high": outcome.high}  # fmt: skip
    infos = _infos(outcome, contents)
    confidence = share * (0.98 if path.misfits else WITHOUT_EVIDENCE)
    if contents.generator.part.modules:
        confidence = 0.5 + confidence / 2
    return Candidate(
        config=config,
        spec=spec,
        assumptions={info.name: info.value for info in infos if not info.told},
        infos=infos,
        score=outcome.score,
        confidence=round(confidence, 4),
        reasons=tuple(_reasons(outcome, best)),
        pixels=_pixels(outcome.images),
        weights=weights_of(outcome.pieces),
    )


def _pixels(images: torch.Tensor) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    scaled = images[:SAMPLES].mul(255).add(0.5).clamp(0, 255).byte()
    return np.ascontiguousarray(scaled.permute(0, 2, 3, 1).numpy())


def _infos(outcome: Outcome, contents: Contents) -> tuple[AssumptionInfo, ...]:
    path = outcome.path
    told = bool(contents.generator.part.modules)
    values: dict[str, tuple[str, bool]] = {}
    before_last = outcome.pieces[:-1] if outcome.output != "linear" else outcome.pieces
    flat = list(_flatten(before_last))
    functions = [(piece.layer["function"], piece.layer["slope"]) for piece in flat
                 if piece.layer["kind"] == "activation"]  # fmt: skip
    if functions:
        usual = max(dict.fromkeys(functions), key=functions.count)
        values["activation"] = (write_activation(*usual), told)
    norms = [f"{piece.layer['eps']:g}" for piece in outcome.pieces if piece.layer["kind"] == "batch_norm"]
    if norms:
        values["batch_norm_eps"] = (norms[0] if len(set(norms)) == 1 else "/".join(norms), told)
    values["latent_law"] = (path.law, False)
    values["output"] = (outcome.output, path.chain.end.said is not None)
    if path.habits.mode:
        values["upsampling"] = (path.habits.mode, False)
    values["class_input"] = (path.entry.name, False)
    if path.entry.classes:
        values["classes"] = (str(path.entry.classes), False)
    values["resolution"] = (str(path.chain.shape[1]), False)
    if sizes := sizes_of(path.chain):
        values["sizes"] = ("/".join(str(size) for size in sizes), told)
    if not told:
        values["activation_places"] = ("".join("01"[active] for active in path.places), False)
    return tuple(AssumptionInfo(name, KINDS[name].title, value, KINDS[name].choices, said)
                 for name, (value, said) in values.items())  # fmt: skip


def _flatten(pieces: Sequence[Piece]) -> Iterator[Piece]:
    for piece in pieces:
        yield piece
        for branch in piece.branches:
            yield from _flatten(branch)


def _reasons(outcome: Outcome, best: float) -> Iterator[str]:
    misfits = outcome.path.misfits
    if misfits:
        worst = max(misfits)
        fit = "fit" if worst < 0.05 else "nearly fit" if worst < 0.3 else "do not fit"
        yield (f"the statistics of {len(misfits)} batch normalisations {fit} what random latents make of it "
               f"(misfit {min(misfits):.3f} to {worst:.3f})")  # fmt: skip
    else:
        yield "no batch normalisation says anything; judged by its pictures and by what is usual"
    marks = outcome.marks
    yield (f"pictures: roughness {marks['roughness']:.2f}, contrast {marks['contrast']:.2f}, "
           f"variety {marks['variety']:.2f}")  # fmt: skip
    if outcome.score < best:
        yield f"less probable than the best by a factor of e^{best - outcome.score:.1f}"
