"""What a search does in its thread: lends a network, finds directions, draws what they do; see `direction_ways`.

Torch is loaded where it is needed, in the thread.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Generator as Work
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.gui.services.direction_ways import WAYS, Wanted, directions_known
from ganstudio.images import Pixels
from ganstudio.latent.discovery.base import (
    DirectionsDiscovered,
    Discovered,
    DiscoveryError,
    DiscoveryEvent,
    DiscoveryProgress,
    Task,
)
from ganstudio.latent.discovery.catalogue import METHODS
from ganstudio.project.slider_list import UNNAMED
from ganstudio.rendering.looks.own_direction import OwnDirection, own_direction
from ganstudio.training.known_pictures import trained_on

if TYPE_CHECKING:
    from ganstudio.latent.naming import Suggestion
    from ganstudio.rendering.bench_shelf import BenchShelf
    from ganstudio.rendering.direction_bench import DirectionBench
    from ganstudio.training.attribute_reading import AttributeReader

MOST_STRIPS = 24  # of one search: later ones are hardly looked at
_READ_FOR_NAMES = 1000  # pictures
_READY, _SEARCHED, _DRAWN = 0.05, 0.8, 0.85  # how much is done when each of these is


@dataclass(frozen=True)
class FindingProgress:
    """What the search does, and how far it is, 0 to 1."""

    doing: str
    fraction: float


@dataclass(frozen=True, eq=False)
class FoundSlider:
    """A direction that was found.

    Attributes:
        direction: The direction.
        facts: What is known of how well it holds, in words.
        accuracy: Share of held-out examples on the right side, None where there were none.
    """

    direction: OwnDirection
    facts: tuple[str, ...] = ()
    accuracy: float | None = None


@dataclass(frozen=True, eq=False)
class SlidersFound:
    """All that was found, the most telling first, and what a person should know of the whole."""

    sliders: tuple[FoundSlider, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class StripDrawn:
    """What a direction does, from its slider's low end to its high end: uint8 `(N, H, W, C)`."""

    name: str
    pixels: Pixels = field(repr=False)


@dataclass(frozen=True)
class LayersListed:
    """What the layers of a model are called, in the order in which they run."""

    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class NamesSuggested:
    """What directions may be called, by their names."""

    names: "Mapping[str, Suggestion]"


T = TypeVar("T")


class Step(Protocol):
    """Something that tells how far it is."""

    @property
    def doing(self) -> str:
        """What is being done."""

    @property
    def fraction(self) -> float:
        """How much of it is done, 0 to 1."""


FindingEvent = FindingProgress | SlidersFound | StripDrawn | NamesSuggested
Finding = Work[FindingProgress, None, SlidersFound]


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
        find = _FINDERS.get(wanted.way, _find_by_method)
        found = yield from relay(find(bench, wanted), _READY, _SEARCHED)
        found = replace(found, sliders=tuple(_condition(one, bench, wanted) for one in found.sliders))
        yield found
        yield from _show_strips(found, bench, wanted)
        if not WAYS[wanted.way].are_named:
            yield from _suggest_names(found, bench, wanted)


def _show_strips(
    found: SlidersFound, bench: "DirectionBench", wanted: Wanted
) -> Iterator[FindingProgress | StripDrawn]:
    shown = found.sliders[:MOST_STRIPS]
    for number, slider in enumerate(shown, start=1):
        pixels = bench.strip(wanted.project.look, slider.direction, wanted.project.directions)
        yield StripDrawn(slider.direction.name, pixels)
        yield FindingProgress("drawing what they do", _SEARCHED + (_DRAWN - _SEARCHED) * number / len(shown))


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
    from ganstudio.training.attribute_reading import obtain_reader, read_random

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


def _find_by_method(bench: "DirectionBench", wanted: Wanted) -> Finding:
    """Find by one of `METHODS` that needs nothing but the model."""
    return (yield from _follow(METHODS[wanted.way].find(Task(bench.generator), wanted.config), bench, wanted))


def _find_by_picks(bench: "DirectionBench", wanted: Wanted) -> Finding:
    project = wanted.project
    yield FindingProgress("comparing the picks", 0.2)
    examples = bench.picked(project.liked, project.disliked, project.directions)
    task = Task(bench.generator, examples, bench.prior() if wanted.config.use_weights else None)
    return (yield from _follow(METHODS["picks"].find(task, wanted.config), bench, wanted))


def _find_by_labels(bench: "DirectionBench", wanted: Wanted) -> Finding:
    """Find what parts high scores from low ones."""
    from ganstudio.project.scored_pictures import examples_of, read_scored

    scores = wanted.file("scores")
    if scores is None:
        raise DiscoveryError("scores", "there are none", "choose a table of scores")
    yield FindingProgress("reading the scores", 0.05)
    scored = read_scored(scores, wanted.file("latents"))
    yield FindingProgress("making the latents", 0.2)
    examples = examples_of(scored, bench.renderer, wanted.project.directions, wanted.config.latents_of)
    found = yield from _follow(METHODS["labels"].find(Task(bench.generator, examples), wanted.config), bench, wanted)
    if examples.space == bench.space:
        bench.keep_readings(examples.latents, examples.scores, examples.names)
    return found


