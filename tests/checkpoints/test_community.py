"""Other people's generators: recognised by their keys, by one format only, and refused where something does not fit."""

import math
import random
from pathlib import Path

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.building import GeneratorFile, build_generator, save_generator
from ganstudio.checkpoints.catalogue import FORMATS, GENERAL, format_of
from ganstudio.checkpoints.catalogue import read as read_file
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.layouts.generator_found import Layout
from ganstudio.checkpoints.layouts.spectral_norm import without_spectral_norm
from ganstudio.checkpoints.tree import Record, TensorData, find_tensors
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.networks.noise import NONE
from tests.checkpoints.community_files import BUILDERS, VARIANTS, gan_zoo, gan_zoo_dcgan, opened

CPU = torch.device("cpu")


def read(name, tree, **assumptions):
    return FORMATS[name].read(opened(tree), assumptions)


def describe(name, tree, **assumptions):
    return FORMATS[name].describe(opened(tree), assumptions)


def build(name, tree, **assumptions):
    return build_generator(read(name, tree, **assumptions), CPU)


def draw(name, tree, count=2, **assumptions):
    generator = build(name, tree, **assumptions)
    z = torch.randn(count, generator.spec.z_dim, generator=torch.Generator().manual_seed(0))
    labels = torch.arange(count) % generator.spec.num_classes if generator.spec.num_classes else None
    with torch.inference_mode():
        return generator(z, labels)


def replace_tensor(node, place, value):
    """A copy of a tree with one tensor replaced, or left out where the value is None."""
    if isinstance(node, dict):
        copy = {}
        for key, child in node.items():
            inner = [key] if place == str(key) else None
            if inner and value is None:
                continue
            copy[key] = value if inner else replace_tensor(child, place.removeprefix(f"{key}."), value)
        return copy
    return node


ALL = {**BUILDERS, **VARIANTS}


@pytest.mark.parametrize("case", ALL)
def test_each_file_is_recognised_by_its_own_format_only(case):
    """And by the one for whatever has no format of its own, which is asked last."""
    file = opened(ALL[case]())
    name = case.partition(" ")[0]
    particular = [other for other in FORMATS.names() if other not in GENERAL]
    assert [other for other in particular if FORMATS[other].detect(file)] == [name]
    assert format_of(file) is FORMATS[name]


@pytest.mark.parametrize("case", ALL)
def test_pictures_have_the_described_shape_and_depend_on_the_latent(case):
    tree, name = ALL[case](), case.partition(" ")[0]
    spec = describe(name, tree).spec
    images = draw(name, tree)
    assert images.shape == (2, spec.channels, spec.resolution, spec.resolution)
    assert images.isfinite().all()
    assert not torch.equal(images[0], images[1])


@pytest.mark.parametrize("name", BUILDERS)
def test_describing_reads_no_weights(name):
    def refuse():
        raise AssertionError("a weight was read")

    def without_values(node):
        if isinstance(node, TensorData):
            return TensorData(node.dtype, node.shape, refuse)
        if isinstance(node, dict):
            return {key: without_values(value) for key, value in node.items()}
        return [without_values(value) for value in node] if isinstance(node, list) else node

    description = describe(name, without_values(BUILDERS[name]()))
    assert description.format == name
    assert sum(part.parameters for part in description.components.values()) > 0
    assert any(part.role == "generator" for part in description.components.values())


@pytest.mark.parametrize("name", BUILDERS)
def test_every_tensor_of_the_generator_must_be_there_and_fit(name):
    """Tensors are taken out of the file, or given one axis more: one line of CheckpointError, nothing else."""
    tree = BUILDERS[name]()
    messages = []
    chooser = np.random.default_rng(0)
    places = [place for place in find_tensors(tree) if not place.endswith("num_batches_tracked")]
    for place in chooser.choice(places, min(len(places), 6), replace=False):
        tensor = find_tensors(tree)[place]
        wrong = TensorData.of(np.zeros((*tensor.shape, 2), np.float32))
        for changed in (replace_tensor(tree, place, None), replace_tensor(tree, place, wrong)):
            file = opened(changed)
            if not FORMATS[name].detect(file):
                continue
            try:
                build_generator(FORMATS[name].read(file, {}), CPU)
            except CheckpointError as error:
                messages.append(str(error))
    assert messages
    assert all(len(message) <= 400 and "\n" not in message for message in messages)


