"""The compiled generator plays the same game to rounding, resumes exactly, and its files open as any other."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.formats.native import read_file
from ganstudio.training.config import with_settings
from ganstudio.training.game import compiling
from ganstudio.training.game.pair import Pair
from ganstudio.training.presets.catalogue import PRESETS
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.trainer import train


@pytest.fixture(autouse=True)
def quick_backend(monkeypatch):
    """Trace as for compiling, but run what was traced: generating machine code takes most of a minute."""
    monkeypatch.setattr(compiling, "BACKEND", "aot_eager")
    yield
    torch._dynamo.reset()


def weights(run: RunFolder) -> dict[str, np.ndarray]:
    return dict(read_file(run.states()[-1][1])[1])


def test_it_plays_the_same_game_and_resumes_exactly(tiny_config, tiny_pictures, tmp_path):
    short = replace(tiny_config, kimg=0.08, score_kimg=9.0, sample_kimg=9.0, snapshot_kimg=9.0)
    compiled = replace(short, compiled=True)
    plain, whole, broken = (RunFolder(tmp_path / name) for name in ("plain", "whole", "broken"))
    list(train(short, tiny_pictures, plain))
    list(train(compiled, tiny_pictures, whole))
    assert set(weights(plain)) == set(weights(whole))
    for name, value in weights(whole).items():
        if value.dtype.kind == "f":
            assert np.allclose(value, weights(plain)[name], rtol=1e-2, atol=1e-3), name
    events = train(compiled, tiny_pictures, broken)
    for event in events:
        if getattr(event, "step", 0) == 5:
            break
    events.close()
    list(train(compiled, tiny_pictures, broken, resume=True))
    assert all(np.array_equal(value, weights(whole)[name]) for name, value in weights(broken).items())


def test_a_generator_with_a_mapping_is_left_as_it_is():
    class Facts:
        count, resolution, channels, class_count = None, 32, 3, 0

    config = with_settings(PRESETS["style"].configure(Facts()), {"compiled": True})
    assert not compiling.compile_generator(Pair(config, torch.device("cpu")).generator, config)
