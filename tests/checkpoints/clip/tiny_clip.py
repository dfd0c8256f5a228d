"""A tiny CLIP: pictures become their mean colour, words the mean of what a table says of each."""

import json
from pathlib import Path

import numpy as np

from tests.checkpoints.onnx.onnx_files import attribute, graph, model, node, port, tensor

WORDS = {"red": (1.0, 0.0, 0.0), "blue": (0.0, 0.0, 1.0), "bright": (1.0, 1.0, 1.0)}
START, END = "<|startoftext|>", "<|endoftext|>"


def write_tokens(path: Path) -> Path:
    """A vocabulary that knows three words, letter by letter and whole."""
    vocabulary = {START: 0, END: 1, "<unk>": 2}
    merges: list[str] = []
    for word in WORDS:
        parts = [*word[:-1], f"{word[-1]}</w>"]
        for part in parts:
            vocabulary.setdefault(part, len(vocabulary))
        joined = parts[0]
        for part in parts[1:]:
            merges.append(f"{joined} {part}")
            joined += part
            vocabulary.setdefault(joined, len(vocabulary))
    content = {"type": "BPE", "vocab": vocabulary, "merges": merges, "end_of_word_suffix": "</w>", "unk_token": "<unk>"}
    path.write_text(json.dumps({"model": content}))
    return path


def write_image_encoder(path: Path, side: int | str = 16, batch: int | str = "N") -> Path:
    mean = node(
        "ReduceMean", ["pixel_values"], ["image_embeds"], attribute("axes", ints=[2, 3]), attribute("keepdims", int=0)
    )
    pictures, vectors = port("pixel_values", "float32", batch, 3, side, side), port("image_embeds", "float32", batch, 3)
    path.write_bytes(model(graph([mean], [], [pictures], [vectors])))
    return path


def write_text_encoder(path: Path, tokens: Path, length: int | str = "L", with_mask: bool = False) -> Path:
    vocabulary = json.loads(tokens.read_text())["model"]["vocab"]
    table = np.zeros((len(vocabulary), 3), np.float32)
    for word, vector in WORDS.items():
        table[vocabulary[f"{word}</w>"]] = vector
    steps = [
        node("Gather", ["table", "input_ids"], ["rows"]),
        node("ReduceMean", ["rows"], ["text_embeds"], attribute("axes", ints=[1]), attribute("keepdims", int=0)),
    ]
    inputs = [port("input_ids", "int64", "N", length)]
    if with_mask:
        inputs.append(port("attention_mask", "int64", "N", length))
    main = graph(steps, [tensor("table", table)], inputs, [port("text_embeds", "float32", "N", 3)])
    path.write_bytes(model(main))
    return path