@pytest.mark.parametrize("name", BUILDERS)
def test_values_that_are_no_numbers_are_refused(name):
    tree = BUILDERS[name]()
    used = [place for place in find_tensors(tree) if place.endswith((".weight", ".weight_orig"))]
    assert used
    for place in used:
        tensor = find_tensors(tree)[place]
        tree = replace_tensor(tree, place, TensorData.of(np.full(tensor.shape, np.nan, np.float32)))
    if isinstance(tree.get("g_ema"), list):
        tree["g_ema"] = [TensorData.of(np.full(tensor.shape, np.nan, np.float32)) for tensor in tree["g_ema"]]
    with pytest.raises(CheckpointError, match="no numbers"):
        read(name, tree)


def scaled(tree, factor):
    if isinstance(tree, TensorData):
        return TensorData.of(tree.array() * np.asarray(factor, tree.array().dtype))
    return {key: scaled(value, factor) for key, value in tree.items()}


@pytest.mark.parametrize("name", ["lucidrains_stylegan2", "lightweight_gan"])
def test_lucidrains_average_is_drawn_where_there_is_one(name):
    tree = BUILDERS[name]()
    averaged = draw(name, tree)
    without = {key: value for key, value in tree["GAN"].items() if not key.startswith(("GE.", "SE."))}
    trained = draw(name, {"GAN": without})
    assert not torch.equal(averaged, trained)
    for key, value in without.items():
        if key.startswith(("G.", "S.")):
            tree["GAN"][key[0] + "E" + key[1:]] = value
    assert torch.equal(draw(name, tree), trained)
    assert describe(name, tree).facts["weights"] == "moving average"
    assert describe(name, {"GAN": without}).facts["weights"] == "as trained"


@pytest.mark.parametrize("name", ["lucidrains_stylegan2", "lightweight_gan"])
def test_lucidrains_transparency_is_refused_in_words(name):
    tree = BUILDERS[name]()
    for key in list(tree["GAN"]):
        if key.endswith(("blocks.2.to_rgb.conv.weight", "out_conv.weight")):
            shape = tree["GAN"][key].shape
            tree["GAN"][key] = TensorData.of(np.zeros((4, *shape[1:]), np.float32))
    with pytest.raises(CheckpointError, match="transparent"):
        describe(name, tree)


def test_lucidrains_stylegan2_is_a_mapped_generator_with_one_w_for_each_size():
    generator = build("lucidrains_stylegan2", BUILDERS["lucidrains_stylegan2"]())
    spec = generator.spec
    assert (spec.z_dim, spec.w_dim, spec.num_ws, spec.resolution, spec.output_range) == (6, 6, 3, 16, (0.0, 1.0))
    z = torch.randn(2, 6, generator=torch.Generator().manual_seed(0))
    w_plus = generator.map(z)
    assert torch.allclose(generator.map(z * 5), w_plus, atol=1e-6)  # z is scaled to unit length
    assert torch.allclose(generator.map(z, truncation=0.0)[0, 0], generator.mean_w, atol=1e-6)
    assert torch.equal(generator.map(z, truncation=0.5, cutoff=1)[:, 1:], w_plus[:, 1:])
    const, none = generator.synthesise(w_plus), generator.synthesise(w_plus, noise=NONE)
    assert torch.equal(generator.synthesise(w_plus), const)
    assert not torch.equal(const, none)


def test_lucidrains_mapping_factor_is_assumed_by_version_and_can_be_given():
    tree = BUILDERS["lucidrains_stylegan2"]()
    assert read("lucidrains_stylegan2", tree).config["mapping_lr"] == 0.1
    assert any("lr_mlp=0.1" in warning for warning in describe("lucidrains_stylegan2", tree).warnings)
    assert read("lucidrains_stylegan2", {**tree, "version": "1.2.0"}).config["mapping_lr"] == 1.0
    assert read("lucidrains_stylegan2", tree, lr_mlp="0.5").config["mapping_lr"] == 0.5
    assert not torch.equal(draw("lucidrains_stylegan2", tree), draw("lucidrains_stylegan2", tree, lr_mlp="0.5"))
    with pytest.raises(CheckpointError, match="lr_mlp"):
        read("lucidrains_stylegan2", tree, lr_mlp="many")


@pytest.mark.parametrize(("version", "upsampling"), [("0.20.6", "nearest"), ("0.21.1", "bilinear"), ("", "nearest")])
def test_lightweight_gan_upsampling_without_weights_follows_the_version(version, upsampling):
    tree = BUILDERS["lightweight_gan"]()
    kept = {key: value for key, value in tree["GAN"].items() if ".0.0.net." not in key}
    changed = {"GAN": kept, "version": version} if version else {"GAN": kept}
    assert read("lightweight_gan", changed).config["upsampling"] == upsampling


