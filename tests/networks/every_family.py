"""One tiny generator of every family and of each way to take classes in, whose every tensor matters."""

import torch

from ganstudio.networks.catalogue import NETWORKS

STYLE = {"resolution": 16, "z_dim": 6, "w_dim": 7, "widths": (5, 4, 3), "mapping_widths": (9, 7), "label_width": 4}
ALIAS_FREE = {"resolution": 32, "z_dim": 6, "w_dim": 5, "num_layers": 4, "channel_base": 128, "channel_max": 6}
XL = {"resolution": 64, "up_factors": (2,), "head_layers": (4,), "embedding_rows": 4, "embedding_length": 7}
RESIDUAL = {"resolution": 16, "z_dim": 6, "first_width": 8, "layers": ("block", "block"), "widths": (8, 8)}
BIG = {"condition": "vector", "class_dim": 3, "latent_use": "split", "layers": ("block", "attention", "block"),
       "widths": (8, 8, 8)}  # fmt: skip
DEEP = {"condition": "vector", "class_dim": 3, "latent_use": "whole", "layers": ("deep", "deep_up", "deep_up"),
        "widths": (8, 8, 8)}  # fmt: skip
HEAD = {"kind": "linear", "inputs": 6, "outputs": 48}
TO_MAPS = {"kind": "reshape", "shape": [3, 4, 4]}
CONV = {"kind": "conv", "inputs": 3, "outputs": 3, "kernel": 3, "padding": 1}


def _joined(kind, **values):
    own = {"kind": kind, "classes": 3, **values}
    branches = {"kind": "branches", "how": "concat", "branches": [[], [own]]}
    return {"layers": (branches, {**HEAD, "inputs": 9}, TO_MAPS, CONV), "z_dim": 6}


CONDITIONAL = {
    "mlp": ("mlp", {"z_dim": 6, "hidden": 8, "layers": 2, "class_length": 3}),
    "dcgan": ("dcgan", {"resolution": 28, "z_dim": 6, "base_channels": 4, "class_length": 3, "full_channels": 4}),
    "stylegan1": ("stylegan1", STYLE),
    "stylegan2": ("stylegan2", STYLE),
    "stylegan2 joined": ("stylegan2", STYLE | {"label_bias": False}),
    "stylegan3": ("stylegan3", ALIAS_FREE),
    "stylegan_xl": ("stylegan_xl", ALIAS_FREE | XL),
    "stylegan_xl centroids": ("stylegan_xl", ALIAS_FREE | XL | {"class_centroids": True}),
    "r3gan": ("r3gan", {"z_dim": 6, "label_width": 5, "widths": (8, 8), "cardinalities": (4, 2), "blocks": (1, 1)}),
    "residual table": ("residual", RESIDUAL | {"condition": "classes"}),
    "biggan": ("residual", RESIDUAL | BIG),
    "biggan deep": ("residual", RESIDUAL | DEEP),
    "sequence one hot": ("sequence", _joined("one_hot")),
    "sequence embedding": ("sequence", _joined("embedding", length=3)),
    "sequence norm": (
        "sequence",
        {"layers": (HEAD, TO_MAPS, {"kind": "conditional_batch_norm", "features": 3, "classes": 3}, CONV), "z_dim": 6},
    ),
}
UNCONDITIONAL = {
    "fastgan": ("fastgan", {"resolution": 256, "z_dim": 6, "widths": (8, 8, 8, 4, 4, 2, 2)}),
    "lightweight_gan": ("lightweight_gan", {"resolution": 32, "z_dim": 8, "widths": (8, 8, 4), "attention": ()}),
    "lucidrains_stylegan2": ("lucidrains_stylegan2", {"resolution": 16, "z_dim": 8, "widths": (6, 5, 4)}),
}


def build(name, *, classes=3, **values):
    """A generator of `CONDITIONAL` or `UNCONDITIONAL`, ready to draw."""
    family, own = {**CONDITIONAL, **UNCONDITIONAL}[name]
    architecture = NETWORKS[family]
    more = {"num_classes": classes} if name in CONDITIONAL else {}
    config = architecture.make_config({**own, **more, **values})
    random = torch.Generator().manual_seed(0)
    with torch.random.fork_rng():
        torch.manual_seed(0)  # torch draws biases of described layers
        generator = architecture.build_generator(config, random).eval()
    with torch.no_grad():
        for key, tensor in generator.state_dict().items():
            if key.endswith(("bias", "strength", "average", "reduce.weight", "noise_strength", "_bias")):
                tensor.add_(torch.randn(tensor.shape, generator=random) * 0.4)
            elif key.endswith(("gain.weight", "shift.weight", "embedding.weight", "classes.weight")):
                tensor.add_(torch.randn(tensor.shape, generator=random) * 0.5)
            elif key.endswith(".weight") and float(tensor.abs().max()) < 0.2:  # drawn small, as DCGAN does
                tensor.mul_(8)
    return generator.requires_grad_(requires_grad=False)


def latents(generator, count=2):
    """z `(count, z_dim)`, the same each time."""
    return torch.randn(count, generator.spec.z_dim, generator=torch.Generator().manual_seed(1))
