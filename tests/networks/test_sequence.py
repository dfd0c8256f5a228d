"""Networks told layer by layer: each kind against torch's own layers, shapes, saving, and every bad description."""

import json
from dataclasses import asdict

import pytest
import torch
from torch import nn

from ganstudio.checkpoints.building import GeneratorFile, build_generator, save_generator
from ganstudio.checkpoints.catalogue import read
from ganstudio.networks.base import NetworkConfigError
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.networks.described.kinds import ACTIVATIONS, fill_layers, output_shape
from ganstudio.networks.described.modules import LayerList

HEAD = {"kind": "linear", "inputs": 6, "outputs": 3 * 8 * 8}
TO_MAPS = {"kind": "reshape", "shape": [3, 8, 8]}


def make(layers, **values):
    config = NETWORKS["sequence"].make_config({"z_dim": 6, "layers": layers, **values})
    return NETWORKS["sequence"].build_generator(config, torch.Generator().manual_seed(0)).eval()


def run(layers, values, labels=None):
    module = LayerList(fill_layers(layers)).eval()
    for parameter in module.parameters():
        nn.init.normal_(parameter, generator=torch.Generator().manual_seed(1))
    classes = 4
    with torch.no_grad():
        result = module(values, labels)
    assert tuple(result.shape[1:]) == output_shape(fill_layers(layers), tuple(values.shape[1:]), classes)
    return result, module


