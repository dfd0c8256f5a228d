"""Spectral normalisation divided out, against torch's own layers and a plain power iteration."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.layouts.generator_found import Layout
from ganstudio.checkpoints.layouts.spectral_norm import without_spectral_norm
from ganstudio.checkpoints.tree import TensorData

LAYERS = {
    "linear": (lambda: nn.Linear(5, 7), (3, 5)),
    "convolution": (lambda: nn.Conv2d(4, 6, 3), (2, 4, 5, 5)),
    "square": (lambda: nn.Conv2d(4, 4, 3), (2, 4, 5, 5)),
    "transposed": (lambda: nn.ConvTranspose2d(4, 6, 3), (2, 4, 5, 5)),
    "square_transposed": (lambda: nn.ConvTranspose2d(4, 4, 3), (2, 4, 5, 5)),
}


def layout(tensors):
    return Layout(Path("model.pt"), {name: TensorData.of(np.asarray(value)) for name, value in tensors.items()})


@pytest.mark.filterwarnings("ignore:.*spectral_norm.* is deprecated")
@pytest.mark.parametrize("wrap", [nn.utils.spectral_norm, nn.utils.parametrizations.spectral_norm])
@pytest.mark.parametrize("kind", LAYERS)
def test_what_torch_stores_gives_what_torch_computes(kind, wrap):
    torch.manual_seed(0)
    make, shape = LAYERS[kind]
    layer = wrap(make())
    layer(torch.randn(shape))  # moves u and v
    layer.eval()
    images = torch.randn(shape)
    expected = layer(images)
    folded = without_spectral_norm(
        layout({f"net.0.{name}": value.detach().numpy() for name, value in layer.state_dict().items()}),
        lambda name: name == "net.0" and "transposed" in kind,
    )
    assert set(folded.tensors) == {"net.0.weight", "net.0.bias"}
    plain = make()
    plain.load_state_dict(
        {name.removeprefix("net.0."): torch.from_numpy(value.array()) for name, value in folded.tensors.items()}
    )
    assert torch.allclose(plain(images), expected, atol=1e-6)


@pytest.mark.parametrize("names", [("u0", "sv0"), ("sn_u", "sn_sigma")])
def test_others_take_one_step_of_power_iteration_first(names):
    random = np.random.default_rng(0)
    weight = random.standard_normal((6, 4, 3, 3)).astype(np.float32)
    u = random.standard_normal((1, 6)).astype(np.float32)
    matrix = weight.reshape(6, -1).astype(np.float64)
    v = [sum(u[0, row] * matrix[row, column] for row in range(6)) for column in range(36)]
    v = np.array(v) / np.linalg.norm(v)
    left = [sum(matrix[row, column] * v[column] for column in range(36)) for row in range(6)]
    sigma = np.linalg.norm(left)
    tensors = {"conv.weight": weight, f"conv.{names[0]}": u, f"conv.{names[1]}": np.ones(1, np.float32)}
    folded = without_spectral_norm(layout(tensors))
    assert set(folded.tensors) == {"conv.weight"}
    assert np.allclose(folded.tensors["conv.weight"].array(), weight / sigma, rtol=1e-5)


def test_further_singular_vectors_are_left_out_and_other_layers_kept():
    vectors = {f"a.{kind}{index}": np.ones((1, 2), np.float32) for kind in ("u", "sv") for index in range(2)}
    folded = without_spectral_norm(layout({"a.weight": np.eye(2, dtype=np.float32), **vectors, "b.bias": np.ones(2)}))
    assert set(folded.tensors) == {"a.weight", "b.bias"}


@pytest.mark.parametrize(
    "tensors",
    [
        {"a.weight_orig": (2, 3), "a.weight_u": (2,)},
        {"a.weight_orig": (2, 3), "a.weight_u": (3,), "a.weight_v": (3,)},
        {"a.weight": (2, 3), "a.u0": (1, 3)},
        {"a.weight": (), "a.u0": (1, 3)},
    ],
)
def test_vectors_that_do_not_fit_are_refused(tensors):
    with pytest.raises(CheckpointError, match="spectral norm"):
        without_spectral_norm(layout({name: np.ones(shape, np.float32) for name, shape in tensors.items()}))
