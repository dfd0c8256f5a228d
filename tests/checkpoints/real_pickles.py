"""Turns trees of records into the pickles that the programs in question write, by the same names and reductions."""

import contextlib
import pickle
import sys
import types

import numpy as np
import torch

from ganstudio.checkpoints.tree import Record, TensorData

_SOURCE = "raise SystemExit('the source in a checkpoint was run')"


class Persistent:
    """Pickled as NVlabs' persistence does: a function's name and one dict."""

    def __init__(self, class_name, state):
        self.meta = {"type": "class", "version": 6, "module_src": _SOURCE, "class_name": class_name, "state": state}

    def __reduce__(self):
        return sys.modules["torch_utils.persistence"]._reconstruct_persistent_obj, (self.meta,)


@contextlib.contextmanager
def foreign_modules():
    """For the time of pickling, modules of the names that other programs' classes live in."""
    persistence = types.ModuleType("torch_utils.persistence")
    exec(  # makes a function whose home is the module of that name
        "def _reconstruct_persistent_obj(meta): raise SystemExit('called')", vars(persistence)
    )
    util, network = types.ModuleType("dnnlib.util"), types.ModuleType("dnnlib.tflib.network")
    util.EasyDict = type("EasyDict", (dict,), {"__module__": "dnnlib.util"})
    network.Network = type("Network", (), {"__module__": "dnnlib.tflib.network"})
    modules = {module.__name__: module for module in (persistence, util, network)}
    modules |= {name: types.ModuleType(name) for name in ("torch_utils", "dnnlib", "dnnlib.tflib")}
    before = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name, module in before.items():
            sys.modules.pop(name) if module is None else sys.modules.update({name: module})


def write_nvlabs(path, tree):
    """Write a tree of modules as stylegan2-ada-pytorch does."""
    with foreign_modules():
        path.write_bytes(pickle.dumps(_as_persistent(tree)))


def write_tensorflow(path, tree):
    """Write networks as StyleGAN2 of TensorFlow does."""
    with foreign_modules():
        path.write_bytes(pickle.dumps(_as_network(tree), protocol=2))


def _as_persistent(node, is_learned=False):
    if isinstance(node, Record):
        state = {key: _as_persistent(value, key == "_parameters") for key, value in node.state.items()}
        return Persistent(node.class_name.rpartition(".")[2], state)
    if isinstance(node, dict):
        return {key: _as_persistent(value, is_learned) for key, value in node.items()}
    if isinstance(node, TensorData):
        tensor = torch.from_numpy(np.array(node.array()))
        return torch.nn.Parameter(tensor, requires_grad=False) if is_learned else tensor
    return node


def _as_network(node):
    if isinstance(node, Record) and node.class_name.endswith("EasyDict"):
        return sys.modules["dnnlib.util"].EasyDict({key: _as_network(value) for key, value in node.items.items()})
    if isinstance(node, Record):
        network = sys.modules["dnnlib.tflib.network"].Network()
        vars(network).update({key: _as_network(value) for key, value in node.state.items()})
        return network
    if isinstance(node, dict):
        return {key: _as_network(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return type(node)(_as_network(value) for value in node)
    if isinstance(node, float):
        return np.float32(node)
    return np.array(node.array()) if isinstance(node, TensorData) else node
