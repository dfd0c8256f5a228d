"""Building networks round weights."""

import subprocess
import sys

import numpy as np
import torch
from torch import nn

from ganstudio.checkpoints.building import GeneratorFile, _WithoutDrawing, build_generator, save_generator
from ganstudio.checkpoints.catalogue import read
from tests.networks.test_stylegan2 import build


def test_nothing_is_drawn_where_there_is_no_memory():
    with torch.device("meta"), _WithoutDrawing():
        layer = nn.Embedding(3, 4)
        assert layer.weight.normal_(generator=torch.Generator()) is layer.weight
    assert layer.weight.is_meta
    with _WithoutDrawing():
        drawn = torch.zeros(8).normal_(generator=torch.Generator().manual_seed(0))
    assert torch.equal(drawn, torch.randn(8, generator=torch.Generator().manual_seed(0)))


def test_opening_a_file_does_not_wait_for_the_compiler(tiny_checkpoint, tmp_path):
    generator, config = build(architecture="resnet", num_classes=2)
    save_generator(tmp_path / "style.safetensors", generator, GeneratorFile("stylegan2", config))
    code = (
        "import sys, torch; from pathlib import Path\n"
        "from ganstudio.checkpoints.building import build_generator\n"
        "from ganstudio.checkpoints.catalogue import read\n"
        "before = {'torch._dynamo', 'sympy'} & set(sys.modules)\n"
        "for path in sys.argv[1:]: build_generator(read(Path(path)), torch.device('cpu'))\n"
        "assert {'torch._dynamo', 'sympy'} & set(sys.modules) == before\n"
    )
    paths = [str(tiny_checkpoint), str(tmp_path / "style.safetensors")]
    done = subprocess.run([sys.executable, "-c", code, *paths], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_weights_stay_in_their_memory_unless_they_must_be_copied(tiny_checkpoint):
    checkpoint = read(tiny_checkpoint)
    name = next(name for name, array in checkpoint.weights.items() if array.ndim == 2)
    for writeable in (True, False):
        array = np.array(checkpoint.weights[name])
        array.flags.writeable = writeable
        checkpoint.weights[name] = array
        built = build_generator(checkpoint, torch.device("cpu")).state_dict()[name]
        assert np.array_equal(built.numpy(), array)
        assert np.shares_memory(built.numpy(), array) == writeable


def test_other_types_become_the_networks_own(tiny_checkpoint):
    checkpoint = read(tiny_checkpoint)
    halves = {name: array.astype(np.float16) for name, array in checkpoint.weights.items()}
    checkpoint.weights.update(halves)
    generator = build_generator(checkpoint, torch.device("cpu"))
    assert all(tensor.dtype == torch.float32 for tensor in generator.state_dict().values())
