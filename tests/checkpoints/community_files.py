"""Tiny files in the layouts of well-known GAN repositories, as trees of data with random weights.

Names and shapes are written out here by hand, as observed in real files, so that readers are not tested against
themselves.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ganstudio.checkpoints.opened_file import OpenedFile
from ganstudio.checkpoints.tree import Record, TensorData


@dataclass
class Weights:
    """Collects random tensors by name; buffers of normalisation come with their layer."""

    random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))
    tensors: dict[str, TensorData] = field(default_factory=dict)

    def put(self, name: str, *shape: int, scale: float | None = None) -> None:
        fan = max(int(np.prod(shape[1:])), 1)
        scale = 1 / np.sqrt(fan) if scale is None else scale
        values = self.random.standard_normal(shape) * scale
        self.tensors[name] = TensorData.of(np.asarray(values, np.float32))

    def layer(self, name: str, *shape: int, bias: bool = True, outputs: int | None = None) -> None:
        self.put(f"{name}.weight", *shape)
        if bias:
            self.put(f"{name}.bias", shape[0] if outputs is None else outputs, scale=0.1)

    def statistics(self, name: str, width: int, names: tuple[str, str] = ("running_mean", "running_var")) -> None:
        self.put(f"{name}.{names[0]}", width, scale=0.3)
        self.tensors[f"{name}.{names[1]}"] = TensorData.of(self.random.uniform(0.5, 1.5, width).astype(np.float32))

    def batch_norm(self, name: str, width: int) -> None:
        self.tensors[f"{name}.weight"] = TensorData.of(self.random.uniform(0.5, 1.5, width).astype(np.float32))
        self.put(f"{name}.bias", width, scale=0.1)
        self.statistics(name, width)
        self.tensors[f"{name}.num_batches_tracked"] = TensorData.of(np.array(3))

    def normalised_layer(self, name: str, *shape: int, bias: bool = False, transposed: bool = False) -> None:
        """A layer under torch's spectral norm."""
        outputs = shape[1] if transposed else shape[0]
        if bias:
            self.put(f"{name}.bias", outputs, scale=0.1)
        self.put(f"{name}.weight_orig", *shape)
        matrix = self.tensors[f"{name}.weight_orig"].array()
        matrix = (np.swapaxes(matrix, 0, 1) if transposed else matrix).reshape(outputs, -1)
        left, _, right = np.linalg.svd(matrix, full_matrices=False)
        self.tensors[f"{name}.weight_u"] = TensorData.of(left[:, 0].astype(np.float32))
        self.tensors[f"{name}.weight_v"] = TensorData.of(right[0].astype(np.float32))


def opened(tree: object) -> OpenedFile:
    """A file that holds a tree, without the detour over bytes."""
    file = OpenedFile(Path("model.pt"), b"")
    file.__dict__["tree"] = tree
    return file


def lucidrains_stylegan2(seed: int = 0, attention: tuple[int, ...] = (1,)) -> dict:
    """16 px, latent 6, two mapping layers; G and its average, S and its average, D."""
    weights = Weights(np.random.default_rng(seed))
    widths = (8, 6, 4)
    for prefix in ("S.", "SE."):
        for index in (0, 2):
            weights.layer(f"{prefix}net.{index}", 6, 6)
    for prefix in ("G.", "GE."):
        weights.put(f"{prefix}initial_block", 1, widths[0], 4, 4)
        weights.layer(f"{prefix}initial_conv", widths[0], widths[0], 3, 3)
        for index, width in enumerate(widths):
            _lucidrains_block(weights, f"{prefix}blocks.{index}.", widths[max(index - 1, 0)], width, last=index == 2)
        for index in attention:
            _lucidrains_attention(weights, f"{prefix}attns.{index}.", widths[max(index - 1, 0)])
    weights.layer("D.to_logit", 1, 5)
    return {"GAN": weights.tensors, "version": "1.8.11"}


def _lucidrains_block(weights: Weights, name: str, inputs: int, width: int, last: bool) -> None:
    for number, channels in ((1, inputs), (2, width)):
        weights.layer(f"{name}to_style{number}", channels, 6)
        weights.layer(f"{name}to_noise{number}", width, 1)
        weights.put(f"{name}conv{number}.weight", width, channels, 3, 3)
    weights.layer(f"{name}to_rgb.to_style", width, 6)
    weights.put(f"{name}to_rgb.conv.weight", 3, width, 1, 1)
    if not last:
        weights.tensors[f"{name}to_rgb.upsample.1.f"] = TensorData.of(np.array([1, 2, 1], np.float32))


