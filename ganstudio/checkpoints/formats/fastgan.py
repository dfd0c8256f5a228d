"""What FastGAN-pytorch saves: `{it}.pth` with `g` and `d`, and `all_{it}.pth` with optimisers and `g_ema` beside them.

In the small file `g` is the moving average already. In the large one `g` is as trained, and `g_ema` is a LIST of
tensors, the averaged parameters in the order of `g`; statistics of normalisation and spectral norms are then `g`'s.
"""

import re
from dataclasses import replace
from typing import Any

from ganstudio.checkpoints.base import FORMATS, Assumptions, ComponentInfo, OpenedFile
from ganstudio.checkpoints.layouts.generator_found import GeneratorFound, Layout, RecognisedFormat, assumed_choice
from ganstudio.checkpoints.layouts.spectral_norm import without_spectral_norm
from ganstudio.checkpoints.tree import TensorData
from ganstudio.checkpoints.wrappers import StateDict, find_state_dicts
from ganstudio.networks.spec import GeneratorSpec

_KEPT = ("running_mean", "running_var", "num_batches_tracked", "weight_u", "weight_v")
_SIZES = (4, 8, 16, 32, 64, 128, 256, 512, 1024)


def _generator(file: OpenedFile) -> StateDict | None:
    for part in find_state_dicts(file.tree):
        names = part.tensors.keys()
        stem = any(name in names for name in ("init.init.0.weight_orig", "init.init.0.weight"))
        if stem and any(name.startswith("se_64.main.1.") for name in names):
            return part
    return None


def _detects(file: OpenedFile) -> bool:
    return _generator(file) is not None


def _find(file: OpenedFile, assumptions: Assumptions) -> GeneratorFound:
    part = _generator(file)
    assert part is not None  # noqa: S101 - detected before
    trained = Layout(file.path, part.tensors)
    average = _average(file)
    generator = trained if average is None else _with_average(trained, average)
    plain = without_spectral_norm(generator, lambda layer: layer == "init.init.0")
    config = _config(plain)
    default = "tanh" if config["resolution"] == 1024 else "linear"
    choices = (default, *({"tanh", "linear"} - {default}))
    config["tanh"] = assumed_choice(file.path, assumptions, "output", choices) == "tanh"
    skipped = re.compile(r"to_128\.")  # the small picture that only training looks at
    weights = {name: source for name, source in plain.sources().items() if not skipped.match(name)}
    return GeneratorFound(
        "fastgan",
        config,
        GeneratorSpec(config["z_dim"], config["resolution"], config["channels"]),
        weights,
        _components(file, part, trained, average),
        {"weights": "moving average (list g_ema)" if average is not None else "as in g"},
        1.0,
        (
            "noise is left out here, the original adds it anew to each picture",
            "stored statistics normalise here; the original's eval.py takes those of each batch",
        ),
    )


def _average(file: OpenedFile) -> list[TensorData] | None:
    average = file.tree.get("g_ema") if isinstance(file.tree, dict) else None
    if not isinstance(average, list | tuple) or not average:
        return None
    tensors = [value for value in average if isinstance(value, TensorData)]
    return tensors if len(tensors) == len(average) else None


def _with_average(trained: Layout, average: list[TensorData]) -> Layout:
    learned = [name for name in trained.tensors if not name.endswith(_KEPT)]
    if len(learned) != len(average):
        raise trained.misfit(f"its list g_ema has {len(average)} tensors, its generator {len(learned)} parameters")
    for name, tensor in zip(learned, average, strict=True):
        if tensor.shape != trained.tensors[name].shape:
            raise trained.misfit(f"its list g_ema does not fit its generator at {name!r}")
    return replace(trained, tensors={**trained.tensors, **dict(zip(learned, average, strict=True))})


def _config(plain: Layout) -> dict[str, Any]:
    latent, doubled, *_ = plain.shape("init.init.0.weight", 4)
    sizes = [size for size in _SIZES if plain.has_prefix(f"feat_{size}.")]
    widths = (doubled, *(plain.shape(f"feat_{size}.1.weight", 4)[0] for size in sizes))
    return {
        "resolution": _SIZES[min(len(widths), len(_SIZES)) - 1],
        "channels": plain.shape("to_big.weight", 4)[0],
        "z_dim": latent,
        "widths": tuple(width // 2 for width in widths),
    }


def _components(
    file: OpenedFile, part: StateDict, trained: Layout, average: list[TensorData] | None
) -> dict[str, ComponentInfo]:
    components = {part.place or "g": trained.component("generator", "Generator")}
    if average is not None:
        components["g_ema"] = ComponentInfo("generator", "list", sum(tensor.count for tensor in average))
    for other in find_state_dicts(file.tree):
        if other.role == "discriminator":
            judge = Layout(file.path, other.tensors)
            components[other.place] = judge.component("discriminator", "Discriminator")
    return components


FORMATS.add("fastgan", RecognisedFormat("fastgan", _detects, _find))
