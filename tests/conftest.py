"""Tiny real things that several tests share: pictures, a network, a checkpoint, a home folder of its own."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import settings

settings.register_profile("suite", deadline=None, max_examples=30, database=None, derandomize=True)
settings.load_profile("suite")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # Qt aborts where there is no screen


@dataclass
class TinyPictures:
    """In-memory pictures that satisfy what the trainer asks for."""

    pixels: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64] | None = None
    class_names: tuple[str, ...] = ()
    digest: str = "tiny"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a GPU where there is none."""
    marked = [item for item in items if item.get_closest_marker("gpu")]
    if not marked:
        return
    import torch

    if not torch.cuda.is_available():
        for item in marked:
            item.add_marker(pytest.mark.skip(reason="no CUDA device"))


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep settings, caches and runs of tests away from the person's own."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("GANSTUDIO_HOME", str(home))
    return home


@pytest.fixture
def tiny_pictures() -> TinyPictures:
    """Forty grey pictures of 28 px: bright squares at random places, two classes by their size."""
    random = np.random.default_rng(0)
    pixels = np.zeros((40, 28, 28, 1), np.uint8)
    labels = np.arange(40, dtype=np.int64) % 2
    for picture, label in zip(pixels, labels, strict=True):
        top, left = random.integers(2, 14, 2)
        size = 6 + 4 * int(label)
        picture[top : top + size, left : left + size] = random.integers(150, 256)
    return TinyPictures(pixels, labels, ("small", "large"))


@pytest.fixture
def tiny_checkpoint(tmp_path: Path) -> Path:
    """A generator file of 28 px with three classes and two directions, of random weights."""
    import torch

    from ganstudio.checkpoints.base import DirectionInfo
    from ganstudio.checkpoints.building import GeneratorFile, save_generator
    from ganstudio.networks.catalogue import NETWORKS

    architecture = NETWORKS["mlp"]
    config = architecture.config_type(num_classes=3, z_dim=8, hidden=16, layers=1)
    generator = architecture.build_generator(config, torch.Generator().manual_seed(0)).eval()
    first, second = np.eye(8, dtype=np.float32)[:2]
    directions = (
        (DirectionInfo("smile", "Smile", -3.0, 3.0, 0.8, "factor"), first),
        (DirectionInfo("pca_1", "Axis 1", -3.0, 3.0, 0.5, "pca"), second),
    )
    path = tmp_path / "tiny.safetensors"
    content = GeneratorFile("mlp", config, ("a", "b", "c"), {"kimg": 1.5}, directions)
    save_generator(path, generator, content)
    return path


@pytest.fixture(scope="session")
def shared() -> Path:
    """Other people's checkpoints and data beside the checkout; a user has none, so tests that want them are skipped."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("no shared files beside the checkout")
    return folder
