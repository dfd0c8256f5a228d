"""Maps of a model's pictures."""

from pathlib import Path

import numpy as np
import pytest

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.project.state import Project
from ganstudio.rendering.latent_map import LatentMap, MapProgress, MapRequest, in_rows, make_map, map_looks
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.request import RenderRequest


def test_a_map_has_the_pictures_of_its_seeds(tiny_checkpoint: Path) -> None:
    look = Look(9, 0.5, 1, (Edit("smile", 1.0),))
    request = MapRequest(str(tiny_checkpoint), look, 30, "cpu")
    *progress, made = list(make_map(request))
    assert isinstance(made, LatentMap)
    fractions = [event.fraction for event in progress if isinstance(event, MapProgress)]
    assert fractions == sorted(fractions)
    assert made.looks == tuple(Look(seed, 0.5, 1) for seed in range(30)) == map_looks(request)
    drawn = Renderer(tiny_checkpoint, "cpu").render(RenderRequest(str(tiny_checkpoint), made.looks[:3]))
    assert (drawn.pixels == made.pixels[:3]).all()
    assert made.places.min() >= 0
    assert made.places.max() <= 1
    assert len(np.unique(made.places, axis=0)) == 30


def test_a_model_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError):
        list(make_map(MapRequest(str(tmp_path / "gone.safetensors"), Project().look, 10, "cpu")))


def test_places_spread_evenly_keep_their_order() -> None:
    places = np.random.default_rng(0).random((50, 2)).astype(np.float32)
    even = in_rows(places)
    assert len(np.unique(even, axis=0)) == 50
    assert even.min() > 0
    assert even.max() < 1
    order = np.argsort(places[:, 0])
    assert (np.diff(even[order, 0]) >= 0).all()
    assert in_rows(places[:1]).tolist() == [[0.5, 0.5]]
