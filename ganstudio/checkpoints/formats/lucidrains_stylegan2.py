"""What lucidrains' stylegan2-pytorch saves; see `lucidrains_files`."""

import re
from typing import Any

from ganstudio.checkpoints.base import FORMATS, Assumptions, OpenedFile
from ganstudio.checkpoints.layouts.generator_found import (
    GeneratorFound,
    Layout,
    RecognisedFormat,
    assumed_choice,
    assumed_number,
)
from ganstudio.checkpoints.layouts.lucidrains_files import (
    collect_facts,
    is_older,
    list_components,
    networks_in,
    old_attention,
    require_shown,
    version_of,
)
from ganstudio.networks.spec import GeneratorSpec


def _detects(file: OpenedFile) -> bool:
    found = networks_in(file)
    return found is not None and "G.initial_conv.weight" in found and "S.net.0.weight" in found


def _rename(name: str) -> str:
    """Leave out the shortcut around each half of attention, which has no weights of its own."""
    return re.sub(r"^(attns\.\d+\.\d+\.)fn\.", r"\1", name)


def _find(file: OpenedFile, assumptions: Assumptions) -> GeneratorFound:
    everything = networks_in(file)
    assert everything is not None  # noqa: S101 - detected before
    averaged = everything.has_prefix("GE.") and everything.has_prefix("SE.")
    mapping = everything.under("SE." if averaged else "S.")
    synthesis = everything.under("GE." if averaged else "G.")
    version = version_of(file)
    config = _config(file, mapping, synthesis, version)
    config["mapping_lr"] = assumed_number(
        file.path, assumptions, "lr_mlp", 1.0 if is_older(version, (1, 5, 9)) else 0.1
    )
    config["noise"] = assumed_choice(file.path, assumptions, "noise", ("seeded", "none"))
    spec = GeneratorSpec(
        config["z_dim"],
        config["resolution"],
        3,
        w_dim=config["z_dim"],
        num_ws=len(config["widths"]),
        output_range=(0.0, 1.0),
    )
    warnings = ["noise is drawn once from a fixed seed here (noise=none leaves it out), anew each time in the original"]
    if "lr_mlp" not in assumptions:
        warnings.append(
            f"the factor of the mapping layers is not in the file; lr_mlp={config['mapping_lr']} is assumed"
        )
    return GeneratorFound(
        "lucidrains_stylegan2",
        config,
        spec,
        {
            **{f"S.{name}": source for name, source in mapping.sources().items()},
            **{f"G.{_rename(name)}": source for name, source in synthesis.sources(skip=("upsample.1.f",)).items()},
        },
        list_components(everything),
        collect_facts(version, averaged),
        0.9,
        tuple(warnings),
    )


def _config(file: OpenedFile, mapping: Layout, synthesis: Layout, version: str) -> dict[str, Any]:
    blocks = synthesis.count("blocks.", ".conv1.weight")
    if not blocks:
        raise synthesis.misfit("its generator has no blocks")
    widths = tuple(synthesis.shape(f"blocks.{index}.conv1.weight", 4)[0] for index in range(blocks))
    require_shown(file, synthesis.shape(f"blocks.{blocks - 1}.to_rgb.conv.weight", 4)[0], (3,))
    attention = tuple(index for index in range(blocks) if synthesis.has_prefix(f"attns.{index}."))
    if any(f"attns.{index}.0.fn.norm.g" not in synthesis for index in attention):
        raise old_attention(file)
    layers = 0
    while f"net.{2 * layers}.weight" in mapping:
        layers += 1
    return {
        "resolution": 4 << (blocks - 1),
        "z_dim": mapping.shape("net.0.weight", 2)[1],
        "mapping_layers": layers,
        "normalise_z": not is_older(version, (0, 18, 5)),
        "widths": widths,
        "attention": attention,
        "learned_constant": "initial_block" in synthesis,
        "blur_rgb": "blocks.0.to_rgb.upsample.1.f" in synthesis,
    }


FORMATS.add("lucidrains_stylegan2", RecognisedFormat("lucidrains_stylegan2", _detects, _find))
