"""The shapes of all tensors of an alias-free generator, by the names that our network gives them; free of torch."""

from collections.abc import Iterator

from ganstudio.networks.alias_free.config import StyleGAN3Config, StyleGANXLConfig
from ganstudio.networks.alias_free.schedule import LayerPlan, SynthesisPlan

Shape = tuple[int, ...]


def generator_shapes(config: StyleGAN3Config, plan: SynthesisPlan) -> dict[str, Shape]:
    """List what `state_dict` of the generator of `config`, whose synthesis is laid out as `plan`, holds."""
    shapes: dict[str, Shape] = {"average": config.mean_shape}
    shapes |= dict(_label_shapes(config))
    inputs = config.z_dim + (config.label_width if config.num_classes else 0)
    for index in range(config.mapping_layers):
        shapes |= _dense(f"mapping.layers.{index}", inputs, config.w_dim)
        inputs = config.w_dim
    channels = plan.features.channels
    shapes |= {
        "synthesis.features.weight": (channels, channels),
        **_dense("synthesis.features.affine", config.w_dim, 4),
        "synthesis.features.transform": (3, 3),
        "synthesis.features.freqs": (channels, 2),
        "synthesis.features.phases": (channels,),
    }
    for index, layer in enumerate(plan.layers):
        shapes |= {f"synthesis.layers.{index}.{name}": shape for name, shape in layer_shapes(layer, config.w_dim)}
    return shapes


def layer_shapes(layer: LayerPlan, w_dim: int) -> Iterator[tuple[str, Shape]]:
    """Yield name and shape of each tensor of one layer."""
    inputs, outputs = layer.source.channels, layer.target.channels
    yield from _dense("affine", w_dim, inputs).items()
    yield "weight", (outputs, inputs, layer.kernel, layer.kernel)
    yield "bias", (outputs,)
    yield "magnitude_ema", ()
    if layer.up_taps > 1:
        yield "up_filter", (layer.up_taps,)
    if layer.down_taps > 1:
        yield "down_filter", (layer.down_taps,) * (2 if layer.radial else 1)


def _label_shapes(config: StyleGAN3Config) -> Iterator[tuple[str, Shape]]:
    if not config.num_classes:
        return
    if isinstance(config, StyleGANXLConfig):
        yield "mapping.label.embedding.weight", (config.embedding_rows, config.embedding_length)
        yield from _dense("mapping.label.project", config.embedding_length, config.label_width).items()
    else:
        yield from _dense("mapping.label", config.num_classes, config.label_width).items()


def _dense(name: str, inputs: int, outputs: int) -> dict[str, Shape]:
    return {f"{name}.weight": (outputs, inputs), f"{name}.bias": (outputs,)}
