"""Files that are as they should be, with what is in them."""

import io
import json
import pickle
import struct
from collections import OrderedDict
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pickle_parts as parts
import safetensors.numpy
import torch
from pickle_parts import call, name, new, value, whole

Arrays = dict[str, np.ndarray]


def make_weights() -> dict[str, torch.Tensor]:
    random = torch.Generator().manual_seed(7)
    weight = torch.randn(6, 5, generator=random)
    return {
        "layer.weight": weight, "layer.bias": weight[0].double(), "layer.transposed": weight.t(), "layer.half": weight.half(),
        "layer.part": weight[1:4, ::2], "layer.same": weight, "layer.steps": torch.tensor(12), "layer.mask": weight > 0,
        "layer.expanded": weight[:, :1].expand(6, 4), "layer.empty": torch.empty(0, 2),
    }  # fmt: skip


def arrays_of(weights: dict[str, torch.Tensor], prefix: str = "") -> Arrays:
    return {prefix + label: tensor.contiguous().numpy() for label, tensor in weights.items()}


def files() -> Iterator[tuple[str, bytes, Arrays]]:
    """Label, bytes and tensors of each."""
    weights = make_weights()
    arrays = arrays_of(weights)
    for protocol in range(6):
        yield f"plain pickle {protocol}", pickle.dumps({"g": weights}, protocol), arrays_of(weights, "g.")
        yield f"arrays {protocol}", pickle.dumps(arrays, protocol), arrays
    for protocol in range(1, 6):
        for zipped in (True, False):
            file = io.BytesIO()
            torch.save(
                {"g_ema": OrderedDict(weights)}, file, pickle_protocol=protocol, _use_new_zipfile_serialization=zipped
            )
            yield f"torch {'zip' if zipped else 'stream'} {protocol}", file.getvalue(), arrays_of(weights, "g_ema.")
    yield "safetensors", safetensors.numpy.save(arrays, {"note": "a"}), arrays
    file = io.BytesIO()
    np.savez(file, w=arrays["layer.weight"])
    yield "npz", file.getvalue(), {"w": arrays["layer.weight"]}
    file = io.BytesIO()
    np.savez_compressed(file, w=arrays["layer.weight"])
    yield "npz, packed", file.getvalue(), {"w": arrays["layer.weight"]}
    file = io.BytesIO()
    np.save(file, arrays["layer.part"])
    yield "npy", file.getvalue(), {"tensor": arrays["layer.part"]}
    module = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Tanh())
    file = io.BytesIO()
    torch.save(module, file)
    yield "whole module", file.getvalue(), arrays_of(module.state_dict())
    file = io.BytesIO()
    torch.save({"args": SimpleNamespace(lr=0.1), "g": weights, "optim": torch.optim.Adam(module.parameters()).state_dict()},
               file)  # fmt: skip
    yield "training file", file.getvalue(), arrays_of(weights, "g.")
    yield from handmade()


FLOATS = np.arange(4, dtype=np.float32)


