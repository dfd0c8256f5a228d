"""State_dicts of rosinality's stylegan2-pytorch: training files, converted files, bare ones, decoders of encoders."""

from typing import Any

from ganstudio.checkpoints.base import (
    FORMATS,
    Assumptions,
    Checkpoint,
    CheckpointDescription,
    ComponentInfo,
    OpenedFile,
)
from ganstudio.checkpoints.layouts.plan import GeneratorPlan
from ganstudio.checkpoints.layouts.rosinality import SIGN, mean_of_mapping, plan_generator
from ganstudio.checkpoints.tree import Record, TensorData

_DISCRIMINATOR_SIGN = ("final_conv.0.weight", "final_linear.1.weight", "convs.0.0.weight")
_ENCODER_SIGN = ("input_layer.0.weight", "body.0.res_layer.0.weight")
_ROLES = {"generator": SIGN, "discriminator": _DISCRIMINATOR_SIGN, "encoder": _ENCODER_SIGN}
_NOT_LEARNED = (".kernel", ".running_mean", ".running_var", ".num_batches_tracked")
_LICENCE = "not in the file; networks converted from NVIDIA's are for non-commercial use"
_ALONE = "generator"


class RosinalityFormat:
    """Finds generators by their names, however deep and under whatever prefix they lie."""

    def detect(self, file: OpenedFile) -> bool:
        """See `CheckpointFormat`."""
        if not isinstance(file.tree, dict):
            return False
        return bool(_prefixes(file.tensors, SIGN))

    def describe(self, file: OpenedFile, assumptions: Assumptions) -> CheckpointDescription:  # noqa: ARG002 - it says all
        """See `CheckpointFormat`."""
        return _describe(file, _plan(file))

    def read(self, file: OpenedFile, assumptions: Assumptions) -> Checkpoint:  # noqa: ARG002 - it says all
        """See `CheckpointFormat`."""
        plan = _plan(file)
        weights = plan.load(file.path)
        if "average" in plan.constants:
            weights["average"] = mean_of_mapping(weights)
        return Checkpoint(_describe(file, plan), plan.config, weights, file.tensors)


def _prefixes(tensors: dict[str, TensorData], sign: tuple[str, ...]) -> list[str]:
    """What stands before the names of a network that is known by the names in `sign`; the averaged one first."""
    candidates = [name.removesuffix(sign[0]) for name in tensors if name.endswith(sign[0])]
    found = [prefix for prefix in candidates if all(prefix + name in tensors for name in sign)]
    return sorted(found, key=lambda prefix: ("ema" not in prefix, len(prefix)))


def _state(tensors: dict[str, TensorData], prefix: str) -> dict[str, TensorData]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def _plan(file: OpenedFile) -> GeneratorPlan:
    prefix = _prefixes(file.tensors, SIGN)[0]
    state = _state(file.tensors, prefix)
    average = file.tensors.get("latent_avg", state.pop("latent_avg", None))
    return plan_generator(file.path, state, average)


def _describe(file: OpenedFile, plan: GeneratorPlan) -> CheckpointDescription:
    warnings = plan.warnings
    prefix = _prefixes(file.tensors, SIGN)[0]
    components = _components(file.tensors)
    if _name(prefix) == "g" and "d" in components:
        warnings = (*warnings, "there is no averaged generator g_ema in it; the last weights draw worse")
    return CheckpointDescription(
        path=file.path,
        format="rosinality",
        family=plan.family,
        components=components,
        spec=plan.spec,
        facts=_facts(file.tree) | {"drawn with": _name(prefix), "licence": _LICENCE},
        warnings=warnings,
    )


def _components(tensors: dict[str, TensorData]) -> dict[str, ComponentInfo]:
    components = {}
    for role, sign in _ROLES.items():
        for prefix in _prefixes(tensors, sign):
            learned = (
                tensor.count
                for name, tensor in _state(tensors, prefix).items()
                if not name.endswith(_NOT_LEARNED) and not name.startswith(("noises.", "latent_avg"))
            )
            components[_name(prefix)] = ComponentInfo(role, role.capitalize(), sum(learned))
    return components


def _name(prefix: str) -> str:
    return prefix.rstrip(".").removeprefix("state_dict.").removesuffix(".module") or _ALONE


def _facts(tree: Any) -> dict[str, Any]:
    """Training length and settings, where the file says them."""
    facts: dict[str, Any] = {}
    if not isinstance(tree, dict):
        return facts
    arguments = tree.get("args")
    arguments = arguments.state if isinstance(arguments, Record) else arguments
    for place, key, title in ((tree, "global_step", "steps"), (tree, "ada_aug_p", "augmentation"),
                              (arguments, "batch", "batch"), (arguments, "iter", "planned steps")):  # fmt: skip
        value = place.get(key) if isinstance(place, dict) else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            facts[title] = value
    return facts


FORMATS.add("rosinality", RosinalityFormat())
