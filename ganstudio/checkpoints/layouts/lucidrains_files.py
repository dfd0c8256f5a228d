"""What the files of lucidrains' stylegan2-pytorch and lightweight-gan have in common.

Both save `{"GAN": state_dict, "version": ...}`, where the state_dict holds the networks by prefix: generator `G.` and
its moving average `GE.`, discriminator `D.` (again under `D_aug.`), and for StyleGAN2 the mapping `S.` and its average
`SE.`. Settings lie in a `.config.json` beside the file, so they are read from shapes; what these leave open depends on
the version.
"""

import re
from typing import Any

from ganstudio.checkpoints.base import CheckpointError, ComponentInfo, OpenedFile
from ganstudio.checkpoints.layouts.generator_found import Layout
from ganstudio.checkpoints.tree import TensorData

_CLASSES = {
    "G": ("generator", "Generator"),
    "GE": ("generator", "Generator"),
    "S": ("generator", "StyleVectorizer"),
    "SE": ("generator", "StyleVectorizer"),
    "D": ("discriminator", "Discriminator"),
}


def networks_in(file: OpenedFile) -> Layout | None:
    """All tensors of the state_dict by their names with prefixes, None where the file holds none."""
    tree = file.tree
    if isinstance(tree, dict) and isinstance(tree.get("GAN"), dict):
        tree = tree["GAN"]
    if not isinstance(tree, dict):
        return None
    return Layout(file.path, {str(name): value for name, value in tree.items() if isinstance(value, TensorData)})


def version_of(file: OpenedFile) -> str:
    """The version that wrote the file, "" where it does not say."""
    version = file.tree.get("version") if isinstance(file.tree, dict) else None
    return version[:20] if isinstance(version, str) else ""


def is_older(version: str, than: tuple[int, ...]) -> bool:
    """Whether a version is known, and older."""
    numbers = tuple(int(part) for part in re.findall(r"\d{1,4}", version))
    return bool(numbers) and numbers < than


def list_components(found: Layout) -> dict[str, ComponentInfo]:
    """The networks by their prefixes."""
    parts = {name: (found.under(f"{name}."), *kind) for name, kind in _CLASSES.items()}
    return {name: part.component(role, kind) for name, (part, role, kind) in parts.items() if part.tensors}


def collect_facts(version: str, averaged: bool) -> dict[str, Any]:
    """What people want to know of the file."""
    facts: dict[str, Any] = {"weights": "moving average" if averaged else "as trained"}
    if version:
        facts["version"] = version
    return facts


def require_shown(file: OpenedFile, channels: int, shown: tuple[int, ...]) -> None:
    """Raise CheckpointError for pictures with transparency, or of other numbers of channels than `shown`."""
    if channels not in shown:
        what = "transparent pictures (4 channels)" if channels == 4 else f"pictures of {channels} channels"
        raise CheckpointError(file.path, f"it draws {what}, which are not shown here", "train it without transparency")


def old_attention(file: OpenedFile) -> CheckpointError:
    """The error for attention layers that were replaced long ago."""
    reason = "its attention layers are of an older version, which is not known here"
    return CheckpointError(file.path, reason, "train it anew without attention or with a newer version")