def handmade() -> Iterator[tuple[str, bytes, Arrays]]:
    one = {"G_ema.weight": FLOATS, "G_ema.w_avg": FLOATS}
    for protocol, classes in ((3, name), (4, parts.stack_name)):
        yield f"NVlabs {protocol}", whole(nvlabs(classes), protocol), one
    yield "TensorFlow", whole(tensorflow(), 2), {"2.variables.0.1": FLOATS}
    yield "dill", whole(dill(), 4), {"G_ema.weight": FLOATS}
    yield "persistent objects whose source would run", whole(nvlabs(name, "import os; os.system('touch canary')")), one
    yield "hand-made zip", parts.torch_zip(whole(parts.dict_of(w=parts.tensor(parts.storage())), 2)), {"w": FLOATS}
    big = parts.zipped([("a/data.pkl", whole(parts.dict_of(w=parts.tensor(parts.storage())), 2)), ("a/byteorder", b"big"),
                        ("a/data/0", FLOATS.astype(">f4").tobytes())])  # fmt: skip
    yield "big-endian zip", big, {"w": FLOATS}
    view = parts.tuple_of(value("storage"), name("torch", "FloatStorage"), value("0"), value("cpu"), value(4),
                          value(("1", 1, 2))) + b"Q"  # fmt: skip
    stream = parts.torch_stream(whole(parts.dict_of(w=parts.tensor(view, (2,))), 2))
    yield "view of torch before 0.4", stream, {"w": FLOATS[1:3]}
    yield "class of a project", whole(parts.dict_of(opt=call(name("models.options", "Options"), value(3)),
                                                    w=parts.array(FLOATS.tobytes(), (4,)))), {"w": FLOATS}  # fmt: skip
    circle = b"}q\x00(" + value("parts") + parts.build(new(name("omegaconf.dictconfig", "DictConfig")),
                                                      parts.dict_of(_parent=b"h\x00")) + value("w") + parts.array(
        FLOATS.tobytes(), (4,)) + b"u"  # fmt: skip
    yield "settings that know their parent", whole(circle), {"w": FLOATS}
    function = call(name("builtins", "getattr"), name("torch._C", "_VariableFunctionsClass"), value("tanh"))
    yield (
        "module with a function",
        whole(parts.dict_of(act=function, w=parts.array(FLOATS.tobytes(), (4,)))),
        {"w": FLOATS},
    )
    header = {"w": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}}
    text = json.dumps(header).encode()
    yield (
        "safetensors of bfloat16",
        struct.pack("<Q", len(text)) + text + b"\x80\x3f\x00\x40",
        {"w": np.array([0x3F80, 0x4000], np.uint16)},
    )


def module_of(classes, source: str, tensors: dict[str, bytes], **children: bytes) -> bytes:
    parameter = call(name("torch._utils", "_rebuild_parameter"), tensors["weight"], value(True), value({}))
    state = parts.dict_of(training=value(False), _parameters=parts.dict_of(weight=parameter),
                          _buffers=parts.dict_of(w_avg=tensors["weight"]), _modules=parts.dict_of(**children),
                          _init_args=value(()), _init_kwargs=call(name("dnnlib.util", "EasyDict"))[:-1] + b"\x81"
                          + value("z_dim") + value(4) + b"s")  # fmt: skip
    meta = parts.dict_of(type=value("class"), version=value(6), module_src=value(source), class_name=value("Generator"),
                         state=state)  # fmt: skip
    return call(classes("torch_utils.persistence", "_reconstruct_persistent_obj"), meta)


def nvlabs(classes, source: str = "class Generator: ...\n") -> bytes:
    generator = module_of(classes, source, {"weight": parts.wrapped_tensor()})
    return parts.dict_of(G_ema=generator, training_set_kwargs=new(name("dnnlib.util", "EasyDict")) + value("path")
                         + value("a.zip") + b"s", augment_pipe=b"N")  # fmt: skip


def tensorflow() -> bytes:
    """Three networks as TensorFlow programs of Python 2 and 3 pickled them, arrays as old strings."""
    array = parts.array(FLOATS.tobytes(), (4,))
    network = parts.build(new(name("dnnlib.tflib.network", "Network")), parts.dict_of(
        version=value(4), name=value("Gs"), static_kwargs=value({"num_channels": 3}), build_module_src=value("import os\n"),
        variables=parts.list_of(parts.tuple_of(value("G_synthesis/4x4/Const/const"), array))))  # fmt: skip
    return parts.tuple_of(network, network, network)


def dill() -> bytes:
    """A class of a script, which dill takes apart."""
    cls = call(name("dill._dill", "_create_type"), call(name("dill._dill", "_load_type"), value("type")),
               value("Generator"), parts.tuple_of(name("torch.nn.modules.module", "Module")),
               parts.dict_of(forward=call(name("dill._dill", "_create_function"),
                                          call(name("dill._dill", "_create_code"), value(1), parts.value_bytes(b"d")))))  # fmt: skip
    state = parts.dict_of(
        _parameters=parts.dict_of(weight=parts.wrapped_tensor()),
        _buffers=value({}),
        _modules=value({}),
        _non_persistent_buffers_set=call(call(name("dill._dill", "_load_type"), value("set")), parts.list_of()),
    )
    return parts.dict_of(G_ema=parts.build(new(cls), state))
