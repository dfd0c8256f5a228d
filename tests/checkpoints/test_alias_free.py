"""StyleGAN3, StyleGAN-XL and R3GAN come back from NVlabs' layout as they were; what does not fit is refused."""

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.base import CheckpointError
from ganstudio.checkpoints.building import GeneratorFile, build_generator, save_generator
from ganstudio.checkpoints.catalogue import read
from ganstudio.checkpoints.formats.nvlabs import NVlabsFormat
from ganstudio.checkpoints.tree import TensorData
from ganstudio.networks.catalogue import NETWORKS
from tests.checkpoints.alias_free_files import alias_free_generator, arguments, r3gan_generator
from tests.checkpoints.nvlabs_files import discriminator, module, opened
from tests.networks.test_r3gan import SMALL as R3GAN
from tests.networks.test_r3gan import build as build_r3gan
from tests.networks.test_stylegan3 import CLASSES, RADIAL, SMALL, STAGES, build, latents

FORMAT = NVlabsFormat()


def file_of(tmp_path, tree):
    return opened(tree, tmp_path / "network-snapshot-000200.pkl")


def made(family, **values):
    config = NETWORKS[family].make_config(SMALL | values)
    return build(family, **values), config


def saved(family="stylegan3", changes=(), **values):
    """The record of a generator whose file says how it was made, apart from `changes`."""
    generator, config = made(family, **values)
    return alias_free_generator(generator, config, **arguments(config, **dict(changes)))


@pytest.mark.parametrize(
    ("family", "values"),
    [
        ("stylegan3", {}),
        ("stylegan3", RADIAL | {"num_classes": 3, "channels": 1}),
        ("stylegan3", {"clamp": 0.0, "margin": 6, "num_critical": 1, "filter_size": 4, "resolution": 48}),
        ("stylegan_xl", CLASSES),
        ("stylegan_xl", STAGES | CLASSES),
        ("stylegan_xl", RADIAL | STAGES | CLASSES | {"class_centroids": False, "clamp": 0.0}),
        ("stylegan_xl", {"resolution": 128, "up_factors": (4, 2, 1 + 1), "head_layers": (4, 6, 5), **CLASSES}),
    ],
)
def test_an_alias_free_generator_comes_back_as_it_was(tmp_path, family, values):
    generator, config = made(family, **values)
    record = alias_free_generator(generator, config, **arguments(config))
    file = file_of(tmp_path, {"G": discriminator(), "G_ema": record, "D": discriminator()})
    assert FORMAT.detect(file)
    description = FORMAT.describe(file, {})
    assert (description.family, description.spec) == (family, generator.spec)
    again = build_generator(FORMAT.read(file, {}), torch.device("cpu"))
    labels = torch.tensor([1, 2]) if config.num_classes else None
    w_plus = again.map(latents(2), labels, 0.7)
    assert torch.equal(w_plus, generator.map(latents(2), labels, 0.7))
    assert torch.equal(again.synthesise(w_plus), generator.synthesise(w_plus))


@pytest.mark.parametrize("values", [{}, {"num_classes": 3, "channels": 1}, {"taps": 6, "kernel": 5}])
def test_an_r3gan_comes_back_as_it_was(tmp_path, values):
    generator, _ = build_r3gan(**values)
    file = file_of(tmp_path, {"G_ema": r3gan_generator(generator), "D": discriminator(), "cur_nimg": 3_000_000})
    assert FORMAT.detect(file)
    description = FORMAT.describe(file, {})
    assert (description.family, description.spec) == ("r3gan", generator.spec)
    assert description.facts["kimg"] == 3000
    assert {name: part.role for name, part in description.components.items()} == {
        "G_ema": "generator",
        "D": "discriminator",
    }
    again = build_generator(FORMAT.read(file, {}), torch.device("cpu"))
    labels = torch.tensor([1, 2]) if values.get("num_classes") else None
    assert torch.equal(again(latents(2), labels), generator(latents(2), labels))


def test_training_length_of_a_stylegan_xl_is_told(tmp_path):
    tree = {"G_ema": saved("stylegan_xl"), "progress": {"cur_nimg": TensorData.of(np.array([250_000]))}}
    assert FORMAT.describe(file_of(tmp_path, tree), {}).facts["kimg"] == 250


def test_half_precision_of_an_r3gan_is_told(tmp_path):
    generator, _ = build_r3gan()
    tree = {"G_ema": r3gan_generator(generator, DataType="torch.bfloat16")}
    assert "bfloat16" in FORMAT.describe(file_of(tmp_path, tree), {}).warnings[0]


