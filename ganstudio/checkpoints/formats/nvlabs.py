"""Pickles of NVlabs' PyTorch programs: `{"G": module, "D": module, "G_ema": module, ...}`, or one module alone."""

import re
from pathlib import Path
from typing import Any

from ganstudio.checkpoints.base import (
    FORMATS,
    Assumptions,
    Checkpoint,
    CheckpointDescription,
    CheckpointError,
    ComponentInfo,
    OpenedFile,
)
from ganstudio.checkpoints.layouts.nvlabs.families import family_of
from ganstudio.checkpoints.layouts.nvlabs.modules import SavedModule, is_module, read_module
from ganstudio.checkpoints.layouts.plan import GeneratorPlan
from ganstudio.checkpoints.tree import Record, TensorData

_PREFERRED = ("G_ema", "Gs", "G")
_ALONE = "G_ema"
_LICENCE = "not in the file; networks published by NVIDIA are for non-commercial use"
_OTHER_LICENCES = {
    "stylegan_xl": "not in the file; see the repository of StyleGAN-XL",
    "r3gan": "not in the file; its authors' repository states none",
}


class NVlabsFormat:
    """Reads names, numbers and tensors; the programs that travel in such a file are left alone."""

    def detect(self, file: OpenedFile) -> bool:
        """See `CheckpointFormat`."""
        if not file.head.startswith((b"\x80", b"PK")):
            return False
        try:
            modules = _modules(file)
        except CheckpointError:
            return False  # modules of another make, nested or named as no such network is
        return any("synthesis" in module.children or family_of(module) for module in modules.values())

    def describe(self, file: OpenedFile, assumptions: Assumptions) -> CheckpointDescription:  # noqa: ARG002 - it says all
        """See `CheckpointFormat`."""
        modules = _modules(file)
        return _describe(file, modules, _plan(file.path, modules))

    def read(self, file: OpenedFile, assumptions: Assumptions) -> Checkpoint:  # noqa: ARG002 - it says all
        """See `CheckpointFormat`."""
        modules = _modules(file)
        plan = _plan(file.path, modules)
        return Checkpoint(_describe(file, modules, plan), plan.config, plan.load(file.path), file.tensors)


def _records(tree: Any) -> dict[str, Record]:
    """The pickled modules of a file by their names in it."""
    if is_module(tree):
        return {_ALONE: tree}
    if not isinstance(tree, dict):
        return {}
    return {str(name): node for name, node in tree.items() if is_module(node)}


def _modules(file: OpenedFile) -> dict[str, SavedModule]:
    return {name: read_module(file.path, record) for name, record in _records(file.tree).items()}


def _generator_name(modules: dict[str, SavedModule]) -> str:
    """The generator to draw with: the averaged one where there is one."""
    generators = [name for name, module in modules.items() if "synthesis" in module.children or family_of(module)]
    return next((name for name in _PREFERRED if name in generators), generators[0])


def _plan(path: Path, modules: dict[str, SavedModule]) -> GeneratorPlan:
    generator = modules[_generator_name(modules)]
    family = family_of(generator)
    if family is None:
        reason = f"its generator is of the unknown class {generator.class_name[:80]}"
        raise CheckpointError(path, reason, "open a StyleGAN2, StyleGAN3, StyleGAN-XL or R3GAN")
    return family.plan(path, generator)


def _describe(file: OpenedFile, modules: dict[str, SavedModule], plan: GeneratorPlan) -> CheckpointDescription:
    components = {
        name: ComponentInfo(_role(name, module), module.class_name, module.count_parameters())
        for name, module in modules.items()
    }
    chosen = _generator_name(modules)
    licence = _OTHER_LICENCES.get(plan.family, _LICENCE)
    warnings = plan.warnings
    if chosen == "G" and len(modules) > 1:
        warnings = (*warnings, "there is no averaged generator G_ema in it; the last weights draw worse")
    return CheckpointDescription(
        path=file.path,
        format="nvlabs",
        family=plan.family,
        components=components,
        spec=plan.spec,
        facts=_length_by_name(file.path) | _facts(file.tree) | {"drawn with": chosen, "licence": licence},
        warnings=warnings,
    )


def _role(name: str, module: SavedModule) -> str:
    if "synthesis" in module.children or family_of(module):
        return "generator"
    return "discriminator" if name.startswith("D") else name[:40]


def _length_by_name(path: Path) -> dict[str, Any]:
    """The training length that snapshots carry in their name, which is the only place where most have it."""
    match = re.fullmatch(r"network-snapshot-(\d{6})\.pkl", path.name)
    return {"kimg by its name": int(match[1])} if match else {}


def _facts(tree: Any) -> dict[str, Any]:
    """Training length and data, where the file says them."""
    if not isinstance(tree, dict):
        return {}
    facts: dict[str, Any] = {}
    progress = tree.get("progress")
    images = tree.get("cur_nimg", progress.get("cur_nimg") if isinstance(progress, dict) else None)
    if isinstance(images, TensorData) and images.count == 1 and images.dtype.startswith("int"):
        images = int(images.load().reshape(())[()])  # StyleGAN-XL
    if isinstance(images, int) and not isinstance(images, bool):
        facts["kimg"] = images / 1000
    data = tree.get("training_set_kwargs")
    if isinstance(data, dict) and isinstance(data.get("path"), str):
        facts["data"] = data["path"].replace("\\", "/").rpartition("/")[2][:80]
    return facts


FORMATS.add("nvlabs", NVlabsFormat())