def _find_channels(bench: "DirectionBench", wanted: Wanted) -> Finding:
    """Rank style channels by the painted region, or by the marks."""
    import torch

    project, config = wanted.project, wanted.config
    if config.by == "picks":
        examples = bench.picked(project.liked, project.disliked, project.directions)
        task = Task(bench.generator, examples)
    else:
        if wanted.region is None:
            raise DiscoveryError("region", "nothing is painted", "paint over a part of the picture")
        w_plus = bench.renderer.latents.of((project.look,)).w_plus
        task = Task(bench.generator, region=torch.from_numpy(wanted.region), w_plus=w_plus)
    yield FindingProgress("comparing the channels", 0.1)
    return (yield from _follow(METHODS["channels"].find(task, config), bench, wanted))


def _find_known_factors(bench: "DirectionBench", wanted: Wanted) -> Finding:
    """Find a slider for each thing that is known of labelled pictures."""
    from ganstudio.training.attribute_reading import obtain_reader
    from ganstudio.training.direction_search import SteerableFound, describe_factors, search_read_factors

    config = wanted.config
    reader = yield from relay(obtain_reader(wanted.place, bench.generator, config.reading_steps), 0.0, 0.45)
    if not reader.legible:
        raise DiscoveryError(reader.source, "what is known of its pictures cannot be read off them",
                             "choose the pictures that the model was trained on, or more of them")  # fmt: skip
    names = [reader.names[index] for index in reader.legible]
    network = reader.narrowed()
    for event in search_read_factors(bench.generator, network, names, samples=config.samples):
        if isinstance(event, SteerableFound):
            titles = dict(zip(reader.names, reader.titles, strict=True))
            carried = describe_factors(event, titles)
            bench.keep_readings(event.latents, event.values, [titles[name] for name in names])
        else:
            yield FindingProgress(event.doing, 0.45 + 0.55 * event.fraction)
    sliders = [FoundSlider(own_direction(info, step, bench.model), _say_factor(info)) for info, step in carried]
    return SlidersFound(tuple(sliders), _say_left_out([info.title for info, _ in carried], reader))


def _follow(events: Iterator[DiscoveryEvent], bench: "DirectionBench", wanted: Wanted) -> Finding:
    """Tell of the progress of a method, and describe what it found."""
    from ganstudio.rendering.discovered_directions import carry_discovered

    found: tuple[Discovered, ...] = ()
    for event in events:
        if isinstance(event, DiscoveryProgress):
            yield FindingProgress(event.doing, event.fraction)
        elif isinstance(event, DirectionsDiscovered):
            found = event.found
    carried = carry_discovered(found, wanted.way)
    return SlidersFound(
        tuple(
            FoundSlider(
                own_direction(info, step, bench.model),
                _say_discovered(item),
                None if item.agreement is None else item.agreement.accuracy,
            )
            for (info, step), item in zip(carried, found, strict=True)
        )
    )


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
        reason, _, remedy = str(error).partition("; ")
        raise DiscoveryError(info.title, reason, remedy or "leave fewer others alone") from error
    titles = {one.name: one.title for one in (*wanted.description.directions, *(own.info for own in
              wanted.project.directions))}  # fmt: skip
    words = f"leaves {', '.join(titles.get(name, name) for name in others)} alone"
    return replace(slider, direction=own_direction(info, step, bench.model), facts=(*slider.facts, words))


def relay(part: "Work[Step, None, T]", start: float, end: float) -> Work[FindingProgress, None, T]:
    """Tell of the progress of a part of the search, which counts it from 0 to 1."""
    while True:
        try:
            event = next(part)
        except StopIteration as stop:
            result: T = stop.value
            return result
        yield FindingProgress(event.doing, start + (end - start) * event.fraction)


def _say_discovered(item: Discovered) -> tuple[str, ...]:
    facts = [] if item.agreement is None else [str(item.agreement)]
    if item.share is not None:
        facts.append(f"{item.share:.1%} of the whole")
    if item.agreement is None and item.share is None and item.direction.quality < 1:
        facts.append(f"read off the latent with R² {max(0.0, item.direction.quality):.2f}")
    return (*facts, *item.notes)


def _say_factor(info: DirectionInfo) -> tuple[str, ...]:
    others = () if info.entanglement is None else (f"others change {info.entanglement:.0%} as much",)
    return (*(() if info.quality is None else (f"straight-line R² {info.quality:.2f}, held out",)), *others)


def _say_left_out(found: Sequence[str], reader: "AttributeReader") -> tuple[str, ...]:
    """Which of the known things have no slider, and why."""
    legible = [reader.titles[index] for index in reader.legible]
    illegible = [title for title in reader.titles if title not in legible]
    unsteered = [title for title in legible if title not in found]
    notes = []
    if illegible:
        notes.append(f"Could not be read off pictures: {', '.join(illegible)}")
    if unsteered:
        notes.append(f"No slider moves it and leaves the others alone: {', '.join(unsteered)}")
    return tuple(notes)


_FINDERS: dict[str, Callable[["DirectionBench", Wanted], Finding]] = {
    "picks": _find_by_picks,
    "labels": _find_by_labels,
    "channels": _find_channels,
    "factors": _find_known_factors,
}
