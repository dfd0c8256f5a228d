"""StyleGAN-XL: a stem like StyleGAN3, with stages put on top that the file does not list.

A stage replaces the critically sampled end of what was before by finer layers. How many stages, how much each enlarges
and how many layers it has is found by trying: the layers' names, which hold size and width, must come out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.layouts.nvlabs import stylegan3
from ganstudio.checkpoints.layouts.nvlabs.modules import SavedModule
from ganstudio.checkpoints.layouts.nvlabs.stylegan3 import SavedSynthesis, agrees, clamp_of, layer_agrees
from ganstudio.checkpoints.layouts.plan import NOT_WHOLE, GeneratorPlan, check_sources
from ganstudio.networks.alias_free.config import StyleGANXLConfig
from ganstudio.networks.alias_free.schedule import SynthesisPlan, add_stage, plan_stem
from ganstudio.networks.alias_free.shapes import generator_shapes
from ganstudio.networks.spec import NetworkConfigError

FAMILY = "stylegan_xl"
_FACTORS = (2, 4, 8, 16)
_FEWEST = 3  # layers of a stage
_USUAL = 7  # what the original adds unless told otherwise
_MOST_IN_STAGE = 64
_MOST_LAID_OUT = 30_000
_LABEL = {
    "embed.weight": "embedding.weight",
    "embed_proj.weight": "project.weight",
    "embed_proj.bias": "project.bias",
}


def matches(module: SavedModule) -> bool:
    """Whether it is a StyleGAN3 with pretrained class vectors, or with stages on top."""
    if not stylegan3.matches(module):
        return False
    label = module.find("mapping", "embed")
    pretrained = label is not None and "bias" not in label.parameters
    return pretrained or module.find("mapping", "embed_proj") is not None or "head_layer_names" in module.attributes


def plan(path: Path, module: SavedModule) -> GeneratorPlan:
    """See `FamilyReader`."""
    synthesis = stylegan3.read_synthesis(path, module)
    mapping = module.children["mapping"]
    values = stylegan3.settings_of(path, synthesis, mapping) | _label_settings(path, mapping)
    sources = stylegan3.mapping_sources(mapping, _LABEL) | stylegan3.synthesis_sources(synthesis)
    if not values["num_classes"]:
        sources.pop("mapping.label.embedding.weight", None)  # kept by the original, and not used
    values |= _find_stages(path, synthesis, values)
    config = stylegan3.make_config(path, StyleGANXLConfig, values)
    check_sources(path, generator_shapes(config, stylegan3.lay_out(path, config)), sources)
    return GeneratorPlan(FAMILY, values, config.spec, sources)


def _label_settings(path: Path, mapping: SavedModule) -> dict[str, Any]:
    """Classes and their vectors, by shapes; the mean w has one for each class, or one for all."""
    embedding, projection = mapping.find("embed"), mapping.find("embed_proj")
    inputs = stylegan3.first_weight(path, mapping).shape
    if embedding is None or projection is None:
        return {"z_dim": inputs[-1], "num_classes": 0}
    vectors, mean = embedding.parameters.get("weight"), mapping.buffers.get("w_avg")
    if vectors is None or mean is None or len(vectors.shape) != 2 or len(inputs) != 2:
        raise CheckpointError(path, "its class vectors are missing or no table", NOT_WHOLE)
    rows, length = vectors.shape
    centroids = len(mean.shape) == 2
    return {
        "z_dim": inputs[1] // 2,
        "num_classes": mean.shape[0] if centroids else min(mapping.get("c_dim", int, rows), rows),
        "embedding_rows": rows,
        "embedding_length": length,
        "class_centroids": centroids,
    }


def _find_stages(path: Path, synthesis: SavedSynthesis, values: dict[str, Any]) -> dict[str, Any]:
    """Return the config values of the stages, and of the widths where the file does not say what they follow from.

    Raises:
        CheckpointError: No stages give these layers.
    """
    for candidate in stylegan3.candidates(path, synthesis, values):
        stages = _Search(synthesis).find(path, candidate)
        if stages is not None:
            return {"channel_base": candidate["channel_base"]} | stages
    raise CheckpointError(path, "its layers are of no stem with stages that is known", NOT_WHOLE)


@dataclass
class _Search:
    """Looks for the stages of a synthesis, coarse to fine.

    Attributes:
        synthesis: What is to come out.
        laid_out: Layers made so far, which are bounded.
    """

    synthesis: SavedSynthesis
    laid_out: int = 0

    def find(self, path: Path, values: dict[str, Any]) -> dict[str, Any] | None:
        """Return the config values of the stages on top of `values`, None where no stages give these layers."""
        for resolution, count in product(self._stems(), self._stem_layers(values["num_critical"])):
            stem = {"resolution": resolution, "num_layers": count, "head_clamp": clamp_of(self.synthesis.layers[-1])}
            config = stylegan3.make_config(path, StyleGANXLConfig, values | stem)
            plan = self._try(partial(plan_stem, config, resolution))
            for stages in self._go_on(config, plan, resolution):
                factors, heads = tuple(stages[::2]), tuple(stages[1::2])
                whole = {"resolution": self.synthesis.resolution, "up_factors": factors, "head_layers": heads}
                return stem | whole
        return None

    def _stems(self) -> Iterator[int]:
        """Resolutions that the stem may have: what it was made with, else all that divide."""
        said = self.synthesis.setting("img_resolution", 0)
        resolution = self.synthesis.resolution
        if said >= 4 and resolution % said == 0:
            yield said
        for shift in range(11):
            if resolution % (1 << shift) == 0 and resolution >> shift >= 4:
                yield resolution >> shift

    def _stem_layers(self, num_critical: int) -> Iterator[int]:
        """Layers that the stem may have had; names skip one number where it was cut the first time."""
        said = self.synthesis.setting("num_layers", 0)
        kept = next((index for index, name in enumerate(self.synthesis.names) if not name.startswith(f"L{index}_")), 0)
        whole = len(self.synthesis.names) - 1
        yield from dict.fromkeys(count for count in (kept + num_critical if kept else whole, said) if count)

    def _go_on(self, config: StyleGANXLConfig, plan: SynthesisPlan | None, resolution: int) -> Iterator[list[int]]:
        """Yield all stages, as factor and count in turn, that lead from a plan to the layers of the file."""
        if plan is None:
            return
        if resolution == self.synthesis.resolution:
            if agrees(plan, self.synthesis):
                yield []
            return
        kept = [layer for layer in plan.layers if not layer.critical]
        if not all(map(layer_agrees, kept, self.synthesis.names, self.synthesis.layers)):
            return
        for factor, count in self._stages(resolution, len(self.synthesis.names) - len(kept), config.num_critical):
            finer = resolution * factor
            extended = self._try(partial(add_stage, config, plan, finer, count))
            for stages in self._go_on(config, extended, finer):
                yield [factor, count, *stages]

    def _stages(self, resolution: int, left: int, num_critical: int) -> Iterator[tuple[int, int]]:
        """Yield factors and counts that a next stage may have when so many layers are left; the last takes them all."""
        most = min(left - _FEWEST - 1 + num_critical, _MOST_IN_STAGE)
        for factor in _FACTORS:
            finer = resolution * factor
            if finer == self.synthesis.resolution and _FEWEST < left <= _MOST_IN_STAGE + 1:
                yield factor, left - 1
            elif finer < self.synthesis.resolution:
                counts = sorted(range(_FEWEST, most + 1), key=lambda count: abs(count - _USUAL))
                yield from ((factor, count) for count in counts)

    def _try(self, lay_out: Callable[[], SynthesisPlan]) -> SynthesisPlan | None:
        """Lay out, unless the numbers contradict each other or too much was tried."""
        if self.laid_out > _MOST_LAID_OUT:
            return None
        try:
            plan = lay_out()
        except NetworkConfigError:
            self.laid_out += 1
            return None
        self.laid_out += len(plan.layers)
        return plan