def test_fastgan_average_is_a_list_in_the_order_of_the_parameters():
    tree = BUILDERS["fastgan"]()
    small = {"g": tree["g"], "d": tree["d"]}
    learned = [key for key in tree["g"] if not key.endswith(("_u", "_v", "mean", "var", "tracked"))]
    by_hand = {**tree["g"], **dict(zip(learned, tree["g_ema"], strict=True))}
    averaged = draw("fastgan", tree)
    assert torch.equal(averaged, draw("fastgan", {"g": by_hand, "d": tree["d"]}))
    assert not torch.equal(averaged, draw("fastgan", small))
    assert set(describe("fastgan", tree).components) == {"g", "g_ema", "d"}
    assert torch.equal(averaged, draw("fastgan", BUILDERS["fastgan"](prefix="module.")))
    with pytest.raises(CheckpointError, match="g_ema has"):
        read("fastgan", {**tree, "g_ema": tree["g_ema"][:-1]})
    with pytest.raises(CheckpointError, match="g_ema does not fit"):
        read("fastgan", {**tree, "g_ema": tree["g_ema"][::-1]})


CLASSES = {
    "pretrained_biggan": 6,
    "biggan": 5,
    "biggan of tables": 5,
    "biggan deep": 6,
    "mimicry sagan": 3,
    "mimicry cgan_pd": 3,
    "studiogan": 4,
}
LATENTS = {
    "pretrained_biggan": (4, "whole"),
    "biggan": (8, "split"), "biggan of tables": (8, "first"), "biggan deep": (4, "whole"), "mimicry": (5, "first"),
    "mimicry 48": (5, "first"), "studiogan": (8, "split"), "studiogan resnet": (5, "first"),
    "studiogan deep_conv": (5, "first"),
}  # fmt: skip


@pytest.mark.parametrize("case", CLASSES)
def test_classes_change_the_picture(case):
    generator = build(case.partition(" ")[0], ALL[case]())
    assert generator.spec.num_classes == CLASSES[case]
    z = torch.randn(1, generator.spec.z_dim, generator=torch.Generator().manual_seed(0)).expand(2, -1)
    with torch.inference_mode():
        images = generator(z, torch.tensor([0, CLASSES[case] - 1]))
        assert torch.equal(generator(z), generator(z, torch.zeros(2, dtype=torch.int64)))
    assert not torch.equal(images[0], images[1])


@pytest.mark.parametrize("case", LATENTS)
def test_where_z_goes_is_read_from_shapes(case):
    checkpoint = read(case.partition(" ")[0], ALL[case]())
    assert (checkpoint.config["z_dim"], checkpoint.config["latent_use"]) == LATENTS[case]
    assert checkpoint.description.spec.resolution == (48 if case == "mimicry 48" else 32)


def test_residual_habits_of_each_repository_can_be_overruled():
    assert read("mimicry", ALL["mimicry"]()).config["upsampling"] == "bilinear"
    assert read("mimicry", ALL["mimicry"](), output="sigmoid").description.spec.output_range == (0.0, 1.0)
    assert read("studiogan", ALL["studiogan"]()).config["norm_eps"] == 1e-4
    assert read("biggan", ALL["biggan"](), norm_eps="0.01").config["norm_eps"] == 0.01
    assert read("studiogan", ALL["studiogan"](), activation="gelu").config["activation"] == "gelu"
    with pytest.raises(CheckpointError, match="activation"):
        read("biggan", ALL["biggan"](), activation="magic")


def test_attention_stands_where_the_program_has_it():
    layers = {case: read(case.partition(" ")[0], ALL[case]()).config["layers"] for case in ("biggan", "studiogan")}
    assert set(layers.values()) == {("block", "block", "attention", "block")}
    assert read("mimicry", ALL["mimicry sagan"]()).config["layers"] == ("block", "block", "attention", "block")
    assert read("biggan", ALL["biggan deep"]()).config["layers"] == ("deep", "deep_up") * 3


def test_codes_of_information_are_refused():
    tree = ALL["studiogan"]()
    tree["state_dict"]["info_mix_linear.weight"] = TensorData.of(np.zeros((2, 3), np.float32))
    with pytest.raises(CheckpointError, match="InfoGAN"):
        describe("studiogan", tree)


