"""What a search does in its thread: lends a network, finds directions, draws what they do; see `direction_ways`.

Torch is loaded where it is needed, in the thread.
"""

import time
from collections.abc import Generator as Work
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ganstudio.gui.services.direction_events import (
    FindingEvent,
    FindingProgress,
    FoundSlider,
    LayersListed,
    NamesSuggested,
    SlidersFound,
    StripDrawn,
    relay,
)
from ganstudio.gui.services.direction_finders import find
from ganstudio.gui.services.direction_ways import WAYS, Wanted, directions_known
from ganstudio.latent.discovery.base import (
    DiscoveryError,
    refusal,
)
from ganstudio.project.slider_list import UNNAMED
from ganstudio.project.state import Project
from ganstudio.rendering.looks.own_direction import OwnDirection, own_direction
from ganstudio.training.direction_finding.known_pictures import trained_on

if TYPE_CHECKING:
    from ganstudio.latent.naming import Suggestion
    from ganstudio.rendering.bench_shelf import BenchShelf
    from ganstudio.rendering.direction_bench import DirectionBench

_STRIPS_S = 30.0  # for the strips of one search: a large network takes seconds for each picture
MOST_STRIPS = 24  # of one search: later ones are hardly looked at
_READ_FOR_NAMES = 1000  # pictures
_READY, _SEARCHED, _DRAWN = 0.05, 0.8, 0.85  # how much is done when each of these is


def search(wanted: Wanted, benches: "BenchShelf") -> Iterator[FindingEvent]:
    """Find directions and draw what they do.

    Args:
        wanted: What to look for.
        benches: Lend the network.

    Yields:
        Progress, then one SlidersFound, then a StripDrawn for each of the first ones, then one NamesSuggested where
        names mean nothing. Whoever ends it after SlidersFound has the directions.

    Raises:
        CheckpointError: The model cannot be read.
        DiscoveryError: Nothing can be found in what was given.
        DatasetError: Labelled pictures cannot be opened.
    """
    project = wanted.project
    if project.checkpoint is None:
        raise DiscoveryError("directions", "no model is open", "open one first")
    yield from prepare_engine()
    with benches.lend(Path(project.checkpoint), wanted.device) as bench:
        found = yield from relay(find(bench, wanted), _READY, _SEARCHED)
        found = replace(found, sliders=tuple(_condition(one, bench, wanted) for one in found.sliders))
        yield found
        yield from _show_strips(found, bench, wanted)
        if not WAYS[wanted.way].are_named:
            yield from _suggest_names(found, bench, wanted)


def draw_strips(
    project: Project, directions: Sequence[OwnDirection], device: str, benches: "BenchShelf"
) -> Iterator[FindingProgress | StripDrawn]:
    """Draw what some directions do to the picture of a project; for a worker thread."""
    if project.checkpoint is None:
        return
    yield from prepare_engine()
    with benches.lend(Path(project.checkpoint), device) as bench:
        for number, direction in enumerate(directions, start=1):
            yield StripDrawn(direction.name, bench.strip(project.look, direction, project.directions))
            yield FindingProgress("drawing what they do", number / len(directions))


def _show_strips(
    found: SlidersFound, bench: "DirectionBench", wanted: Wanted
) -> Iterator[FindingProgress | StripDrawn]:
    """Draw what the first ones do, as many as there is time for; others are drawn when somebody looks at them."""
    shown, begun = found.sliders[:MOST_STRIPS], time.monotonic()
    for number, slider in enumerate(shown, start=1):
        pixels = bench.strip(wanted.project.look, slider.direction, wanted.project.directions)
        yield StripDrawn(slider.direction.name, pixels)
        yield FindingProgress("drawing what they do", _SEARCHED + (_DRAWN - _SEARCHED) * number / len(shown))
        if time.monotonic() - begun > _STRIPS_S:
            return


def _suggest_names(
    found: SlidersFound, bench: "DirectionBench", wanted: Wanted
) -> Iterator[FindingProgress | NamesSuggested]:
    """Suggest names by directions that have one, and by what is known of pictures."""
    if wanted.suggests and bench.readings is None and wanted.way != "picks" and not _named(bench, wanted):
        yield from relay(_read_pictures(bench, wanted), _DRAWN, 0.99)
    names = {one.direction.name: _name(one, bench, wanted) for one in found.sliders}
    yield NamesSuggested({name: suggestion for name, suggestion in names.items() if suggestion is not None})


