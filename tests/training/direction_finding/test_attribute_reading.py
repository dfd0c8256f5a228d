"""A network that reads what is known of pictures: taught once, kept, and taken from the cache."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from ganstudio.checkpoints.building import build_generator
from ganstudio.checkpoints.builtin import builtin_path
from ganstudio.checkpoints.catalogue import describe, read
from ganstudio.files import user_cache_dir
from ganstudio.networks.base import Generator
from ganstudio.training.direction_finding.attribute_reading import (
    AttributeReader,
    ReadingProgress,
    obtain_reader,
    read_random,
)
from ganstudio.training.direction_finding.known_pictures import trained_on
from ganstudio.training.errors import TrainingError


@pytest.fixture
def generator(tiny_checkpoint: Path) -> Generator:
    return build_generator(read(tiny_checkpoint), torch.device("cpu"))


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    random = np.random.default_rng(0)
    for name, shade in (("bright", 200), ("dark", 40), ("noise", 0)):
        (tmp_path / "pictures" / name).mkdir(parents=True)
        for number in range(60):
            low, high = (0, 256) if name == "noise" else (shade - 20, shade + 20)
            pixels = random.integers(low, high, (28, 28), dtype=np.uint8)
            Image.fromarray(pixels).save(tmp_path / "pictures" / name / f"{number}.png")
    return tmp_path / "pictures"


def obtain(place: Path | str, generator: Generator, steps: int = 60) -> tuple[list[ReadingProgress], AttributeReader]:
    events, work = [], obtain_reader(str(place), generator, steps)
    while True:
        try:
            events.append(next(work))
        except StopIteration as stop:
            return events, stop.value


def test_classes_are_read_and_the_reader_is_kept(pictures: Path, generator: Generator) -> None:
    events, reader = obtain(pictures, generator)
    fractions = [event.fraction for event in events]
    assert fractions == sorted(fractions)
    assert reader.titles == ("bright", "dark", "noise")
    assert min(reader.quality) > 0.5
    again, same = obtain(pictures, generator)
    assert all(event.doing == "preparing labelled pictures" for event in again)  # nothing is learned twice
    assert same.quality == pytest.approx(reader.quality)
    images = torch.rand(4, 1, 28, 28) * 2 - 1
    torch.testing.assert_close(same.network(images), reader.network(images))


def test_a_damaged_reader_is_taught_anew(pictures: Path, generator: Generator) -> None:
    obtain(pictures, generator)
    (kept,) = (user_cache_dir() / "readers").iterdir()
    kept.write_bytes(b"cut short")
    events, _reader = obtain(pictures, generator)
    assert any(event.doing == "learning to read them" for event in events)


def test_only_what_is_read_well_is_read_at_all(pictures: Path, generator: Generator) -> None:
    _, reader = obtain(pictures, generator)
    blind = AttributeReader(reader.network, reader.names, reader.titles, (0.9, 0.1, 0.8), reader.source, 1)
    assert blind.legible == (0, 2)
    images = torch.rand(4, 1, 28, 28) * 2 - 1
    torch.testing.assert_close(blind.narrowed()(images), reader.network(images)[:, [0, 2]])
    work = read_random(generator, blind, "z", 70)
    while True:
        try:
            next(work)
        except StopIteration as stop:
            latents, values = stop.value
            break
    assert (latents.shape, values.shape) == ((70, 8), (70, 2))


def test_pictures_of_which_nothing_is_known_are_refused(tmp_path: Path, generator: Generator) -> None:
    Image.new("L", (28, 28)).save(tmp_path / "a.png")
    with pytest.raises(TrainingError, match="two named classes"):
        obtain(tmp_path, generator)


def test_what_a_model_was_trained_on(tiny_checkpoint: Path) -> None:
    assert trained_on(describe(builtin_path())).startswith("avatars")
    assert trained_on(describe(tiny_checkpoint)) == ""