def test_files_found_under_the_prefix_of_parallel_training():
    tree = {f"module.{name}": value for name, value in ALL["biggan"]().items()}
    assert torch.equal(draw("biggan", tree), draw("biggan", ALL["biggan"]()))


def plain_progressive(state, z, alpha):
    """The progressive generator step by step, with its learning rates equalised as it runs."""
    tensors = {name: torch.from_numpy(value.array()) for name, value in state.items()}

    def equalised(name, values):
        weight, bias = tensors[f"{name}.module.weight"], tensors[f"{name}.module.bias"]
        kernel = weight.shape[-1] if weight.ndim == 4 else 0
        plain = (
            torch.nn.functional.conv2d(values, weight, bias, padding=kernel // 2)
            if kernel
            else torch.nn.functional.linear(values, weight, bias)
        )
        return plain * math.sqrt(2 / weight[0].numel())

    def normalised(values):
        return values / (values.square().mean(dim=1, keepdim=True) + 1e-8).sqrt()

    def active(values):
        return torch.where(values > 0, values, values * 0.2)

    maps = normalised(active(equalised("formatLayer", normalised(z))).view(-1, 8, 4, 4))
    maps = normalised(active(equalised("groupScale0.0", maps)))
    for scale in range(2):
        before = maps
        maps = maps.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)
        for index in range(2):
            maps = normalised(active(equalised(f"scaleLayers.{scale}.{index}", maps)))
    old = equalised("toRGBLayers.1", before).repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)
    return (1 - alpha) * equalised("toRGBLayers.2", maps) + alpha * old


