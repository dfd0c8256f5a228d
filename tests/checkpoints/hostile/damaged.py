"""Good files that were cut short, and files that are something else."""

import gzip
import io
import pickle
import tarfile
from collections.abc import Iterator

import good
import numpy as np
import pickle_parts as parts
import torch
from pickle_parts import value, whole

CUT = (
    "plain pickle 0",
    "plain pickle 4",
    "arrays 5",
    "torch zip 2",
    "torch stream 2",
    "safetensors",
    "npz",
    "npy",
    "NVlabs 4",
)


def files() -> Iterator[tuple[str, bytes]]:
    """All of them."""
    for label, data, _ in good.files():
        if label in CUT:
            for part in (1, 2, 5, 9, 40, len(data) // 3, len(data) // 2, len(data) - 30, len(data) - 2, len(data) - 1):
                yield f"{label} cut to {part}", data[:part]
    yield from pickles()
    for label, data, _ in others():
        yield label, data


def pickles() -> Iterator[tuple[str, bytes]]:
    for label, data in (
        ("STOP alone", b"\x80\x04."), ("no STOP", b"\x80\x04N"), ("leftovers", whole(b"NN")), ("open mark", whole(b"(N")),
        ("protocol 6", whole(b"N", 6)), ("protocol 255", whole(b"N", 255)), ("unknown opcode", whole(b"\xff")),
        ("memo empty", whole(b"h\x05")), ("setitem of nothing", whole(b"s")), ("append to a number", whole(b"K\x01K\x02a")),
        ("odd dict", whole(b"}(Nu")), ("list as a key", whole(b"}]Ns")), ("dict as a member", whole(b"\x8f(}\x90")),
        ("build of a number", whole(b"K\x01}b")), ("call without arguments", whole(b"cmodels\nA\nK\x01R")),
        ("text no UTF-8", whole(b"X\x02\x00\x00\x00\xff\xfe")), ("string without quotes", whole(b"Sabc\n")),
        ("number no number", whole(b"Iabc\n")), ("float no float", whole(b"Fabc\n")), ("only weights of nobody", whole(value([1, 2]))),
        ("frame too long", b"\x80\x04\x95\xff\x00\x00\x00\x00\x00\x00\x00N."), ("mark popped", whole(b"t")),
        ("tuple of too few", whole(b"N\x87")), ("persistent without module", whole(b"cmodels\nA\nQ")),
        ("persistent object without state", whole(parts.call(parts.name("torch_utils.persistence", "_reconstruct_persistent_obj"),
                                                             value({"type": "class"})))),
        ("persistent object of a number", whole(parts.call(parts.name("torch_utils.persistence", "_reconstruct_persistent_obj"),
                                                           value(3)))),
    ):  # fmt: skip
        yield f"pickle, {label}", data


def others() -> Iterator[tuple[str, bytes, str]]:
    """Label, bytes, and a word that the reason must have."""
    yield "empty", b"", "empty"
    yield "LFS pointer", b"version https://git-lfs.github.com/spec/v1\noid sha256:49\nsize 14579088\n", "14,579,088"
    yield "HTML", b"\n<!DOCTYPE html><html><head><title>Google Drive</title>", "web page"
    yield "XML", b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "web page"
    yield "PNG", b"\x89PNG\r\n\x1a\n" + bytes(50), "picture"
    yield "JPEG", b"\xff\xd8\xff\xe0" + bytes(50), "picture"
    yield "WebP", b"RIFF\0\0\0\0WEBPVP8 ", "picture"
    yield "video", b"\0\0\0\x18ftypmp42" + bytes(50), "video"
    yield "HDF5", b"\x89HDF\r\n\x1a\n" + bytes(50), "Keras"
    yield "Keras 3", parts.zipped([("config.json", b"{}"), ("model.weights.h5", b"x")]), "Keras"
    yield "SavedModel", b"\x08\x01\x12\xd3\x04\n\x17\n\x04Add_" + bytes(50), "SavedModel"
    yield "frozen graph", b"\n\x1e\n\x04name\x12\x05Const*\x0b" + bytes(50), "TensorFlow"
    yield "checkpoint index", bytes(200) + b"\x01\x57\xfb\x80\x8b\x24\x75\x47\xdb", "TensorFlow"
    yield "TFLite", b"\x1c\0\0\0TFL3" + bytes(50), "TensorFlow Lite"
    yield "GGUF", b"GGUF\x03\0\0\0" + bytes(50), "GGUF"
    yield "GGML", b"lmgg" + bytes(50), "GGUF"
    yield "7z", b"7z\xbc\xaf\x27\x1c" + bytes(50), "7z"
    yield "RAR", b"Rar!\x1a\x07\x01\0" + bytes(50), "RAR"
    yield "gzip", gzip.compress(b"x" * 50, mtime=0), "gzip"
    yield "LMDB", bytes(16) + b"\xde\xc0\xef\xbe" + bytes(50), "LMDB"
    yield "joblib", whole(parts.new(parts.name("joblib.numpy_pickle", "NumpyArrayWrapper"))), "joblib"
    yield "JSON", b'{"z_dim": 512}', "JSON"
    yield "text", b"ein Text, keine Gewichte\n", "a text"
    yield "program of Python", b"import torch\nprint(1)\n", "Python program"
    yield "shell script", b"#!/bin/sh\nrm -rf x\n", "script"
    yield "program", b"\x7fELF\x02" + bytes(50), "program"
    yield "zeros", bytes(1000), "zeros"
    yield "noise", np.random.default_rng(0).bytes(1000), "known format"
    yield "tar", tar(("a.txt", b"a")), "tar archive"
    yield "torch tar", tar(("storages", b""), ("tensors", b""), ("pickle", b"")), "torch before"
    yield "pictures", parts.zipped([(f"{index}.png", b"\x89PNG") for index in range(3)]), "training data"
    yield "zip of a checkpoint", parts.zipped([("model/G.pkl", b"x"), ("README", b"x")]), "checkpoint in it"
    yield "document", parts.zipped([("[Content_Types].xml", b"x"), ("word/a.xml", b"x")]), "Office"
    yield "zip of texts", parts.zipped([("a.txt", b"x")]), "without weights"
    yield "Flax", b"\x82\xa6params\x81\xa6kernel\xc7" + bytes(50), "Flax"
    yield "TensorRT", b"ptrt" + bytes(50), "TensorRT"
    yield "database", b"SQLite format 3\0", "database"
    yield "PDF", b"%PDF-1.7", "PDF"
    yield "pickle of texts", pickle.dumps({"a": "b"}), "no weights"
    yield from other_networks()


def other_networks() -> Iterator[tuple[str, bytes, str]]:
    for label, tensor_name, word in (
        ("Stable Diffusion", "model.diffusion_model.input_blocks.0.0.weight", "diffusion"),
        ("Diffusers U-Net", "down_blocks.0.resnets.0.conv1.weight", "diffusion"),
        ("Flux", "double_blocks.0.img_attn.qkv.weight", "diffusion"),
        ("LoRA", "lora_unet_down.lora_up.weight", "LoRA"),
        ("GPT", "transformer.h.0.attn.c_attn.weight", "language model"),
        ("Llama", "model.layers.0.self_attn.q_proj.weight", "language model"),
        ("CLIP", "text_model.encoder.layers.0.weight", "CLIP"),
        ("ResNet", "layer4.0.conv1.weight", "ResNet"),
    ):
        file = io.BytesIO()
        torch.save({"state_dict": {tensor_name: torch.zeros(2, 3)}}, file)
        yield label, file.getvalue(), word
    file = io.BytesIO()
    torch.save(torch.nn.ReLU(), file)
    yield "whole module without weights", file.getvalue(), "torch.nn.modules.activation.ReLU"
    cpp = parts.torch_zip(whole(parts.new(parts.name("__torch__", "Module")), 2), (),
                          extra=(("archive/constants.pkl", whole(value(()), 2)),
                                 ("archive/code/__torch__.py", b"class Module(Module):\n  __parameters__ = []\n")))  # fmt: skip
    yield "C++ archive", cpp, "C++"


def tar(*members: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for label, data in members:
            info = tarfile.TarInfo(label)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()
