"""Every recipe, and every part, goes on after a stop as if it had never stopped: bit for bit."""

import hashlib
from dataclasses import dataclass, replace

import numpy as np
import pytest

from ganstudio.checkpoints.formats.native import read_file
from ganstudio.training.config import TrainingConfig, with_settings
from ganstudio.training.events import StepDone
from ganstudio.training.parts.catalogue import PARTS
from ganstudio.training.presets.catalogue import PRESETS
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.trainer import train

STEPS, BATCH = 6, 4
SMALL = {
    "dcgan": {"z_dim": 8, "base_channels": 4, "max_channels": 8, "full_channels": 0},
    "mlp": {"z_dim": 8},
    "stylegan2": {"z_dim": 8, "w_dim": 8, "label_width": 8, "widths": (8, 8, 8, 4), "mapping_widths": (8, 8)},
    "r3gan": {"z_dim": 8, "widths": (16, 16, 16, 16), "cardinalities": (2, 2, 2, 2), "blocks": (1, 1, 1, 1)},
    "fastgan": {"z_dim": 16, "widths": (16, 8, 8, 8)},
}
QUICK = {
    "kimg": STEPS * BATCH / 1000, "batch_size": BATCH, "threads": 1, "device": "cpu", "sample_kimg": 9.0,
    "snapshot_kimg": 9.0, "score_kimg": 9.0, "log_kimg": 9.0, "state_seconds": 3600.0, "sample_count": 4,
}  # fmt: skip


@dataclass
class Facts:
    resolution: int = 32
    channels: int = 3
    class_count: int = 2
    count: int | None = 24


@dataclass
class Noise:
    """Two dozen pictures of nothing, of two classes."""

    pixels: np.ndarray
    labels: np.ndarray
    class_names: tuple[str, ...] = ("a", "b")
    digest: str = "noise"


@pytest.fixture(scope="module")
def pictures() -> Noise:
    pixels = np.random.default_rng(0).integers(0, 256, (24, 32, 32, 3), dtype=np.uint8)
    return Noise(pixels, np.arange(24) % 2)


def shrunk(config: TrainingConfig) -> TrainingConfig:
    """The same game on a network of a few thousand weights, for six rounds."""
    steps = config.discriminator_steps
    quick = {**QUICK, "kimg": QUICK["kimg"] * steps}
    if "critic_to_optimality" in config.parts:
        quick["critic_to_optimality.steps"] = 2
        quick["kimg"] *= 2
    small = {name: value for name, value in SMALL[config.network].items() if name in config.network_config or
             name in ("z_dim", "base_channels", "max_channels")}  # fmt: skip
    return with_settings(replace(config, network_config={**config.network_config, **small}), quick)


def digest_of(run: RunFolder) -> str:
    _, tensors = read_file(run.states()[-1][1])
    digest = hashlib.sha256()
    for name in sorted(tensors):
        digest.update(name.encode() + np.ascontiguousarray(tensors[name]).tobytes())
    return digest.hexdigest()


def check_resuming(config: TrainingConfig, pictures: Noise, tmp_path) -> None:
    whole, broken = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "broken")
    rounds = [event.step for event in train(config, pictures, whole) if isinstance(event, StepDone)]
    assert len(rounds) > 3
    events = train(config, pictures, broken)
    for event in events:
        if isinstance(event, StepDone) and event.step >= len(rounds) // 2:
            break
    events.close()
    assert broken.states()[-1][0] < whole.states()[-1][0]
    list(train(config, pictures, broken, resume=True))
    assert digest_of(broken) == digest_of(whole)


RECIPES = [name for name in PRESETS if not name.endswith("_wide")]  # shrunk, these are the same as the narrow ones
IN_RECIPES = {part for name in RECIPES for part in PRESETS[name].configure(Facts()).parts}


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_resumes_bit_for_bit(name, pictures, tmp_path):
    check_resuming(shrunk(PRESETS[name].configure(Facts())), pictures, tmp_path)


@pytest.mark.parametrize("name", sorted(set(PARTS) - IN_RECIPES))
def test_every_other_part_resumes_bit_for_bit(name, pictures, tmp_path):
    preset = {"path_length": "style", "feature_reconstruction": "few_pictures", "auxiliary_classifier": "ac_gan",
              "weight_clipping": "wgan", "critic_to_optimality": "wgan"}.get(name, "quick")  # fmt: skip
    facts = Facts(class_count=0 if name == "packing" else 2)
    config = with_settings(PRESETS[preset].configure(facts), {name: True})
    check_resuming(shrunk(config), pictures, tmp_path)