@pytest.mark.parametrize("alpha", [0.0, 0.3, 1.0])
def test_progressive_gan_step_by_step(alpha):
    tree = gan_zoo(alpha=alpha)
    generator = build("gan_zoo", tree)
    z = torch.randn(3, 6, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        assert torch.allclose(generator(z), plain_progressive(tree["avgG"], z, alpha), atol=1e-4)
        trained = {key: value for key, value in tree.items() if key != "avgG"}
        assert torch.allclose(build("gan_zoo", trained)(z), plain_progressive(tree["netG"], z, alpha), atol=1e-4)


def test_the_config_of_gan_zoo_says_activation_slope_and_classes():
    last = read("gan_zoo", gan_zoo(lossCriterion="DCGAN")).config["layers"][-1]
    assert last == {"kind": "activation", "function": "tanh"}
    assert read("gan_zoo", gan_zoo(), output="tanh").config["layers"][-1] == last
    slopes = {layer.get("slope") for layer in read("gan_zoo", gan_zoo(leakyReluLeak=0.1)).config["layers"]}
    assert slopes == {None, 0.1}
    kind = {"order": 0, "values": ["cat", "dog"]}
    generator = build("gan_zoo", gan_zoo(attribKeysOrder={"kind": kind}))
    assert (generator.spec.z_dim, generator.spec.num_classes) == (4, 2)
    with torch.inference_mode():
        assert not torch.equal(
            generator(torch.ones(1, 4), torch.tensor([0])), generator(torch.ones(1, 4), torch.tensor([1]))
        )
    with pytest.raises(CheckpointError, match="2 attributes"):
        read("gan_zoo", gan_zoo(attribKeysOrder={"kind": kind, "colour": kind}))
    with pytest.raises(CheckpointError):
        read("gan_zoo", gan_zoo(attribKeysOrder={"kind": {"order": 0, "values": list(range(6))}}))


@pytest.mark.parametrize("config", [None, 3, {"alpha": float("nan")}, {"alpha": "much"}, Record("a.B", (), None)])
def test_a_config_that_says_nothing_leaves_the_defaults(config):
    tree = {**gan_zoo(), "config": config}
    assert torch.equal(draw("gan_zoo", tree), draw("gan_zoo", gan_zoo()))


def test_an_average_whose_statistics_were_never_taken_borrows_those_of_its_generator():
    tree = gan_zoo_dcgan()
    weights = read("gan_zoo", tree).weights
    assert np.array_equal(weights["main.layers.2.running_mean"], tree["netG"]["main.batchNorm0.running_mean"].array())
    assert np.array_equal(weights["main.layers.2.weight"], tree["avgG"]["main.batchNorm0.weight"].array())
    tree["avgG"]["main.batchNorm0.running_mean"] = TensorData.of(np.ones(8, np.float32))
    assert (read("gan_zoo", tree).weights["main.layers.2.running_mean"] == 1).all()


def test_pretrained_biggan_is_turned_into_our_order():
    tree = ALL["pretrained_biggan"]()
    weights = read("pretrained_biggan", tree).weights
    plain = without_spectral_norm(Layout(Path("model.bin"), tree)).tensors
    theirs = plain["generator.gen_z.weight"].array()
    for row, column, channel in ((0, 0, 0), (1, 2, 3), (3, 3, 7)):
        place = (row * 4 + column) * 8 + channel  # height, width, channels
        ours = weights["stem.weight"][channel * 16 + row * 4 + column]
        assert np.allclose(ours, np.concatenate([theirs[place, 4:], theirs[place, :4]]))
        bias = tree["generator.gen_z.bias"].array()[place]
        assert weights["stem.bias"][channel * 16 + row * 4 + column] == bias
    assert np.array_equal(weights["classes.weight"], tree["embeddings.weight"].array().T)
    assert weights["to_image.weight"].shape == (3, 8, 3, 3)


def test_pretrained_biggan_takes_the_statistics_of_a_truncation():
    tree = ALL["pretrained_biggan"]()
    means = tree["generator.layers.0.bn_0.running_means"].array()

    def chosen(**assumptions):
        return read("pretrained_biggan", tree, **assumptions).weights["layers.0.norm1.running_mean"]

    assert np.array_equal(chosen(), means[2])
    assert np.array_equal(chosen(truncation="0.5"), means[1])
    assert np.allclose(chosen(truncation="0.6"), 0.2 * means[1] + 0.8 * means[2])  # shares as in the original
    with pytest.raises(CheckpointError, match="truncation"):
        chosen(truncation="1.5")


def places_of(node, place=()):
    """Where each dict entry and list item of a tree is."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield (*place, key)
        yield from places_of(child, (*place, key))


def copied(node):
    if isinstance(node, dict):
        return {key: copied(child) for key, child in node.items()}
    return [copied(child) for child in node] if isinstance(node, list) else node


def damaged(tree, random):
    """A copy of a tree with one to three parts replaced by something of another kind or shape."""
    tree = copied(tree)
    for _ in range(random.choice([1, 1, 3])):
        *inside, last = random.choice(list(places_of(tree)))
        parent = tree
        for key in inside:
            parent = parent[key]
        old = parent[last]
        shape = old.shape if isinstance(old, TensorData) else (2,)
        other = random.choice([(*shape, 2), shape[:-1], tuple(size + 1 for size in shape), (0,) * len(shape)])
        parent[last] = random.choice(
            [None, 7, "x", {}, [], Record("a.B", (), None), *[TensorData.of(np.zeros(other, np.float32))] * 6]
        )
    return tree


@pytest.mark.parametrize("case", ALL)
def test_whatever_is_damaged_is_refused_in_one_line_or_drawn(case):
    messages = []
    for seed in range(8):
        file = opened(damaged(ALL[case](), random.Random(f"{case} {seed}")))
        for name in set(FORMATS.names()) - {"state_dict", "ganstudio"}:
            if FORMATS[name].detect(file):
                try:
                    build_generator(FORMATS[name].read(file, {}), CPU)
                except CheckpointError as error:
                    messages.append(str(error))
    assert messages
    assert all(len(message) <= 400 and "\n" not in message for message in messages)


@pytest.mark.parametrize("case", ALL)
def test_every_family_survives_our_own_format(case, tmp_path):
    name = case.partition(" ")[0]
    checkpoint = read(name, ALL[case]())
    generator = build_generator(checkpoint, CPU)
    family = checkpoint.description.family
    path = tmp_path / "own.safetensors"
    save_generator(path, generator, GeneratorFile(family, NETWORKS[family].make_config(checkpoint.config)))
    again = build_generator(read_file(path), CPU)
    z = torch.randn(2, generator.spec.z_dim, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        assert torch.equal(again(z), generator(z))
        assert torch.equal(again.first_features(z), generator.first_features(z))


def test_lucidrains_noise_can_be_left_out():
    tree = ALL["lucidrains_stylegan2"]()
    generator, without = build("lucidrains_stylegan2", tree), build("lucidrains_stylegan2", tree, noise="none")
    w_plus = generator.map(torch.randn(2, 6, generator=torch.Generator().manual_seed(0)))
    assert torch.equal(without.synthesise(w_plus), generator.synthesise(w_plus, noise=NONE))
