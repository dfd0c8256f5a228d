"""Pickles of NVlabs' TensorFlow programs: a tuple (G, D, Gs) of networks, each of names and arrays."""

from collections.abc import Callable
from pathlib import Path

from ganstudio.checkpoints.base import (
    FORMATS,
    Assumptions,
    Checkpoint,
    CheckpointDescription,
    CheckpointError,
    ComponentInfo,
    OpenedFile,
)
from ganstudio.checkpoints.layouts.plan import GeneratorPlan
from ganstudio.checkpoints.layouts.tflib import stylegan1, stylegan2
from ganstudio.checkpoints.layouts.tflib.network import TFNetwork, is_network, read_network
from ganstudio.checkpoints.tree import Record

_NAMES = ("G", "D", "Gs")
_ROLES = {"G": "generator", "D": "discriminator", "Gs": "generator"}
_LICENCE = "not in the file; networks published by NVIDIA are for non-commercial use"
_NOT_LEARNED = ("lod", "dlatent_avg")

_FAMILIES: tuple[tuple[Callable[[TFNetwork], bool], Callable[[Path, TFNetwork], GeneratorPlan]], ...] = (
    (stylegan2.matches, stylegan2.plan),
    (stylegan1.matches, stylegan1.plan),
)


class TensorFlowFormat:
    """Reads names and arrays; the programs that travel in such a file are left alone."""

    def detect(self, file: OpenedFile) -> bool:
        """See `CheckpointFormat`."""
        return file.head.startswith(b"\x80") and bool(_records(file))

    def describe(self, file: OpenedFile, assumptions: Assumptions) -> CheckpointDescription:  # noqa: ARG002 - it says all
        """See `CheckpointFormat`."""
        networks = _networks(file)
        return _describe(file, networks, _plan(file.path, networks))

    def read(self, file: OpenedFile, assumptions: Assumptions) -> Checkpoint:  # noqa: ARG002 - it says all
        """See `CheckpointFormat`."""
        networks = _networks(file)
        plan = _plan(file.path, networks)
        tensors = {
            f"{component}/{name}": tensor
            for component, network in networks.items()
            for name, tensor in network.variables.items()
        }
        return Checkpoint(_describe(file, networks, plan), plan.config, plan.load(file.path), tensors)


def _records(file: OpenedFile) -> dict[str, Record]:
    """The networks of a file; one alone counts as the averaged generator."""
    tree = file.tree
    if is_network(tree):
        return {"Gs": tree}
    if isinstance(tree, dict):
        return {str(name): node for name, node in tree.items() if is_network(node)}
    if isinstance(tree, list | tuple) and len(tree) == len(_NAMES) and all(is_network(node) for node in tree):
        return dict(zip(_NAMES, tree, strict=True))
    return {}


def _networks(file: OpenedFile) -> dict[str, TFNetwork]:
    return {name: read_network(file.path, record) for name, record in _records(file).items()}


def _generator_name(networks: dict[str, TFNetwork]) -> str:
    return next((name for name in ("Gs", "G_ema", "G") if name in networks), next(iter(networks)))


def _plan(path: Path, networks: dict[str, TFNetwork]) -> GeneratorPlan:
    generator = networks[_generator_name(networks)]
    for matches, plan in _FAMILIES:
        if matches(generator):
            return plan(path, generator)
    reason = f"its generator was built by {generator.function or 'an unknown function'}, which is not known here"
    raise CheckpointError(path, reason, "open a StyleGAN or StyleGAN2")


def _describe(file: OpenedFile, networks: dict[str, TFNetwork], plan: GeneratorPlan) -> CheckpointDescription:
    components = {
        name: ComponentInfo(_ROLES.get(name, "generator"), network.function or "Network", _count_parameters(network))
        for name, network in networks.items()
    }
    return CheckpointDescription(
        path=file.path,
        format="tensorflow",
        family=plan.family,
        components=components,
        spec=plan.spec,
        facts={"drawn with": _generator_name(networks), "licence": _LICENCE},
        warnings=plan.warnings,
    )


def _count_parameters(network: TFNetwork) -> int:
    """Count what was learned: no noise, no means."""
    parts = ((name.rpartition("/")[2], tensor) for name, tensor in network.variables.items())
    return sum(
        tensor.count
        for name, tensor in parts
        if name not in _NOT_LEARNED and not (name.startswith("noise") and name != "noise_strength")
    )


FORMATS.add("tensorflow", TensorFlowFormat())
