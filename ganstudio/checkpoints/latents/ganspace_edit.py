"""Named edits of GANSpace: a pickle with one component, its layers and the slider that somebody set for it."""

from typing import Any

from ganstudio.checkpoints.base import Assumptions
from ganstudio.checkpoints.latents.base import LATENT_FORMATS, LatentFile, Space
from ganstudio.checkpoints.latents.vectors import check_finite, chosen_space, could_be_vectors, read_vectors
from ganstudio.checkpoints.opened_file import OpenedFile
from ganstudio.checkpoints.tree import TensorData

_FACTS = (
    "component_index", "model_name", "output_class", "truncation", "example_seed", "edit_type", "latent_space",
)  # fmt: skip
_MAX_LAYERS = 1000


class GanspaceEdit:
    """Reads one edit as one direction."""

    def detect(self, file: OpenedFile) -> bool:
        """See `LatentFormat`."""
        tree = file.tree
        return isinstance(tree, dict) and {"lat_comp", "latent_space", "edit_start", "edit_end"} <= set(tree)

    def read(self, file: OpenedFile, assumptions: Assumptions) -> LatentFile:
        """See `LatentFormat`."""
        path, tree = file.path, file.tree
        component = tree["lat_comp"]
        vectors = read_vectors(path, component if could_be_vectors(component) else tree.get("act_comp", component))
        default: Space = "w" if str(tree["latent_space"]).lower().startswith("w") else "z"
        deviation = _number(file, tree.get("lat_stdev"))
        layers = _layers(tree)
        reach = _number(file, tree.get("sigma_range"))
        return LatentFile(
            path=path,
            format="ganspace_edit",
            kind="direction",
            space=chosen_space(path, assumptions, default),
            arrays={"vectors": vectors[:1]},
            names=(str(tree.get("name") or path.stem)[:100],),
            deviations=() if deviation is None else (deviation,),
            layers=(layers,),
            sliders=() if not reach else ((-abs(reach), abs(reach)),),
            facts={name: tree[name] for name in _FACTS if isinstance(tree.get(name), str | int | float)},
        )


def _layers(tree: dict[str, Any]) -> tuple[int, int] | None:
    start, end = tree["edit_start"], tree["edit_end"]
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= _MAX_LAYERS:
        return None
    return start, end


def _number(file: OpenedFile, node: object) -> float | None:
    """A number, or an array of one number."""
    if isinstance(node, TensorData) and node.count == 1:
        return float(check_finite(file.path, node.array()).reshape(-1)[0])
    return float(node) if isinstance(node, int | float) and abs(node) < 1e6 else None


LATENT_FORMATS.add("ganspace_edit", GanspaceEdit())
