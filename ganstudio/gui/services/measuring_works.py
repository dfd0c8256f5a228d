"""What the measuring of sliders does in its thread: gets a reader where anything is known of pictures, and draws."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ganstudio.checkpoints.base import CheckpointDescription
from ganstudio.gui.services.direction_events import FindingProgress, relay
from ganstudio.gui.services.direction_works import prepare_engine
from ganstudio.latent.discovery.base import DiscoveryError
from ganstudio.project.slider_effects import SliderEffects
from ganstudio.project.slider_list import SliderEntry, list_sliders
from ganstudio.project.state import Project

if TYPE_CHECKING:
    from ganstudio.latent.effects import Effect
    from ganstudio.rendering.bench_shelf import BenchShelf
    from ganstudio.rendering.slider_measuring import PictureEffect
    from ganstudio.training.direction_finding.attribute_reading import AttributeReader

_PLACES = ("top", "upper middle", "lower middle", "bottom"), ("far left", "left", "right", "far right")
_NOTED = 0.2  # of the wanted change, from which on another one is noted
_MOST_NOTED = 3
_READING = 0.4  # share of the time that it takes to have a reader

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Measuring:
    """A measuring, as somebody wants it.

    Attributes:
        project: Says model and sliders.
        description: What the model is.
        pictures: How many pictures each slider is moved on.
        place: Pictures of which classes or factors are known, "" to measure where pictures change instead.
        device: "auto", "cpu" or "cuda".
    """

    project: Project
    description: CheckpointDescription
    pictures: int
    place: str = ""
    device: str = "auto"


@dataclass(frozen=True, eq=False)
class SlidersMeasured:
    """What all sliders of a model do.

    Attributes:
        checkpoint: Path of the model.
        names: K names of directions.
        titles: What their sliders are called.
        columns: F attributes, or parts of the picture.
        matrix: `(K, F)`: change that strength 1 makes, in each attribute's deviations, or as a share of the whole
            range of colours, 0 to 1.
        units: Change of the whole picture by strength 1, as a share of the range of colours, `(K,)`.
        effects: What the project keeps, by name; empty where nothing is read.
        basis: How it was measured, in a sentence.
        are_attributes: Whether columns are attributes.
    """

    checkpoint: str
    names: tuple[str, ...]
    titles: tuple[str, ...]
    columns: tuple[str, ...]
    matrix: Matrix = field(repr=False)
    units: Matrix = field(repr=False)
    effects: dict[str, SliderEffects] = field(repr=False)
    basis: str
    are_attributes: bool


def suggested_pictures(description: CheckpointDescription) -> int:
    """How many pictures are measured on: fewer where one takes long."""
    resolution = description.spec.resolution
    return 32 if resolution <= 128 else 16 if resolution <= 256 else 8


def measure(wanted: Measuring, benches: "BenchShelf") -> Iterator[FindingProgress | SlidersMeasured]:
    """Measure all sliders of the open model; for a worker thread.

    Yields:
        Progress, then one SlidersMeasured.

    Raises:
        CheckpointError: The model cannot be read.
        DiscoveryError: There are no sliders.
        DatasetError: The known pictures cannot be opened.
        TrainingError: Nothing is known of them.
    """
    entries = list_sliders(wanted.project, wanted.description)
    if not entries or wanted.project.checkpoint is None:
        raise DiscoveryError("sliders", "there are none", "find some directions first")
    yield from prepare_engine()
    from ganstudio.rendering.slider_measuring import MovedSlider, SliderMeter, measure_sliders
    from ganstudio.training.direction_finding.attribute_reading import obtain_reader

    with benches.lend(Path(wanted.project.checkpoint), wanted.device) as bench:
        reader = None
        if wanted.place:
            reader = yield from relay(obtain_reader(wanted.place, bench.generator), 0.0, _READING)
            if not reader.legible:
                raise DiscoveryError(reader.source, "what is known of its pictures cannot be read off them",
                                     "choose the pictures that the model was trained on")  # fmt: skip
        meter = SliderMeter(bench.renderer, wanted.project.checkpoint, wanted.project.directions, wanted.pictures,
                            None if reader is None else reader.narrowed())  # fmt: skip
        sliders = [MovedSlider(entry.name, entry.low, entry.high) for entry in entries]
        found: list[PictureEffect] = []
        begun = 0.0 if reader is None else _READING
        for event in measure_sliders(meter, sliders):
            found.append(event.found)
            share = begun + (1 - begun) * len(found) / len(sliders)
            yield FindingProgress(f"measuring {entries[len(found) - 1].title[:40]}", share)
        yield _sum_up(wanted, entries, found, reader)


def _sum_up(
    wanted: Measuring,
    entries: tuple[SliderEntry, ...],
    found: "list[PictureEffect]",
    reader: "AttributeReader | None",
) -> SlidersMeasured:
    names, titles = tuple(entry.name for entry in entries), tuple(entry.title for entry in entries)
    units = np.array([one.unit for one in found])
    if reader is None:
        matrix = np.array([one.regions.tolist() for one in found])
        columns = tuple(f"{row}, {column}" for row in _PLACES[0] for column in _PLACES[1])
        effects: dict[str, SliderEffects] = {}
        basis = f"Mean change of colours in {wanted.pictures} random pictures as each slider goes from 0 to 1."
    else:
        columns = tuple(reader.titles[index] for index in reader.legible)
        matrix = np.array([one.effect.rate().tolist() for one in found if one.effect is not None])
        pairs = ((entry, one.effect) for entry, one in zip(entries, found, strict=True) if one.effect is not None)
        effects = {entry.name: effects_of(entry, effect, columns) for entry, effect in pairs}
        worst = min(reader.quality[index] for index in reader.legible)
        basis = (
            f"Change that a unit makes, in deviations of each attribute, over {wanted.pictures} random pictures; read "
            f"by a network that learned on {reader.source} (held-out R² {worst:.2f} or better)."
        )
    checkpoint = wanted.project.checkpoint or ""
    return SlidersMeasured(checkpoint, names, titles, columns, matrix, units, effects, basis, reader is not None)


def effects_of(entry: SliderEntry, effect: "Effect", columns: tuple[str, ...]) -> SliderEffects:
    """What a project keeps of a slider's effect on attributes."""
    called = [index for index, title in enumerate(columns) if title.casefold() == entry.title.casefold()]
    wanted = called[0] if called else effect.main_factor()
    change = float(effect.change()[wanted])
    size = max(abs(change), 1e-6)
    shares = sorted(
        ((columns[index], float(span) / size) for index, span in enumerate(effect.spans) if index != wanted),
        key=lambda pair: -pair[1],
    )
    also = tuple((title, round(min(share, 99.0), 3)) for title, share in shares[:_MOST_NOTED] if share >= _NOTED)
    entanglement = min(effect.entanglement(wanted), 99.0)
    return SliderEffects(columns[wanted], round(change, 3), round(entanglement, 4), also)


def to_csv(found: SlidersMeasured) -> str:
    """The table as text: a line for each slider, a column for each attribute or part of the picture."""
    lines = [["slider", "picture change", "entanglement", *found.columns]]
    for row, (name, title) in enumerate(zip(found.names, found.titles, strict=True)):
        effects = found.effects.get(name)
        entangled = "" if effects is None else f"{effects.entanglement:.4f}"
        lines.append([title, f"{found.units[row]:.5f}", entangled, *(f"{value:.5f}" for value in found.matrix[row])])
    return "".join(",".join(map(_quoted, line)) + "\n" for line in lines)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n') else text
