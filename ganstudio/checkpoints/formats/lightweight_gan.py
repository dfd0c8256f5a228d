"""What lucidrains' lightweight-gan saves; see `lucidrains_files`."""

import re
from typing import Any

from ganstudio.checkpoints.base import FORMATS, Assumptions, OpenedFile
from ganstudio.checkpoints.layouts.generator_found import GeneratorFound, Layout, RecognisedFormat
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
    return found is not None and "G.initial_conv.0.weight" in found and "G.out_conv.weight" in found


def _find(file: OpenedFile, assumptions: Assumptions) -> GeneratorFound:  # noqa: ARG001 - it says all
    everything = networks_in(file)
    assert everything is not None  # noqa: S101 - detected before
    averaged = everything.has_prefix("GE.")
    generator = everything.under("GE." if averaged else "G.")
    version = version_of(file)
    config = _config(file, generator, version)
    return GeneratorFound(
        "lightweight_gan",
        config,
        GeneratorSpec(config["z_dim"], config["resolution"], config["channels"], output_range=(0.0, 1.0)),
        generator.sources(skip=("0.1.f",)),
        list_components(everything),
        collect_facts(version, averaged),
        warnings=("noise is left out here, the original adds it anew to each picture",) if config["noise"] else (),
    )


def _config(file: OpenedFile, generator: Layout, version: str) -> dict[str, Any]:
    count = 0
    while generator.has_prefix(f"layers.{count}.0."):
        count += 1
    if not count:
        raise generator.misfit("its generator has no layers")
    kernel = 4 if "layers.0.0.2.1.weight" in generator else 3
    name = "2.1.weight" if kernel == 4 else "2.weight"
    widths = tuple(generator.shape(f"layers.{index}.0.{name}", 4)[0] // 2 for index in range(count))
    channels = generator.shape("out_conv.weight", 4)[0]
    require_shown(file, channels, (1, 3))
    attention = tuple(index for index in range(count) if generator.has_prefix(f"layers.{index}.2."))
    older = any(re.match(r"layers\.\d+\.3\.", name) for name in generator.tensors)  # a spatial excitation before it
    if any(f"layers.{index}.2.norm.g" not in generator for index in attention) or older:
        raise old_attention(file)
    local = any(f"layers.{index}.2.fn.to_lin_q.weight" in generator for index in attention)
    return {
        "resolution": 4 << count,
        "channels": channels,
        "z_dim": generator.shape("initial_conv.0.weight", 4)[0],
        "widths": widths,
        "attention": attention,
        "attention_kind": "linear_and_local" if local else "linear",
        "excitation": "frequency" if "layers.1.1.dct_weights" in generator else "global_context",
        "upsampling": _upsampling(generator, version),
        "blurred": "layers.0.0.1.f" in generator,
        "kernel": kernel,
        "noise": "layers.0.0.4.weight" in generator,  # one module more before the normalisation
    }


def _upsampling(generator: Layout, version: str) -> str:
    if "layers.0.0.0.net.0.weight" in generator:
        return "pixel_shuffle"
    bilinear = is_older(version, (0, 21, 4)) and not is_older(version, (0, 21))
    return "bilinear" if bilinear else "nearest"


FORMATS.add("lightweight_gan", RecognisedFormat("lightweight_gan", _detects, _find))
