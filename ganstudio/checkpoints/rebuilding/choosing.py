"""Which of the state_dicts in a file is the generator, and what to say where none is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ganstudio.checkpoints.errors import NoGeneratorError
from ganstudio.checkpoints.other_models import name_other_model
from ganstudio.checkpoints.rebuilding.roles import role_of_shapes
from ganstudio.checkpoints.rebuilding.units import Unit, make_units
from ganstudio.checkpoints.tree import TensorData, find_tensors
from ganstudio.checkpoints.wrappers import StateDict, find_settings, find_state_dicts

MAX_PARAMETERS = 200_000_000
MAX_TENSORS = 2000
_REMEDIES = {
    "discriminator": "open the generator's file, which scripts save beside it",
    "classifier": "open a generator's file",
    "encoder": "open a generator's file",
    "autoencoder": "open a generator's file",
    "variational autoencoder": "open a GAN's generator",
}


@dataclass(frozen=True, eq=False)
class Network:
    """A state_dict with its layers and role."""

    part: StateDict
    units: list[Unit] = field(repr=False)
    role: str


@dataclass(frozen=True, eq=False)
class Contents:
    """What is in a file.

    Attributes:
        generator: The network to rebuild.
        others: The other networks.
        settings: Plain values beside them.
    """

    generator: Network
    others: tuple[Network, ...]
    settings: dict[str, Any]


def holds_network(tree: Any, tensors: Mapping[str, TensorData]) -> bool:
    """Whether there is a network whose ends tell what it is, and no sign that it is of another field."""
    count = sum(tensor.count for tensor in tensors.values())
    if not tensors or count > MAX_PARAMETERS * 3 or len(tensors) > MAX_TENSORS:
        return False
    roles = {network.role for network in find_networks(tree)}
    if "generator" in roles:
        return True
    return bool(roles - {""}) and name_other_model(tensors) is None


def find_networks(tree: Any) -> list[Network]:
    """List the networks of a tree with the roles that their names and shapes tell."""
    return [network for part in find_state_dicts(tree) if (network := _study_part(part)) is not None]


def study(path: Path, tree: Any) -> Contents:
    """Find the generator of a tree.

    Raises:
        NoGeneratorError: There is none; the message says what there is.
    """
    networks = find_networks(tree)
    generators = [network for network in networks if network.role == "generator"]
    if not generators:
        raise _refuse(path, tree, networks)
    chosen = generators[0]
    others = tuple(network for network in networks if network is not chosen)
    return Contents(chosen, others, find_settings(tree))


def _study_part(part: StateDict) -> Network | None:
    """Look at one state_dict; None for what is far too large for a script's."""
    if part.parameters > MAX_PARAMETERS or len(part.tensors) > MAX_TENSORS:
        return None
    units = make_units(part)
    by_shape = role_of_shapes(units)
    role = by_shape
    if part.role in ("discriminator", "encoder", "classifier"):  # BEGAN's discriminator has an autoencoder's shapes
        role = part.role
    return Network(part, units, role)


def _refuse(path: Path, tree: Any, networks: Sequence[Network]) -> NoGeneratorError:
    if not networks:
        names = ", ".join(list(find_tensors(tree))[:3]) or "none"
        return NoGeneratorError(path, f"there are no weights of a network in it (tensors: {names[:80]})",
                               "open a generator's checkpoint")  # fmt: skip
    first = networks[0]
    names = ", ".join(unit.name for unit in first.units[:3])[:80]
    if not first.role:
        reason = f"its weights are of no known generator (layers: {names})"
        return NoGeneratorError(path, reason, "open a generator's checkpoint")
    article = "an" if first.role[0] in "aeiou" else "a"
    whole = f", the pickled class {first.part.class_name}" if first.part.class_name else ""
    reason = f"it holds {article} {first.role}{whole} ({first.part.parameters:,} weights, layers {names}), no generator"
    return NoGeneratorError(path, reason, _REMEDIES.get(first.role, "open a generator's file"))