def test_files_that_do_not_say_how_they_were_made(tmp_path):
    for values in ({"channel_base": 256, "channel_max": 6, "margin": 10}, RADIAL | {"channel_base": 512, "margin": 10}):
        generator, config = made("stylegan3", **values)
        record = alias_free_generator(generator, config)
        synthesis = record.state["_modules"]["synthesis"]
        del synthesis.state["_init_kwargs"]
        for layer in synthesis.state["_modules"].values():
            for name in ("up_factor", "down_factor", "padding", "out_cutoff"):
                layer.state.pop(name, None)
        again = build_generator(FORMAT.read(file_of(tmp_path, record), {}), torch.device("cpu"))
        assert torch.equal(again(latents(1)), generator(latents(1)))


def test_stages_are_found_without_the_resolution_of_the_stem(tmp_path):
    generator, config = made("stylegan_xl", **STAGES, **CLASSES)
    kept = {name: value for name, value in arguments(config).items() if name not in {"img_resolution", "num_layers"}}
    checkpoint = FORMAT.read(file_of(tmp_path, alias_free_generator(generator, config, **kept)), {})
    assert checkpoint.config["head_layers"] == STAGES["head_layers"]
    assert torch.equal(
        build_generator(checkpoint, torch.device("cpu"))(latents(1), torch.tensor([1])),
        generator(latents(1), torch.tensor([1])),
    )


def test_class_vectors_of_a_stem_without_classes_are_left_out(tmp_path):
    record = saved("stylegan_xl")
    vectors = {"weight": np.zeros((10, 4), np.float32)}
    record.state["_modules"]["mapping"].state["_modules"]["embed"] = module("Embedding", vectors)
    checkpoint = FORMAT.read(file_of(tmp_path, record), {})
    assert checkpoint.description.spec.num_classes == 0
    assert "mapping.embed.weight" in checkpoint.tensors
    build_generator(checkpoint, torch.device("cpu"))


@pytest.mark.parametrize(("family", "values"), [("stylegan3", {}), ("stylegan_xl", STAGES | CLASSES)])
def test_own_format_keeps_them(tmp_path, family, values):
    generator, config = made(family, **values)
    path = tmp_path / "own.safetensors"
    save_generator(path, generator, GeneratorFile(family, config))
    again = build_generator(read(path), torch.device("cpu"))
    labels = torch.tensor([1]) if config.num_classes else None
    assert torch.equal(again(latents(1), labels), generator(latents(1), labels))


def test_own_format_keeps_r3gan(tmp_path):
    generator, _ = build_r3gan()
    path = tmp_path / "own.safetensors"
    save_generator(path, generator, GeneratorFile("r3gan", NETWORKS["r3gan"].make_config(R3GAN)))
    assert torch.equal(build_generator(read(path), torch.device("cpu"))(latents(1)), generator(latents(1)))


def place(record, *names):
    for name in names:
        record = record.state["_modules"][name]
    return record.state


def layer_names(record):
    return [name for name in place(record, "synthesis")["_modules"] if name.startswith("L")]


def array(*shape):
    return TensorData.of(np.zeros(shape, np.float32))


def break_first_layer(record):
    del place(record, "synthesis", layer_names(record)[0])["_parameters"]["weight"]


def break_names(record):
    layers = place(record, "synthesis")["_modules"]
    layers["L3_40_5"] = layers.pop(layer_names(record)[3])


def break_factor(record):
    place(record, "synthesis", layer_names(record)[2])["up_factor"] = 8


def break_padding(record):
    place(record, "synthesis", layer_names(record)[2])["padding"] = [1, 2, 3, 4]


def break_filter(record):
    place(record, "synthesis", layer_names(record)[1])["_buffers"]["up_filter"] = array(10)


def break_missing_filter(record):
    place(record, "synthesis", layer_names(record)[1])["_buffers"]["down_filter"] = None


def break_mapping(record):
    del place(record, "mapping")["_modules"]["fc0"]


def break_mapping_rank(record):
    place(record, "mapping", "fc0")["_parameters"]["weight"] = array(5)


def break_mean(record):
    del place(record, "mapping")["_buffers"]["w_avg"]


def break_waves(record):
    place(record, "synthesis", "input")["_buffers"]["freqs"] = array(6, 3)