LAYERS = [
    {"kind": "conv", "inputs": 3, "outputs": 4, "kernel": 3, "padding": 1},
    {"kind": "conv", "inputs": 3, "outputs": 4, "kernel": 4, "stride": 2, "padding": 1, "bias": False},
    {"kind": "conv_transpose", "inputs": 3, "outputs": 2, "kernel": 3, "stride": 2, "padding": 1, "output_padding": 1},
    {"kind": "batch_norm", "features": 3, "eps": 0.8},
    {"kind": "conditional_batch_norm", "features": 3, "classes": 4},
    {"kind": "instance_norm", "features": 3},
    {"kind": "group_norm", "features": 3, "groups": 3},
    {"kind": "layer_norm", "shape": [3, 8, 8]},
    {"kind": "pixel_norm"},
    {"kind": "prelu", "features": 1},
    {"kind": "upsample", "mode": "bilinear"},
    {"kind": "average_pool"},
    {"kind": "max_pool"},
    {"kind": "crop", "size": 7},
    {"kind": "reshape", "shape": [192]},
    {"kind": "attention", "features": 3, "inner": 2, "value": 3},
    {"kind": "attention", "features": 3, "inner": 2, "value": 2, "output": True, "bias": False},
    *({"kind": "activation", "function": name, "slope": 0.1} for name in ACTIVATIONS),
]


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer["kind"])
def test_shapes_are_as_foretold(layer):
    values = torch.randn(2, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    result, _ = run([layer], values, torch.tensor([0, 3]))
    assert result.isfinite().all()


def test_normalisation_is_torchs():
    values = torch.randn(5, 3, 4, 4)
    reference = nn.BatchNorm2d(3, 0.8)
    reference.train()(values * 3 + 1)
    reference.eval()
    module = LayerList(fill_layers([{"kind": "batch_norm", "features": 3, "eps": 0.8}]))
    module.layers[0].load_state_dict(reference.state_dict(), strict=False)
    assert torch.allclose(module(values, None), reference(values))


def test_attention_against_a_plain_reference():
    maps = torch.randn(1, 3, 2, 2)
    result, module = run([{"kind": "attention", "features": 3, "inner": 2, "value": 3}], maps)
    layer = module.layers[0]
    query, key, value = (part(maps)[0].flatten(1) for part in (layer.query, layer.key, layer.value))
    expected = maps[0].flatten(1).clone()
    for place in range(4):
        weights = torch.softmax(torch.stack([query[:, place] @ key[:, other] for other in range(4)]), 0)
        expected[:, place] += layer.share[0] * sum(weights[other] * value[:, other] for other in range(4))
    assert torch.allclose(result[0].flatten(1), expected, atol=1e-5)


def test_classes_join_the_latent_in_every_way():
    z, labels = torch.randn(3, 6), torch.tensor([0, 1, 3])
    one_hot = torch.eye(4)[labels]
    pair = lambda how, *branches: {"kind": "branches", "how": how, "branches": list(branches)}  # noqa: E731
    class_vector = [{"kind": "one_hot", "classes": 4}]
    assert torch.equal(run([pair("concat", [], class_vector)], z, labels)[0], torch.cat([z, one_hot], 1))
    assert torch.equal(run([pair("concat", class_vector, [])], z, labels)[0], torch.cat([one_hot, z], 1))
    embedded, module = run([pair("multiply", [], [{"kind": "embedding", "classes": 4, "length": 6}])], z, labels)
    table = module.layers[0].branches[1].layers[0].module.weight
    assert torch.equal(embedded, z * table[labels])
    doubled, _ = run([pair("add", [], [])], z)
    assert torch.equal(doubled, z * 2)


def test_a_sequence_is_saved_and_opened_again(tmp_path):
    layers = [{"kind": "branches", "how": "concat", "branches": [[], [{"kind": "one_hot", "classes": 2}]]},
              {**HEAD, "inputs": 8}, TO_MAPS, {"kind": "batch_norm", "features": 3},
              {"kind": "activation", "function": "sigmoid"}]  # fmt: skip
    generator = make(layers, num_classes=2, latent_law="uniform", low=0.0)
    config = NETWORKS["sequence"].make_config(
        {"z_dim": 6, "layers": layers, "num_classes": 2, "latent_law": "uniform", "low": 0.0}
    )
    json.dumps(asdict(config))
    path = tmp_path / "sequence.safetensors"
    save_generator(path, generator, GeneratorFile("sequence", config))
    again = build_generator(read(path), torch.device("cpu"))
    z, labels = torch.randn(2, 6), torch.tensor([1, 0])
    assert torch.equal(again(z, labels), generator(z, labels))
    assert again.spec.latent_law == "uniform"
    assert again.spec.output_range == (0.0, 1.0)
    assert again.first_features(z, labels).shape == (2, 192)


@pytest.mark.parametrize(
    "layers",
    [
        [],
        3,
        [3],
        [{"kind": "surprise"}],
        [HEAD],
        [{**HEAD, "surprise": 1}, TO_MAPS],
        [{**HEAD, "inputs": 7}, TO_MAPS],
        [{**HEAD, "inputs": "6"}, TO_MAPS],
        [{**HEAD, "inputs": True}, TO_MAPS],
        [{**HEAD, "outputs": 1 << 40}, TO_MAPS],
        [HEAD, {"kind": "reshape", "shape": [3, 8, 9]}],
        [HEAD, {"kind": "reshape", "shape": []}],
        [HEAD, TO_MAPS, {"kind": "activation", "function": "nonsense"}],
        [HEAD, TO_MAPS, {"kind": "upsample", "factor": 16}, *[{"kind": "upsample", "factor": 16}] * 6],
        [HEAD, TO_MAPS, {"kind": "one_hot", "classes": 5}],
        [HEAD, TO_MAPS, {"kind": "batch_norm", "features": 3, "eps": float("nan")}],
        [HEAD, TO_MAPS, {"kind": "branches", "how": "add", "branches": [[]]}],
        [HEAD, TO_MAPS] * 300,
    ],
)
def test_bad_layers_are_refused(layers):
    with pytest.raises(NetworkConfigError):
        NETWORKS["sequence"].make_config({"z_dim": 6, "layers": layers})


def test_branches_within_branches_have_an_end():
    layer = {"kind": "pixel_norm"}
    for _ in range(50):
        layer = {"kind": "branches", "how": "add", "branches": [[layer], []]}
    with pytest.raises(NetworkConfigError, match="deep"):
        fill_layers([layer])
