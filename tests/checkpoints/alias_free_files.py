"""StyleGAN3, StyleGAN-XL and R3GAN as NVlabs' programs and their descendants keep them; weights of our own."""

from ganstudio.networks.alias_free.schedule import plan_synthesis
from tests.checkpoints.nvlabs_files import module

R3GAN_PARTS = {
    "expand.weight": ("LinearLayer1", "Layer", "weight"),
    "mix.weight": ("LinearLayer2", "Layer", "weight"),
    "reduce.weight": ("LinearLayer3", "Layer", "weight"),
    "first_bias": ("NonLinearity1", "Bias"),
    "second_bias": ("NonLinearity2", "Bias"),
    "project.weight": ("LinearLayer", "Layer", "weight"),
    "filter": ("Resampler", "Kernel"),
}


def alias_free_generator(generator, config, **init_kwargs):
    """What stylegan3 and stylegan-xl keep of our AliasFreeGenerator; init_kwargs are those of the synthesis."""
    state = {name: tensor.numpy() for name, tensor in generator.state_dict().items()}
    layers = plan_synthesis(config).layers
    children = {"input": _features(state, config)}
    for index, layer in enumerate(layers):
        before, after = layer.padding
        children[layer.name] = _module(
            "SynthesisLayer",
            _under(state, f"synthesis.layers.{index}."),
            {"magnitude_ema", "up_filter", "down_filter"},
            conv_clamp=layer.clamp or None,
            up_factor=layer.up,
            down_factor=layer.down,
            padding=[before, after, before, after],
            out_cutoff=layer.target.cutoff,
        )
    synthesis = module("SynthesisNetwork", children=children, _init_kwargs=init_kwargs, output_scale=0.25)
    return module("Generator", children={"synthesis": synthesis, "mapping": _mapping(state, config)})


def arguments(config, **changes):
    """What the synthesis of a StyleGAN3, or the stem of a StyleGAN-XL, was made with."""
    made_with = {
        "img_resolution": getattr(config, "stem_resolution", config.resolution),
        "channel_base": config.channel_base,
        "channel_max": config.channel_max,
        "num_layers": config.num_layers,
        "num_critical": config.num_critical,
        "margin_size": config.margin,
        "filter_size": config.filter_size,
        "lrelu_upsampling": config.lrelu_upsampling,
        "output_scale": config.output_scale,
    }
    return made_with | changes


def r3gan_generator(generator, **attributes):
    """What R3GAN keeps of our R3GANGenerator."""
    names = {"to_picture.weight": ("AggregationLayer", "Layer", "weight"), "label.weight": ("EmbeddingLayer", "weight"),
             "basis.pictures": ("MainLayers", "0", "Layers", "0", "Basis"),
             "basis.project.weight": ("MainLayers", "0", "Layers", "0", "LinearLayer", "weight")}  # fmt: skip
    tree = {}
    for name, tensor in generator.state_dict().items():
        place = names.get(name) or _r3gan_place(name)
        node = tree
        for part in place[:-1]:
            node = node.setdefault(part, {})
        node[place[-1]] = tensor.numpy()
    core = _nest(tree)
    for stage in core.state["_modules"]["MainLayers"].state["_modules"].values():
        stage.state.update(attributes)
    return module("Generator", children={"Model": core})


def _r3gan_place(name):
    _, stage, part, *rest = name.split(".")
    if part == "transition":
        return ("MainLayers", stage, "Layers", "0", *R3GAN_PARTS[".".join(rest)])
    return ("MainLayers", stage, "Layers", str(int(rest[0]) + 1), *R3GAN_PARTS[".".join(rest[1:])])


def _nest(tree):
    children = {name: _nest(node) for name, node in tree.items() if isinstance(node, dict)}
    tensors = {name: node for name, node in tree.items() if not isinstance(node, dict)}
    buffers = {name: tensors.pop(name) for name in ("Kernel",) if name in tensors}
    return module("Part", tensors, buffers, children)


def _features(state, config):
    tensors = _under(state, "synthesis.features.")
    return _module("SynthesisInput", tensors, {"transform", "freqs", "phases"}, bandwidth=config.first_cutoff)


def _mapping(state, config):
    children = {
        f"fc{index}": _module("FullyConnectedLayer", _under(state, f"mapping.layers.{index}."), bias_gain=0.01)
        for index in range(config.mapping_layers)
    }
    pretrained = _under(state, "mapping.label.embedding.")
    if pretrained:
        children["embed"] = _module("Embedding", pretrained)
        children["embed_proj"] = _module("FullyConnectedLayer", _under(state, "mapping.label.project."))
    elif config.num_classes:
        children["embed"] = _module("FullyConnectedLayer", _under(state, "mapping.label."))
    buffers = {"w_avg": state["average"]}
    return module("MappingNetwork", buffers=buffers, children=children, c_dim=config.num_classes)


def _module(class_name, tensors, buffers=(), **attributes):
    """A module of flat tensors, those under "affine." in a child."""
    own = {name: value for name, value in tensors.items() if "." not in name}
    affine = _under(tensors, "affine.")
    children = {"affine": module("FullyConnectedLayer", affine)} if affine else {}
    kept = {name: own.pop(name) for name in buffers if name in own}
    return module(class_name, own, kept, children, **attributes)


def _under(state, prefix):
    return {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}