def _lucidrains_attention(weights: Weights, name: str, width: int) -> None:
    for half in ("0.fn.norm.", "1.fn.norm."):
        weights.put(f"{name}{half}g", 1, width, 1, 1)
        weights.put(f"{name}{half}b", 1, width, 1, 1)
    weights.put(f"{name}0.fn.fn.to_q.weight", 512, width, 1, 1)
    weights.put(f"{name}0.fn.fn.to_kv.net.0.weight", width, 1, 3, 3)
    weights.put(f"{name}0.fn.fn.to_kv.net.1.weight", 1024, width, 1, 1)
    weights.layer(f"{name}0.fn.fn.to_out", width, 512, 1, 1)
    weights.layer(f"{name}1.fn.fn.0", width * 2, width, 1, 1)
    weights.layer(f"{name}1.fn.fn.2", width, width * 2, 1, 1)


def lightweight_gan(seed: int = 0, attention: tuple[int, ...] = (0,), channels: int = 3) -> dict:
    """128 px (so that one layer excites another), latent 6."""
    weights = Weights(np.random.default_rng(seed))
    widths = (8, 6, 6, 4, 4)
    for prefix in ("G.", "GE."):
        weights.layer(f"{prefix}initial_conv.0", 6, 12, 4, 4, outputs=12)
        weights.batch_norm(f"{prefix}initial_conv.1", 12)
        for index, width in enumerate(widths):
            inputs = (6, *widths)[index]
            name = f"{prefix}layers.{index}."
            weights.layer(f"{name}0.0.net.0", inputs * 4, inputs, 1, 1)
            weights.layer(f"{name}0.2.1", width * 2, inputs, 4, 4)
            weights.put(f"{name}0.3.weight", 1)
            weights.batch_norm(f"{name}0.4", width * 2)
            if index in attention:
                _local_attention(weights, f"{name}2.", inputs)
        weights.layer(f"{prefix}layers.1.1.to_k", 1, widths[1], 1, 1)
        weights.layer(f"{prefix}layers.1.1.net.0", 3, widths[1], 1, 1)
        weights.layer(f"{prefix}layers.1.1.net.2", widths[4], 3, 1, 1)
        weights.layer(f"{prefix}out_conv", channels, widths[-1], 3, 3)
    weights.layer("D.to_logits.0", 4, 4, 1, 1)
    return {"GAN": weights.tensors, "version": "1.2.0", "G_scaler": {}, "D_scaler": {}}


def _local_attention(weights: Weights, name: str, width: int) -> None:
    weights.put(f"{name}norm.g", 1, width, 1, 1)
    weights.put(f"{name}norm.b", 1, width, 1, 1)
    weights.put(f"{name}fn.to_lin_q.weight", 512, width, 1, 1)
    weights.put(f"{name}fn.to_lin_kv.net.0.weight", width, 1, 3, 3)
    weights.put(f"{name}fn.to_lin_kv.net.1.weight", 1024, width, 1, 1)
    weights.put(f"{name}fn.to_q.weight", 512, width, 1, 1)
    weights.put(f"{name}fn.to_kv.weight", 1024, width, 1, 1)
    weights.layer(f"{name}fn.to_out", width, 1024, 1, 1)


FASTGAN_WIDTHS = {4: 16, 8: 8, 16: 4, 32: 2, 64: 2, 128: 1, 256: 1}


