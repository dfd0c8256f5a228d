"""Saving and restoring everything a run needs to go on as if it had never stopped.

One safetensors file with a JSON header: weights of both players and of the averaged generator, Adam's moments, the
random state. The data order needs none: it is a function of seed and position.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ganstudio.checkpoints.base import Array, CheckpointError
from ganstudio.checkpoints.formats.native import read_file, write_file
from ganstudio.training.errors import TrainingDivergedError
from ganstudio.training.game.pair import Pair
from ganstudio.training.runs.run_folder import RunFolder

_NETWORKS = ("generator", "discriminator", "averaged", "part_modules")
_OPTIMIZERS = ("generator_optimizer", "discriminator_optimizer")


@dataclass(frozen=True)
class Progress:
    """How far a run has come.

    Attributes:
        step: Rounds played.
        images: Pictures shown to the discriminator.
        seconds: Time spent training, over all sessions.
    """

    step: int = 0
    images: int = 0
    seconds: float = 0.0

    @property
    def kimg(self) -> float:
        """Pictures shown, in thousands."""
        return self.images / 1000


def save_state(path: Path, pair: Pair, progress: Progress) -> None:
    """Write the state, atomically.

    Raises:
        TrainingDivergedError: A weight is no number; a broken state never replaces a good one.
        FileWriteError: The disk is full or the folder gone; older states are untouched.
    """
    tensors = _collect(pair)
    for name, tensor in tensors.items():
        if tensor.dtype.kind == "f" and not np.isfinite(tensor).all():
            raise TrainingDivergedError(
                "training", f"the weights {name} are no numbers any more", "resume with lower rates"
            )
    header = {
        "kind": "training_state",
        "step": progress.step,
        "images": progress.images,
        "seconds": progress.seconds,
        "torch": torch.__version__,
        "device": pair.device.type,
    }
    write_file(path, header, tensors)


def load_newest_state(run: RunFolder, pair: Pair) -> tuple[Progress, list[str]]:
    """Restore the newest state that is whole.

    Returns:
        How far the run had come, and warnings for people about states that were passed over or differ in kind.

    Raises:
        CheckpointError: There are states, but none is whole.
    """
    warnings: list[str] = []
    failure: CheckpointError | None = None
    for _, path in reversed(run.states()):
        try:
            return _load(path, pair, warnings), warnings
        except CheckpointError as error:
            failure = error
            warnings.append(f"{error.message} - taking the one before")
    if failure is not None:
        raise failure
    return Progress(), warnings


def _load(path: Path, pair: Pair, warnings: list[str]) -> Progress:
    header, tensors = read_file(path)
    try:
        progress = Progress(int(header["step"]), int(header["images"]), float(header["seconds"]))
        _check(pair, tensors)
        _restore(pair, tensors)
        _restore_random(pair, tensors, header, progress)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise CheckpointError(path, f"it does not fit this run ({reason})", "restore it from a copy") from error
    if header.get("torch") != torch.__version__ or header.get("device") != pair.device.type:
        warnings.append("another torch version or device than before: training goes on, but not with equal bits")
    return progress


def _check(pair: Pair, tensors: dict[str, Array]) -> None:
    """Refuse a state of other shapes before anything is overwritten."""
    known = network_tensors(pair)
    expected = {name: value.shape for name, value in known.items()}
    wrong = [name for name, shape in expected.items() if name not in tensors or tensors[name].shape != tuple(shape)]
    if wrong:
        raise ValueError(f"{len(wrong)} tensors are missing or of another shape, {wrong[0]} among them")


def _collect(pair: Pair) -> dict[str, Array]:
    tensors = {name: value.detach().cpu().numpy() for name, value in network_tensors(pair).items()}
    for name in _OPTIMIZERS:
        for index, values in getattr(pair, name).state_dict()["state"].items():
            tensors |= {f"{name}.{index}.{key}": value.detach().cpu().numpy() for key, value in values.items()}
    for name, part in pair.parts.items():
        tensors |= {f"parts.{name}.{key}": value.detach().cpu().numpy() for key, value in part.state().items()}
    tensors["random"] = pair.draws.generator.get_state().numpy()
    return tensors


def network_tensors(pair: Pair) -> dict[str, torch.Tensor]:
    """All weights and buffers of a pair's networks, by the names they have in a state."""
    return {
        f"{network}.{name}": value
        for network in _NETWORKS
        for name, value in getattr(pair, network).state_dict().items()
    }


def _restore(pair: Pair, tensors: dict[str, Array]) -> None:
    for network in _NETWORKS:
        getattr(pair, network).load_state_dict(_below(tensors, network))
    for name, part in pair.parts.items():
        part.restore(_below(tensors, f"parts.{name}"))
    for name in _OPTIMIZERS:
        optimizer = getattr(pair, name)
        state: dict[int, dict[str, Any]] = {}
        for key, value in _below(tensors, name).items():
            index, _, entry = key.partition(".")
            state.setdefault(int(index), {})[entry] = value
        optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
        _restore_memory_format(optimizer)
    pair.forget_recordings()


def _restore_random(pair: Pair, tensors: dict[str, Array], header: dict[str, Any], progress: Progress) -> None:
    """Go on drawing where it stopped; another kind of device draws by another law and begins anew, from the step."""
    if header.get("device", pair.device.type) == pair.device.type:
        pair.draws.generator.set_state(torch.from_numpy(np.array(tensors["random"])))
    else:
        pair.draws.generator.manual_seed(pair.config.seed + 1 + progress.step)


def _restore_memory_format(optimizer: torch.optim.Optimizer) -> None:
    """Lay out Adam's moments in memory as their parameters are: the fused kernel walks both side by side."""
    for parameter, values in optimizer.state.items():
        for key, value in values.items():
            if value.shape == parameter.shape:
                values[key] = torch.empty_like(parameter).copy_(value)


def _below(tensors: dict[str, Array], prefix: str) -> dict[str, torch.Tensor]:
    start = f"{prefix}."
    return {
        name.removeprefix(start): torch.from_numpy(np.array(value))
        for name, value in tensors.items()
        if name.startswith(start)
    }
