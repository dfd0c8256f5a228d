"""Building networks round weights."""

import subprocess
import sys

import torch
from torch import nn

from ganstudio.checkpoints.building import _WithoutDrawing


def test_nothing_is_drawn_where_there_is_no_memory():
    with torch.device("meta"), _WithoutDrawing():
        layer = nn.Embedding(3, 4)
        assert layer.weight.normal_(generator=torch.Generator()) is layer.weight
    assert layer.weight.is_meta
    with _WithoutDrawing():
        drawn = torch.zeros(8).normal_(generator=torch.Generator().manual_seed(0))
    assert torch.equal(drawn, torch.randn(8, generator=torch.Generator().manual_seed(0)))


def test_opening_a_file_does_not_wait_for_the_compiler(tiny_checkpoint):
    code = (
        "import sys, torch\n"
        "from pathlib import Path\n"
        "from ganstudio.checkpoints.building import build_generator\n"
        "from ganstudio.checkpoints.catalogue import read\n"
        f"build_generator(read(Path({str(tiny_checkpoint)!r})), torch.device('cpu'))\n"
        "assert 'torch._dynamo' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
