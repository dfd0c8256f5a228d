"""From files to networks and back: the torch side of checkpoints."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.overrides import TorchFunctionMode

from ganstudio.checkpoints.base import (
    Array,
    Checkpoint,
    CheckpointDescription,
    CheckpointError,
    ComponentInfo,
    DirectionInfo,
)
from ganstudio.checkpoints.formats.native import DIRECTION_PREFIX, GENERATOR_PREFIX, write_generator
from ganstudio.networks.base import Generator, NetworkConfigError
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.registry import UnknownNameError


@dataclass(frozen=True)
class GeneratorFile:
    """What goes into a generator file beside the weights.

    Attributes:
        network: Name in `NETWORKS`.
        config: The network's config dataclass.
        class_names: Names of the classes.
        facts: What people want to know of its making.
        directions: Each direction with its vector float32 `(z_dim,)`.
    """

    network: str
    config: Any
    class_names: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    directions: tuple[tuple[DirectionInfo, Array], ...] = ()


def build_generator(checkpoint: Checkpoint, device: torch.device) -> Generator:
    """Make the generator of a checkpoint, in evaluation mode.

    Raises:
        CheckpointError: The configuration is not buildable or the tensors do not fit it.
    """
    description = checkpoint.description
    try:
        config = NETWORKS[description.family].make_config(checkpoint.config)
        generator = _fill(checkpoint, config)
    except (UnknownNameError, NetworkConfigError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise CheckpointError(description.path, f"its weights do not fit ({reason})", "copy it again") from error
    if generator.spec != description.spec:
        raise CheckpointError(description.path, "its description contradicts its weights", "copy it again")
    for direction in description.directions:
        wanted, vector = direction.shape(generator.spec), checkpoint.directions.get(direction.name)
        if direction.is_inside and (vector is None or vector.shape != wanted):
            reason = f"its direction {direction.name[:60]!r} in {direction.space} does not fit its layers"
            raise CheckpointError(description.path, reason, "copy it again")
    return generator.eval().requires_grad_(requires_grad=False).to(device)


def save_generator(path: Path, generator: Generator, content: GeneratorFile) -> None:
    """Write a generator file in GANStudio's own format, atomically.

    Raises:
        FileWriteError: The disk is full or the folder not writable; an older file of that name is untouched.
    """
    tensors = {
        GENERATOR_PREFIX + name: tensor.detach().cpu().numpy() for name, tensor in generator.state_dict().items()
    }
    parameters = sum(tensor.size for tensor in tensors.values())
    description = CheckpointDescription(
        path=path,
        format="ganstudio",
        family=content.network,
        components={"generator": ComponentInfo("generator", content.network, parameters)},
        spec=generator.spec,
        class_names=content.class_names,
        directions=tuple(info for info, _ in content.directions),
        facts=dict(content.facts),
    )
    vectors = {DIRECTION_PREFIX + info.name: np.asarray(vector, np.float32) for info, vector in content.directions}
    write_generator(path, description, asdict(content.config), {**tensors, **vectors})


def replace_directions(path: Path, checkpoint: Checkpoint, directions: Iterable[tuple[DirectionInfo, Array]]) -> None:
    """Write a checkpoint again with other directions; its weights and facts stay as they are.

    Raises:
        FileWriteError: See `save_generator`.
    """
    old = checkpoint.description
    pairs = tuple(directions)
    description = CheckpointDescription(
        path,
        old.format,
        old.family,
        old.components,
        old.spec,
        old.class_names,
        tuple(info for info, _ in pairs),
        old.facts,
    )
    weights = {GENERATOR_PREFIX + name: tensor for name, tensor in checkpoint.weights.items()}
    vectors = {DIRECTION_PREFIX + info.name: np.asarray(vector, np.float32) for info, vector in pairs}
    write_generator(path, description, checkpoint.config, {**weights, **vectors})


def _fill(checkpoint: Checkpoint, config: Any) -> Generator:
    """Build the network around the weights, without drawing fresh ones or copying where that can be helped."""
    build = NETWORKS[checkpoint.description.family].build_generator
    with torch.device("meta"), _WithoutDrawing():
        generator = build(config, torch.Generator())
    _check_shapes(checkpoint, generator)
    if _keeps_all(generator):
        generator.load_state_dict(_weights(checkpoint, generator), assign=True)
        return generator
    generator = build(config, torch.Generator().manual_seed(0))
    generator.load_state_dict(_weights(checkpoint, generator))
    return generator


_DRAWING = {
    *("normal_", "uniform_", "trunc_normal_", "kaiming_normal_", "kaiming_uniform_", "xavier_uniform_"),
    *("add_", "mul_", "div_", "zero_", "fill_", "copy_"),  # what is done to drawn weights, and what comes instead
}


class _WithoutDrawing(TorchFunctionMode):
    """Leaves out the drawing of weights, which where there is no memory makes torch import its compiler for seconds."""

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """See torch's documentation of modes."""
        del types
        named = kwargs or {}
        tensor = args[0] if args else named.get("tensor")  # the functions of torch.nn.init name it so
        if func.__name__ in _DRAWING and isinstance(tensor, torch.Tensor) and tensor.is_meta:
            return tensor
        return func(*args, **named)


def _weights(checkpoint: Checkpoint, network: Generator) -> dict[str, torch.Tensor]:
    """The weights in the types that the network keeps, and in the memory that they are in where that serves."""
    types = {name: tensor.dtype for name, tensor in network.state_dict().items()}
    return {name: torch.from_numpy(_own(array)).to(types[name]) for name, array in checkpoint.weights.items()}


def _own(array: Array) -> Array:
    """The array itself if torch can work in its memory, else a copy."""
    flags = array.flags
    return array if flags.writeable and flags.c_contiguous and flags.aligned else np.array(array, order="C")


def _keeps_all(network: torch.nn.Module) -> bool:
    """Whether every tensor of a network is in its state_dict."""
    kept = network.state_dict(keep_vars=True)
    named = [*network.named_parameters(), *network.named_buffers()]
    hidden = (value for part in network.modules() for value in vars(part).values() if isinstance(value, torch.Tensor))
    return all(name in kept for name, _ in named) and not any(True for _ in hidden)


def _check_shapes(checkpoint: Checkpoint, expected: Generator) -> None:
    """Refuse a config that would build a network of another size than the file's, before anything is allocated."""
    shapes = {name: tuple(tensor.shape) for name, tensor in expected.state_dict().items()}
    found = {name: tuple(tensor.shape) for name, tensor in checkpoint.weights.items()}
    if shapes != found:
        wrong = sorted(name for name in shapes.keys() | found.keys() if shapes.get(name) != found.get(name))
        raise NetworkConfigError("weights", f"{len(wrong)} tensors are missing, extra or of another shape", wrong[0])