def fastgan(seed: int = 0, averaged: bool = True, prefix: str = "") -> dict:
    """256 px, latent 6, one or two maps late."""
    weights = Weights(np.random.default_rng(seed))
    widths = FASTGAN_WIDTHS
    weights.normalised_layer("init.init.0", 6, 32, 4, 4, transposed=True)
    weights.batch_norm("init.init.1", 32)
    for size in (8, 16, 32, 64, 128, 256):
        inputs, outputs = widths[size // 2], widths[size]
        weights.normalised_layer(f"feat_{size}.1", outputs * 2, inputs, 3, 3)
        double = size in (8, 32, 128)
        if double:
            weights.put(f"feat_{size}.2.weight", 1)
        weights.batch_norm(f"feat_{size}.{3 if double else 2}", outputs * 2)
        if double:
            weights.normalised_layer(f"feat_{size}.5", outputs * 2, outputs, 3, 3)
            weights.put(f"feat_{size}.6.weight", 1)
            weights.batch_norm(f"feat_{size}.7", outputs * 2)
    for size, source in ((64, 4), (128, 8), (256, 16)):
        weights.normalised_layer(f"se_{size}.main.1", widths[size], widths[source], 4, 4)
        weights.normalised_layer(f"se_{size}.main.3", widths[size], widths[size], 1, 1)
    weights.normalised_layer("to_128", 3, widths[128], 1, 1)
    weights.normalised_layer("to_big", 3, widths[256], 3, 3)
    judge = Weights(np.random.default_rng(1))
    judge.normalised_layer("down_from_big.0", 4, 3, 3, 3)
    tree: dict = {
        "g": {prefix + name: value for name, value in weights.tensors.items()},
        "d": {prefix + name: value for name, value in judge.tensors.items()},
    }
    if averaged:
        kept = ("running_mean", "running_var", "num_batches_tracked", "weight_u", "weight_v")
        learned = [value.array() for name, value in weights.tensors.items() if not name.endswith(kept)]
        tree["g_ema"] = [TensorData.of((value * 0.9).astype(np.float32)) for value in learned]
        tree["opt_g"] = {"state": {0: {"step": 3, "exp_avg": TensorData.of(learned[0])}}, "param_groups": []}
    return tree


@dataclass
class ResidualNames:
    """How a repository names the parts of a residual generator, and which layers are under spectral norm."""

    weights: Weights
    power_iterated: bool = False

    def layer(self, name: str, *shape: int, bias: bool = True, transposed: bool = False) -> None:
        if self.power_iterated:  # as BigGAN-PyTorch keeps it
            self.weights.layer(name, *shape, bias=bias)
            self.weights.put(f"{name}.u0", 1, shape[0])
            self.weights.put(f"{name}.sv0", 1)
        else:
            self.weights.normalised_layer(name, *shape, bias=bias, transposed=transposed)


def biggan(seed: int = 0, classes: int = 5, shared: int = 6, chunk: int = 2) -> dict:
    """32 px, z in four parts, attention at 16 px: a bare state_dict."""
    names = ResidualNames(Weights(np.random.default_rng(seed)), power_iterated=True)
    weights, width = names.weights, 8
    if shared:
        weights.put("shared.weight", classes, shared)
    names.layer("linear", width * 16, chunk if shared else 8)
    for index in range(3):
        block = f"blocks.{index}.0."
        names.layer(f"{block}conv1", width, width, 3, 3)
        names.layer(f"{block}conv2", width, width, 3, 3)
        names.layer(f"{block}conv_sc", width, width, 1, 1)
        for number in (1, 2):
            norm = f"{block}bn{number}"
            for part in ("gain", "bias"):
                if shared:
                    names.layer(f"{norm}.{part}", width, shared + chunk, bias=False)
                else:
                    weights.put(f"{norm}.{part}.weight", classes, width)
            weights.statistics(norm, width, ("stored_mean", "stored_var"))
    for part, outputs, inputs in (("theta", 1, 8), ("phi", 1, 8), ("g", 4, 8), ("o", 8, 4)):
        names.layer(f"blocks.1.1.{part}", outputs, inputs, 1, 1, bias=False)
    weights.put("blocks.1.1.gamma")
    weights.put("output_layer.0.gain", width, scale=1.0)
    weights.put("output_layer.0.bias", width, scale=0.1)
    weights.statistics("output_layer.0", width, ("stored_mean", "stored_var"))
    names.layer("output_layer.2", 3, width, 3, 3)
    return dict(weights.tensors)


def biggan_deep(seed: int = 0) -> dict:
    """32 px, two blocks for each size, z and the class everywhere."""
    names = ResidualNames(Weights(np.random.default_rng(seed)), power_iterated=True)
    weights, width, shared, latent = names.weights, 8, 5, 4
    weights.put("shared.weight", 6, shared)
    names.layer("linear", width * 16, latent + shared)
    for index in range(6):
        block = f"blocks.{index}.0."
        for number, (outputs, inputs, kernel) in enumerate(((2, 8, 1), (2, 2, 3), (2, 2, 3), (8, 2, 1)), 1):
            names.layer(f"{block}conv{number}", outputs, inputs, kernel, kernel)
            norm = f"{block}bn{number}"
            names.layer(f"{norm}.gain", inputs, latent + shared, bias=False)
            names.layer(f"{norm}.bias", inputs, latent + shared, bias=False)
            weights.statistics(f"{norm}.bn", inputs, ("stored_mean", "stored_var"))
            weights.put(f"{norm}.bn.accumulation_counter", 1)
    weights.put("output_layer.0.gain", width, scale=1.0)
    weights.put("output_layer.0.bias", width, scale=0.1)
    weights.statistics("output_layer.0.bn", width, ("stored_mean", "stored_var"))
    names.layer("output_layer.2", 3, width, 3, 3)
    return dict(weights.tensors)


def mimicry(seed: int = 0, classes: int = 0, attention: bool = False, first_size: int = 4) -> dict:
    """32 px (48 where the first maps are of 6x6), latent 5; with attention all layers are under spectral norm."""
    weights = Weights(np.random.default_rng(seed))
    layer = weights.normalised_layer if attention else weights.layer
    width = 8
    layer("l1", width * first_size**2, 5, bias=True)
    for index in (2, 3, 4):
        block = f"block{index}."
        layer(f"{block}c1", width, width, 3, 3, bias=True)
        layer(f"{block}c2", width, width, 3, 3, bias=True)
        for number in (1, 2):
            if classes:
                weights.statistics(f"{block}b{number}.bn", width)
                weights.put(f"{block}b{number}.embed.weight", classes, width * 2)
            else:
                weights.batch_norm(f"{block}b{number}", width)
        layer(f"{block}c_sc", width, width, 1, 1, bias=True)
    weights.batch_norm("b5", width)
    layer("c5", 3, width, 3, 3, bias=True)
    if attention:
        for part, outputs, inputs in (("theta", 1, 8), ("phi", 1, 8), ("g", 4, 8), ("o", 8, 4)):
            layer(f"attn_block.{part}", outputs, inputs, 1, 1, bias=False)
        weights.put("attn_block.gamma")
    optimiser = {"state": {0: {"step": 7, "exp_avg": TensorData.of(np.zeros(3, np.float32))}}, "param_groups": []}
    return {"model_state_dict": weights.tensors, "optimizer_state_dict": optimiser, "global_step": 7}


def studiogan(seed: int = 0, classes: int = 4, shared: int = 6) -> dict:
    """big_resnet of 32 px: z in four parts of 2, the class embedded; without `shared` a resnet of one-hot classes."""
    weights = Weights(np.random.default_rng(seed))
    width, chunk = 8, 2
    weights.normalised_layer("linear0", width * 16, chunk if shared else 5, bias=True)
    if shared:
        weights.put("shared.weight", classes, shared)
    for index in (0, 1, 3):
        block = f"blocks.{index}.0."
        for number in (1, 2):
            norm = f"{block}bn{number}"
            weights.statistics(f"{norm}.bn", width)
            for part in ("gain", "bias"):
                weights.normalised_layer(f"{norm}.{part}", width, shared + chunk if shared else classes)
        weights.normalised_layer(f"{block}conv2d0", width, width, 1, 1, bias=True)
        weights.normalised_layer(f"{block}conv2d1", width, width, 3, 3, bias=True)
        weights.normalised_layer(f"{block}conv2d2", width, width, 3, 3, bias=True)
    for part, outputs, inputs in (("theta", 1, 8), ("phi", 1, 8), ("g", 4, 8), ("attn", 8, 4)):
        weights.normalised_layer(f"blocks.2.0.conv1x1_{part}", outputs, inputs, 1, 1)
    weights.put("blocks.2.0.sigma", 1)
    weights.batch_norm("bn4", width)
    weights.normalised_layer("conv2d5", 3, width, 3, 3, bias=True)
    return {"state_dict": weights.tensors, "optimizer": {"state": {}, "param_groups": []}, "step": 9}


def studiogan_deep_conv(seed: int = 0) -> dict:
    """deep_conv of 32 px without classes."""
    weights = Weights(np.random.default_rng(seed))
    weights.layer("linear0", 16 * 16, 5)
    for index, (inputs, outputs) in enumerate(((16, 8), (8, 8), (8, 4))):
        weights.layer(f"blocks.{index}.0.deconv0", inputs, outputs, 4, 4, outputs=outputs)
        weights.batch_norm(f"blocks.{index}.0.bn0", outputs)
    weights.layer("conv4", 3, 4, 3, 3)
    return {"state_dict": weights.tensors}


def gan_zoo(seed: int = 0, alpha: float = 0.0, **settings: object) -> dict:
    """A progressive GAN of 16 px, latent 6; its config is an object of a class that nobody here knows."""
    states = {}
    for number, name in enumerate(("netG", "avgG")):
        weights = Weights(np.random.default_rng(seed + number))
        weights.put("formatLayer.module.weight", 8 * 16, 6, scale=1.0)
        weights.put("formatLayer.module.bias", 8 * 16, scale=0.1)
        convolutions = {"groupScale0.0": (8, 8, 3), "toRGBLayers.0": (3, 8, 1)}
        for scale, (inputs, outputs) in enumerate(((8, 6), (6, 4))):
            convolutions[f"scaleLayers.{scale}.0"] = (outputs, inputs, 3)
            convolutions[f"scaleLayers.{scale}.1"] = (outputs, outputs, 3)
            convolutions[f"toRGBLayers.{scale + 1}"] = (3, outputs, 1)
        for place, (outputs, inputs, kernel) in convolutions.items():
            weights.put(f"{place}.module.weight", outputs, inputs, kernel, kernel, scale=1.0)
            weights.put(f"{place}.module.bias", outputs, scale=0.1)
        states[name] = weights.tensors
    judge = Weights()
    judge.layer("fromRGBLayers.0.module", 4, 3, 1, 1)
    config = {"alpha": alpha, "leakyReluLeak": 0.2, "lossCriterion": "WGANGP", "equalizedlR": True, **settings}
    return {"config": Record("models.utils.config.BaseConfig", (), config), "netD": judge.tensors, **states}


def gan_zoo_dcgan(seed: int = 0, averaged: bool = True) -> dict:
    """16 px, latent 5, one block between first and last; statistics of the average as they were made."""
    tree: dict = {"config": Record("models.utils.config.BaseConfig", (), {"lossCriterion": "DCGAN"})}
    for number, name in enumerate(("netG", "avgG")[: 2 if averaged else 1]):
        weights = Weights(np.random.default_rng(seed + number))
        weights.put("formatLayer.weight", 5, 8, 4, 4)
        weights.batch_norm("main.batchNorm0", 8)
        weights.put("main.convTranspose1.weight", 8, 4, 4, 4)
        weights.batch_norm("main.batchNorm1", 4)
        weights.put("main.outlayer.weight", 4, 3, 4, 4)
        if name == "avgG":
            for index, width in enumerate((8, 4)):
                weights.tensors[f"main.batchNorm{index}.running_mean"] = TensorData.of(np.zeros(width, np.float32))
                weights.tensors[f"main.batchNorm{index}.running_var"] = TensorData.of(np.ones(width, np.float32))
        tree[name] = weights.tensors
    return tree


def pretrained_biggan(seed: int = 0) -> dict:
    """32 px, latent 4, six classes with vectors of 5, statistics of three truncations: a bare state_dict."""
    weights = Weights(np.random.default_rng(seed))
    width, latent, shared = 8, 4, 5
    weights.put("embeddings.weight", shared, 6)
    weights.normalised_layer("generator.gen_z", width * 16, latent + shared, bias=True)
    for index in range(6):
        block = f"generator.layers.{index}."
        for number, (outputs, inputs, kernel) in enumerate(((2, 8, 1), (2, 2, 3), (2, 2, 3), (8, 2, 1))):
            weights.normalised_layer(f"{block}conv_{number}", outputs, inputs, kernel, kernel, bias=True)
            norm = f"{block}bn_{number}"
            weights.put(f"{norm}.running_means", 3, inputs)
            weights.tensors[f"{norm}.running_vars"] = TensorData.of(np.ones((3, inputs), np.float32))
            weights.normalised_layer(f"{norm}.scale", inputs, latent + shared)
            weights.normalised_layer(f"{norm}.offset", inputs, latent + shared)
    weights.put("generator.bn.weight", width, scale=1.0)
    weights.put("generator.bn.bias", width, scale=0.1)
    weights.put("generator.bn.running_means", 3, width)
    weights.tensors["generator.bn.running_vars"] = TensorData.of(np.ones((3, width), np.float32))
    weights.normalised_layer("generator.conv_to_rgb", width, width, 3, 3, bias=True)
    return dict(weights.tensors)


BUILDERS = {
    "lucidrains_stylegan2": lucidrains_stylegan2,
    "lightweight_gan": lightweight_gan,
    "fastgan": fastgan,
    "biggan": biggan,
    "mimicry": mimicry,
    "studiogan": studiogan,
    "gan_zoo": gan_zoo,
    "pretrained_biggan": pretrained_biggan,
}
"""By the name of the format that must recognise what they build."""

VARIANTS = {
    "biggan deep": biggan_deep,
    "biggan of tables": lambda: biggan(shared=0),
    "mimicry sagan": lambda: mimicry(classes=3, attention=True),
    "mimicry cgan_pd": lambda: mimicry(classes=3),
    "mimicry 48": lambda: mimicry(first_size=6),
    "studiogan resnet": lambda: studiogan(shared=0),
    "studiogan deep_conv": studiogan_deep_conv,
    "gan_zoo fading": lambda: gan_zoo(alpha=0.3),
    "gan_zoo dcgan": gan_zoo_dcgan,
    "fastgan trained": lambda: fastgan(averaged=False),
    "lightweight_gan grey": lambda: lightweight_gan(attention=(), channels=1),
}
"""More files, by the format's name and a word more."""