def _named(bench: "DirectionBench", wanted: Wanted) -> dict[str, str]:
    """Titles of the straight directions of the bench's space that have some, by name."""
    return {
        one.name: one.title
        for one in directions_known(wanted.description, wanted.project)
        if one.space == bench.space and not one.fold and one.origin not in UNNAMED
    }


def _name(slider: FoundSlider, bench: "DirectionBench", wanted: Wanted) -> "Suggestion | None":
    import torch

    from ganstudio.latent.naming import suggest_by_others, suggest_name

    info, readings = slider.direction.info, bench.readings
    if info.space != bench.space or info.fold:
        return None
    step = torch.from_numpy(slider.direction.step.copy())
    by_pictures = None
    if readings is not None:
        by_pictures = suggest_name(step, readings.latents, readings.values, readings.titles)
    named = _named(bench, wanted)
    steps = bench.vectors_of(tuple(named), info.space, wanted.project.directions)
    by_others = suggest_by_others(step, bench.cloud(), {named[name]: vector for name, vector in steps.items()})
    found = [one for one in (by_pictures, by_others) if one is not None]
    return max(found, key=lambda one: abs(one.correlation), default=None)


def _read_pictures(bench: "DirectionBench", wanted: Wanted) -> Work[FindingProgress, None, None]:
    """Find out what is known of the model's pictures, where anything is."""
    from ganstudio.training.direction_finding.attribute_reading import obtain_reader, read_random

    place = wanted.place or trained_on(wanted.description)
    if place:
        reader = yield from relay(obtain_reader(place, bench.generator), 0.0, 0.8)
        reading = read_random(bench.generator, reader, bench.space, _READ_FOR_NAMES)
        latents, values = yield from relay(reading, 0.8, 1.0)
        bench.keep_readings(latents, values, [reader.titles[index] for index in reader.legible])
    elif bench.space == "w" and bench.generator.spec.num_classes:
        bench.keep_classes(wanted.description.class_names)


def get_ready(path: Path, device: str, benches: "BenchShelf") -> Iterator[FindingProgress]:
    """Have a network and what is known of its latents ready, so that picks become a direction at once."""
    yield from prepare_engine()
    with benches.lend(path, device) as bench:
        yield FindingProgress("measuring the latents", 0.5)
        bench.prior()


def list_names(path: Path, device: str, benches: "BenchShelf") -> Iterator[FindingProgress | LayersListed]:
    """List the layers of a model whose maps can be compared."""
    yield from prepare_engine()
    from ganstudio.rendering.layer_view import list_layers
    from ganstudio.rendering.looks.look import Look

    with benches.lend(path, device) as bench:
        yield LayersListed(tuple(layer.name for layer in list_layers(bench.renderer, Look())))


def prepare_engine() -> Iterator[FindingProgress]:
    """Load torch, and hold it to as many threads as leave one to the window."""
    yield FindingProgress("reading the model", 0.02)
    import torch

    from ganstudio.devices import default_threads

    torch.set_num_threads(default_threads())


def _condition(slider: FoundSlider, bench: "DirectionBench", wanted: Wanted) -> FoundSlider:
    """Take out of a direction what it shares with those that it shall leave alone.

    Raises:
        DiscoveryError: Nothing is left of it.
    """
    if not wanted.kept or slider.direction.info.fold:
        return slider
    info = slider.direction.info
    others = bench.vectors_of(wanted.kept, info.space, wanted.project.directions)
    if not others:
        return replace(slider, facts=(*slider.facts, f"none of those to be left alone acts in {info.space}"))
    try:
        step = bench.conditional_step(slider.direction, list(others.values()))
    except ValueError as error:
        raise refusal(info.title, error, "leave fewer others alone") from error
    titles = {one.name: one.title for one in (*wanted.description.directions, *(own.info for own in
              wanted.project.directions))}  # fmt: skip
    words = f"leaves {', '.join(titles.get(name, name) for name in others)} alone"
    return replace(slider, direction=own_direction(info, step, bench.model), facts=(*slider.facts, words))
