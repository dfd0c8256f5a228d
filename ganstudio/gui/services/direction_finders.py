"""How each way of finding directions is gone with a network at hand; see `direction_ways` and `direction_works`."""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Generator as Work
from dataclasses import replace
from typing import TYPE_CHECKING

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.gui.services.direction_events import (
    Finding,
    FindingProgress,
    FoundSlider,
    SlidersFound,
    T,
    relay,
)
from ganstudio.gui.services.direction_ways import Wanted
from ganstudio.latent.discovery.base import (
    DirectionsDiscovered,
    Discovered,
    DiscoveryError,
    DiscoveryEvent,
    DiscoveryProgress,
    Task,
)
from ganstudio.latent.discovery.catalogue import METHODS
from ganstudio.rendering.looks.own_direction import own_direction

if TYPE_CHECKING:
    from ganstudio.rendering.direction_bench import DirectionBench
    from ganstudio.training.direction_finding.attribute_reading import AttributeReader

_FAINT = 0.1  # R² below which hardly anything was found


def find(bench: "DirectionBench", wanted: Wanted) -> Finding:
    """Find directions as they are wanted, and describe them as the project's own."""
    return (yield from FINDERS.get(wanted.way, _find_by_method)(bench, wanted))


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
    from ganstudio.training.direction_finding.attribute_reading import obtain_reader
    from ganstudio.training.direction_finding.direction_search import (
        READER_STEPS,
        SteerableFound,
        describe_factors,
        search_read_factors,
    )

    config = wanted.config
    reader = yield from relay(obtain_reader(wanted.place, bench.generator, config.reading_steps), 0.0, 0.45)
    if not reader.legible:
        raise DiscoveryError(reader.source, "what is known of its pictures cannot be read off them",
                             "choose the pictures that the model was trained on, or more of them")  # fmt: skip
    names = [reader.names[index] for index in reader.legible]
    steps = min(config.reading_steps, READER_STEPS)
    network = reader.narrowed()
    for event in search_read_factors(bench.generator, network, names, steps, config.samples):
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


def _say_discovered(item: Discovered) -> tuple[str, ...]:
    facts = [] if item.agreement is None else [str(item.agreement)]
    if item.share is not None:
        facts.append(f"{item.share:.1%} of the whole")
    if item.agreement is None and item.share is None and 0 < item.direction.quality < 1:
        facts.append(f"read off the latent with R² {item.direction.quality:.2f}")
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


def _find_by_text(bench: "DirectionBench", wanted: Wanted) -> Finding:
    """Regress latents' places on how well their pictures fit one text rather than another."""
    yield FindingProgress("opening the encoders", 0.0)
    from ganstudio.checkpoints.clip.encoders import ImageEncoder, TextEncoder
    from ganstudio.checkpoints.clip.tokens import ClipTokens
    from ganstudio.devices import default_threads
    from ganstudio.latent.directions import in_space
    from ganstudio.latent.regression import fit_directions
    from ganstudio.rendering.discovered_directions import carry_discovered
    from ganstudio.rendering.text_scores import score_pictures

    config = wanted.config
    images, words, tokens = (wanted.file(name) for name in ("images", "words", "tokens"))
    if images is None or words is None or tokens is None or not config.text.strip():
        raise DiscoveryError("text", "a file or the text is missing", "choose both encoders and the vocabulary")
    text = TextEncoder(words, ClipTokens(tokens), default_threads())
    vector = text.encode(config.text)
    if config.against.strip():
        vector = vector - text.encode(config.against)
    encoder = ImageEncoder(images, default_threads())
    scoring = score_pictures(bench.generator, encoder, vector, bench.space, config.samples)
    latents, scores = yield from _count(scoring, config.samples, "comparing pictures with the text")
    title = " ".join(config.text.split())[:60]
    (direction,) = fit_directions(latents, scores[:, None], [title], ridge=1e-2)
    found = Discovered(in_space(direction, bench.space, None), title)
    ((info, step),) = carry_discovered([found], "text")
    explained = max(0.0, direction.quality)
    facts = [
        f"a straight line explains {explained:.0%} of the fit to the words, held out, over {len(latents)} pictures"
    ]
    if direction.quality < _FAINT:
        facts.append("hardly anything: other words, or more samples, may say more")
    named = replace(info, quality=round(direction.quality, 4))
    return SlidersFound((FoundSlider(own_direction(named, step, bench.model), tuple(facts)),))


def _count(part: "Work[int, None, T]", total: int, doing: str) -> Work[FindingProgress, None, T]:
    """Tell of the progress of what counts."""
    while True:
        try:
            done = next(part)
        except StopIteration as stop:
            result: T = stop.value
            return result
        yield FindingProgress(doing, min(1.0, done / total))


FINDERS: dict[str, Callable[["DirectionBench", Wanted], Finding]] = {
    "picks": _find_by_picks,
    "labels": _find_by_labels,
    "channels": _find_channels,
    "text": _find_by_text,
    "factors": _find_known_factors,
}
