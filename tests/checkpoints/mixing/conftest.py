"""Two tiny models of one network as files."""

from pathlib import Path

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.checkpoints.building import GeneratorFile, save_generator
from ganstudio.networks.catalogue import NETWORKS
from tests.networks.every_family import CONDITIONAL, UNCONDITIONAL, build


def save(path: Path, name: str, seed: int = 0, directions: tuple[DirectionInfo, ...] = (), **values: object) -> Path:
    """A model of a family of `every_family`; another seed is another training of it."""
    generator = build(name, **values)
    random = torch.Generator().manual_seed(seed)
    if seed:
        for tensor in generator.state_dict().values():
            if tensor.is_floating_point():
                tensor.add_(torch.randn(tensor.shape, generator=random).abs() * 0.05)
    family, own = {**CONDITIONAL, **UNCONDITIONAL}[name]
    more = {"num_classes": 3} if name in CONDITIONAL else {}
    config = NETWORKS[family].make_config({**own, **more, **values})
    vectors = tuple((info, np.full(info.shape(generator.spec), 0.1 * (seed + 1), np.float32)) for info in directions)
    save_generator(path, generator, GeneratorFile(family, config, ("a", "b", "c") if more else (), {}, vectors))
    return path


@pytest.fixture
def pair(tmp_path):
    """Makes two models of a family."""

    def make(name: str, **values: object) -> tuple[Path, Path]:
        first = save(tmp_path / "first.safetensors", name, 0, **values)
        return first, save(tmp_path / "second.safetensors", name, 1, **values)

    return make
