"""Writes a StyleGAN2 as a file for rosinality's stylegan2-pytorch and the many programs that take its files."""

import io
from collections import OrderedDict
from pathlib import Path

import torch
from torch import Tensor

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.layouts.rosinality import KERNEL_GAIN, MAPPING_RATE, their_names
from ganstudio.files import write_atomically
from ganstudio.networks.base import Generator
from ganstudio.networks.stylegan2 import StyleGAN2Generator
from ganstudio.networks.stylegan2_config import StyleGAN2Config


def write_rosinality(path: Path, generator: Generator) -> None:
    """Write `{"g_ema": state_dict, "latent_avg": (w_dim,)}`.

    The limit of activations that NVlabs' networks may have is not kept; it hardly ever acts.

    Args:
        path: The file to write.
        generator: A StyleGAN2 that this format can hold.

    Raises:
        CheckpointError: A network that the format has no place for.
        FileWriteError: The disk is full or the folder not writable; an older file of that name is untouched.
    """
    state = rosinality_state(path, generator)
    average = generator.state_dict()["average"].detach().cpu().clone()
    buffer = io.BytesIO()
    torch.save({"g_ema": state, "latent_avg": average}, buffer)
    write_atomically(path, lambda file: file.write(buffer.getbuffer()))


def rosinality_state(path: Path, generator: Generator) -> "OrderedDict[str, Tensor]":
    """The state_dict by rosinality's names; arguments and errors as for `write_rosinality`."""
    if not isinstance(generator, StyleGAN2Generator):
        raise CheckpointError(path, "only a StyleGAN2 can be written as a rosinality file", "choose another format")
    config = generator.synthesis.config
    if reason := _hindrance(config):
        raise CheckpointError(path, f"a rosinality file cannot hold {reason}", "choose another format")
    ours = {name: tensor.detach().cpu() for name, tensor in generator.state_dict().items()}
    state: OrderedDict[str, Tensor] = OrderedDict()
    for name, theirs in their_names(len(config.widths), len(config.mapping_widths)).items():
        if name != "synthesis.filter":
            state[theirs] = _shaped(name, ours.get(name), config).clone()
    kernel = ours["synthesis.filter"] * KERNEL_GAIN
    for index in range(len(config.widths) - 1):
        state[f"convs.{2 * index}.conv.blur.kernel"] = kernel.clone()
        state[f"to_rgbs.{index}.upsample.kernel"] = kernel.clone()
    return state


def _hindrance(config: StyleGAN2Config) -> str:
    """Why the format cannot hold a network, or nothing."""
    reasons = {
        "classes": config.num_classes > 0,
        "grey pictures": config.channels != 3,
        f"the architecture {config.architecture!r}": config.architecture != "skip",
        "a z of another length than w": config.z_dim != config.w_dim,
        "no mapping layers": not config.mapping_widths,
        "mapping layers of several widths": set(config.mapping_widths) != {config.w_dim},
        f"the learning rate {config.mapping_rate} of the mapping": abs(config.mapping_rate - MAPPING_RATE) > 1e-9,
        "these activations": (config.activation, config.mapping_activation) != ("lrelu", "lrelu"),
        "a latent that is not normalised": not config.normalise_z,
        "4 px": len(config.widths) < 2,
    }
    return next((reason for reason, applies in reasons.items() if applies), "")


def _shaped(name: str, tensor: Tensor | None, config: StyleGAN2Config) -> Tensor:
    """A tensor of ours in their shape; zeros for the noise of a network that has none."""
    if name.endswith(".noise"):
        layer = int(name.split(".")[2])
        size = 4 << (layer + 1) // 2
        return torch.zeros(1, 1, size, size) if tensor is None else tensor[None, None]
    if name.endswith(".noise_strength"):
        return torch.zeros(1) if tensor is None else tensor.reshape(1)
    if tensor is None:
        raise RuntimeError(f"a StyleGAN2 of {config.resolution} px has a tensor {name}")
    if name.startswith("synthesis.colours") and name.endswith(".bias") and ".style." not in name:
        return tensor.reshape(1, -1, 1, 1)
    return tensor[None] if tensor.ndim >= 3 else tensor
