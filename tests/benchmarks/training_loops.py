"""Training loops that do the same mathematics, for `training_throughput.py`: the program's, a bare one, a tutorial's.

Each is a generator that trains the networks of a configuration on given pictures and yields after every step. The
tutorial's loop is written after the description of the DCGAN example of PyTorch: pictures one by one through a
DataLoader, binary cross-entropy, the discriminator on real pictures and then on detached generated ones with a backward
pass each, the generator through the updated discriminator with the same pictures, default Adam, and the numbers of each
step fetched and formatted. Its pictures come from memory, or from a folder of PNG files as the example reads them.
"""

import copy
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import nn

from ganstudio.images import from_uint8
from ganstudio.losses.zero_centred import zero_centred_penalty
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.training.config import TrainingConfig
from ganstudio.training.events import StepDone
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.trainer import train


def play_engine(config: TrainingConfig, dataset: Any) -> Iterator[None]:
    """The program's trainer with all that it writes."""
    for event in train(config, dataset, RunFolder(Path(tempfile.mkdtemp()) / "run")):
        if isinstance(event, StepDone):
            yield


def play_engine_bfloat16(config: TrainingConfig, dataset: Any) -> Iterator[None]:
    """The same with shorter numbers: not the same mathematics, but what a user may choose."""
    return play_engine(replace(config, precision="bfloat16"), dataset)


def play_bare(config: TrainingConfig, dataset: Any) -> Iterator[None]:
    """The same step as plainly as it can be written, with the average: no curves, no checks, nothing saved."""
    generator, discriminator, z_dim = build(config, torch.channels_last)
    betas = (config.beta1, config.beta2)
    of_generator = torch.optim.Adam(generator.parameters(), config.generator_lr, betas, fused=True)
    of_discriminator = torch.optim.Adam(discriminator.parameters(), config.discriminator_lr, betas, fused=True)
    averaged = copy.deepcopy(generator).requires_grad_(requires_grad=False)
    softplus, step = nn.functional.softplus, 0
    penalty: dict[str, Any] = dict(config.parts.get("r1", {}))
    while True:
        is_due = bool(penalty) and step % penalty["interval"] == 0
        rows = torch.randint(0, len(dataset.pixels), (config.batch_size,)).numpy()
        real = from_uint8(dataset.pixels[rows]).requires_grad_(is_due)
        fake = generator(torch.randn(config.batch_size, z_dim))
        logits = discriminator(real)
        loss = softplus(-logits).mean() + softplus(discriminator(fake.detach())).mean()
        if is_due:
            loss = loss + zero_centred_penalty(real, logits) * (penalty["gamma"] / 2 * penalty["interval"])
        of_discriminator.zero_grad()
        loss.backward()
        of_discriminator.step()
        discriminator.requires_grad_(requires_grad=False)
        loss = softplus(-discriminator(fake)).mean()
        of_generator.zero_grad()
        loss.backward()
        of_generator.step()
        discriminator.requires_grad_(requires_grad=True)
        for average, weight in zip(averaged.parameters(), generator.parameters(), strict=True):
            average.lerp_(weight.detach(), 0.001)
        step += 1
        yield


class _InMemory(torch.utils.data.Dataset[torch.Tensor]):
    """Pictures one at a time, converted and normalised; nothing else."""

    def __init__(self, pixels: Any) -> None:
        self._pixels = pixels

    def __len__(self) -> int:
        return len(self._pixels)

    def __getitem__(self, index: int) -> torch.Tensor:
        return _normalise(self._pixels[index].copy())


class _InFolder(torch.utils.data.Dataset[torch.Tensor]):
    """The same pictures as files: opened, decoded and brought to their size each time they are shown."""

    def __init__(self, pixels: Any) -> None:
        folder = Path(tempfile.mkdtemp())
        self._size = pixels.shape[1]
        self._paths = [folder / f"{index}.png" for index in range(len(pixels))]
        for path, picture in zip(self._paths, pixels, strict=True):
            Image.fromarray(picture).save(path)

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, index: int) -> torch.Tensor:
        with Image.open(self._paths[index]) as file:
            picture = file.convert("RGB")
        if picture.size != (self._size, self._size):
            picture = picture.resize((self._size, self._size), Image.Resampling.BILINEAR)
        return _normalise(np.array(picture))


def _normalise(picture: Any) -> torch.Tensor:
    image = torch.from_numpy(picture).permute(2, 0, 1).contiguous().float().div(255)
    return image.sub_(0.5).div_(0.5)


def play_tutorial(config: TrainingConfig, dataset: Any) -> Iterator[None]:
    """The loop of the DCGAN example, with our networks and batch, its pictures in memory."""
    return _play_tutorial(config, _InMemory(dataset.pixels))


def play_tutorial_folder(config: TrainingConfig, dataset: Any) -> Iterator[None]:
    """The same with its pictures in a folder, as the example reads one's own pictures."""
    return _play_tutorial(config, _InFolder(dataset.pixels))


def _play_tutorial(config: TrainingConfig, pictures: "torch.utils.data.Dataset[torch.Tensor]") -> Iterator[None]:
    generator, discriminator, z_dim = build(config, torch.contiguous_format)
    betas = (config.beta1, config.beta2)
    of_generator = torch.optim.Adam(generator.parameters(), lr=config.generator_lr, betas=betas)
    of_discriminator = torch.optim.Adam(discriminator.parameters(), lr=config.discriminator_lr, betas=betas)
    criterion = nn.BCEWithLogitsLoss()
    loader = torch.utils.data.DataLoader(pictures, batch_size=config.batch_size, shuffle=True, drop_last=True)
    lines: list[str] = []
    while True:
        for real in loader:
            label = torch.full((len(real),), 1.0)
            discriminator.zero_grad()
            output = discriminator(real)
            error_real = criterion(output, label)
            error_real.backward()
            d_real = output.sigmoid().mean().item()
            fake = generator(torch.randn(len(real), z_dim))
            label.fill_(0.0)
            output = discriminator(fake.detach())
            error_fake = criterion(output, label)
            error_fake.backward()
            d_fake = output.sigmoid().mean().item()
            error_discriminator = error_real + error_fake
            of_discriminator.step()
            generator.zero_grad()
            label.fill_(1.0)
            output = discriminator(fake)
            error_generator = criterion(output, label)
            error_generator.backward()
            of_generator.step()
            lines.append(f"{error_discriminator.item():.4f} {error_generator.item():.4f} {d_real:.4f} {d_fake:.4f}")
            yield


def build(config: TrainingConfig, memory_format: torch.memory_format) -> tuple[nn.Module, nn.Module, int]:
    """Fresh networks of a configuration, and the length of their latents."""
    architecture = NETWORKS[config.network]
    network = architecture.make_config(config.network_config)
    assert architecture.build_discriminator is not None
    random = torch.Generator().manual_seed(config.seed)
    generator = architecture.build_generator(network, random).to(memory_format=memory_format)
    discriminator = architecture.build_discriminator(network, random).to(memory_format=memory_format)
    return generator, discriminator, network.z_dim


LOOPS = {
    "engine": play_engine,
    "engine_bfloat16": play_engine_bfloat16,
    "bare": play_bare,
    "tutorial": play_tutorial,
    "tutorial_folder": play_tutorial_folder,
}
