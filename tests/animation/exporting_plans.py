"""Small animations of small networks, and their export, for tests."""

import hashlib
from fractions import Fraction
from pathlib import Path

import numpy as np
import torch

from ganstudio.animation.easing import Easing
from ganstudio.animation.export import FrameDone, export
from ganstudio.animation.exporting.plan import ExportPlan
from ganstudio.animation.timeline import Key, Timeline, Track
from ganstudio.checkpoints.building import GeneratorFile, save_generator
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.rendering.looks.look import Look

LINEAR = Easing("linear")


def timeline(length: int = 37, fps: Fraction = Fraction(30), **values) -> Timeline:
    """Three pictures, a slider, and noise that is drawn anew now and then."""
    tracks = (
        Track("latent", tuple(Key(length * part // 3, Look(part), LINEAR) for part in range(3)), "spline"),
        Track("truncation", (Key(0, 0.5, LINEAR), Key(length - 1, 1.0, LINEAR))),
        Track("noise_seed", (Key(0, 1), Key(length // 2, 2))),
        Track("zoom", (Key(0, 1.0, LINEAR), Key(length - 1, 1.5, LINEAR))),
    )
    return Timeline(length, fps, values.pop("tracks", tracks), **values)


def plan_for(checkpoint: Path, output: Path, **values) -> ExportPlan:
    """An export of small frames."""
    values = {"timeline": timeline(), "size": (32, 32), "format": "png", "device": "cpu", "threads": 1, **values}
    return ExportPlan(str(checkpoint), values.pop("base", Look(1)), values.pop("timeline"), output, **values)


def hashes(events) -> dict[int, str]:
    """The SHA-256 of each frame by its number; the plan has to ask for them."""
    return {event.number: event.sha256 for event in events if isinstance(event, FrameDone)}


def exported(plan: ExportPlan, kept=None) -> list:
    """All events of an export."""
    return list(export(plan, kept))


def digest(pixels: np.ndarray) -> str:
    """As the export tells it."""
    return hashlib.sha256(pixels.tobytes()).hexdigest()


def save_stylegan2(path: Path, resolution: int = 16) -> Path:
    """A StyleGAN2 of random weights whose noise shows."""
    architecture = NETWORKS["stylegan2"]
    widths = (6, 5, 4) if resolution == 16 else (8, 8, 8, 8, 8)
    small = {"z_dim": 8, "w_dim": 8, "mapping_widths": (8, 8), "label_width": 8, "mapping_rate": 1.0}
    config = architecture.make_config({"resolution": resolution, "widths": widths, **small})
    random = torch.Generator().manual_seed(1)
    generator = architecture.build_generator(config, random).eval()
    for name, tensor in generator.state_dict().items():
        if "filter" not in name:
            tensor.copy_(torch.randn(tensor.shape, generator=random) * 0.4)
    save_generator(path, generator, GeneratorFile("stylegan2", config))
    return path