def break_numbers(record):
    place(record, "synthesis", "input")["_buffers"]["phases"] = TensorData.of(np.full(6, np.nan, np.float32))


def break_all_layers(record):
    for name in layer_names(record):
        del place(record, "synthesis")["_modules"][name]


def break_many_layers(record):
    layers = place(record, "synthesis")["_modules"]
    layers.update({f"L{index}_32_5": layers[layer_names(record)[0]] for index in range(100, 600)})


def break_settings(record):
    place(record, "synthesis")["_init_kwargs"] |= {"margin_size": 10**9, "num_critical": -4}


DAMAGES = [value for name, value in sorted(globals().items()) if name.startswith("break_")]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize(("family", "values"), [("stylegan3", {}), ("stylegan_xl", STAGES | CLASSES)])
def test_what_does_not_fit_is_refused(tmp_path, damage, family, values):
    record = saved(family, **values)
    damage(record)
    file = file_of(tmp_path, {"G_ema": record})
    assert FORMAT.detect(file)
    with pytest.raises(CheckpointError) as refusal:
        FORMAT.read(file, {})
    assert len(str(refusal.value)) <= 400
    assert "; " in str(refusal.value)


def test_claims_of_constructor_arguments_are_not_built(tmp_path):
    claims = {
        "img_resolution": 2**40,
        "w_dim": 10**12,
        "num_layers": 10**9,
        "channel_base": 10**15,
        "filter_size": 10**8,
    }
    for family, values in (("stylegan3", {}), ("stylegan_xl", STAGES | CLASSES)):
        record = saved(family, changes=claims, **values)
        try:
            description = FORMAT.describe(file_of(tmp_path, record), {})
        except CheckpointError:
            continue
        assert description.spec.resolution <= 64


R3GAN_DAMAGES = {
    "a weight is missing": lambda core: core["MainLayers"].state["_modules"]["1"].state["_modules"].clear(),
    "no stage": lambda core: core["MainLayers"].state["_modules"].clear(),
    "colours": lambda core: core["AggregationLayer"].state["_modules"]["Layer"].state["_parameters"].update(
        weight=array(3, 9, 1, 1)
    ),
    "an extra tensor": lambda core: core["AggregationLayer"].state["_parameters"].update(more=array(3)),
    "no groups": lambda core: _mix(core).update(weight=array(24, 0, 3, 3)),
    "odd groups": lambda core: _mix(core).update(weight=array(24, 7, 3, 3)),
    "a flat weight": lambda core: _mix(core).update(weight=array(24)),
}  # fmt: skip


def _mix(core):
    layers = core["MainLayers"].state["_modules"]["0"].state["_modules"]["Layers"].state["_modules"]
    return layers["1"].state["_modules"]["LinearLayer2"].state["_modules"]["Layer"].state["_parameters"]


@pytest.mark.parametrize("damage", R3GAN_DAMAGES.values(), ids=R3GAN_DAMAGES)
def test_an_r3gan_that_does_not_fit_is_refused(tmp_path, damage):
    record = r3gan_generator(build_r3gan()[0])
    damage(place(record, "Model")["_modules"])
    with pytest.raises(CheckpointError) as refusal:
        FORMAT.describe(file_of(tmp_path, {"G_ema": record}), {})
    assert "; " in str(refusal.value)


DEEP = {
    "resolution": 1024,
    "num_layers": 10,
    "up_factors": (2,) * 6,
    "head_layers": (7, 7, 5, 7, 6, 7),
    **CLASSES,
    "channel_base": 4096,
}


def test_many_stages_are_found_and_the_search_for_none_ends(tmp_path):
    config = NETWORKS["stylegan_xl"].make_config(SMALL | DEEP)
    generator = NETWORKS["stylegan_xl"].build_generator(config, torch.Generator().manual_seed(0))
    generator.requires_grad_(requires_grad=False)
    record = alias_free_generator(generator, config, **arguments(config))
    values = FORMAT.read(file_of(tmp_path, record), {}).config
    assert (values["up_factors"], values["head_layers"]) == (config.up_factors, config.head_layers)
    for name in layer_names(record):
        for told in ("up_factor", "down_factor", "padding", "out_cutoff"):
            del place(record, "synthesis", name)[told]
    place(record, "synthesis", layer_names(record)[-3])["up_factor"] = 7
    with pytest.raises(CheckpointError, match="no stem with stages"):
        FORMAT.describe(file_of(tmp_path, record), {})
