"""An image encoder and a text encoder in ONNX files, run by onnxruntime, an optional package."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from ganstudio.checkpoints.clip.tokens import ClipTokens
from ganstudio.checkpoints.errors import CheckpointError, ContentError
from ganstudio.checkpoints.file_bytes import FileBytes
from ganstudio.checkpoints.formats.onnx_model import check_steps
from ganstudio.checkpoints.onnx.graph import OnnxModel, Port, looks_like_model, read_model
from ganstudio.networks.onnx_session import OnnxSession
from ganstudio.networks.spec import NetworkConfigError

USUAL_SIDE = 224  # pixels, where the file does not say
USUAL_LENGTH = 77
MEAN, DEVIATION = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
"""Of the pictures that CLIP learned on, by channel, 0 to 1. Source: Radford et al. 2021, their published code."""
_REMEDY = "export the two halves of a CLIP model as ONNX files of their own"

Floats = npt.NDArray[np.float32]


class ImageEncoder:
    """Puts pictures into the space that it shares with words.

    Args:
        path: An ONNX file that takes pictures `(N, 3, H, W)` and gives vectors `(N, E)`.
        threads: Processor threads.

    Attributes:
        side: Height and width that it takes, in pixels.

    Raises:
        CheckpointError: It is no such file, or onnxruntime is not installed.
    """

    def __init__(self, path: Path, threads: int) -> None:
        model, self._session = _open(path, threads)
        self._path = path
        pictures = [port for port in model.inputs if len(port.shape) == 4 and port.dtype in {"float32", "float16"}]
        if len(pictures) != 1 or len(model.inputs) != 1:
            raise CheckpointError(path, f"it takes {_say(model.inputs)}, not pictures alone", _REMEDY)
        self._input = pictures[0]
        self._output = _vectors_of(path, model, "image")
        self.side = self._input.shape[2] or USUAL_SIDE

    def encode(self, pictures: Floats) -> Floats:
        """Vectors of length 1 `(N, E)` of pictures `(N, 3, side, side)`, 0 to 1."""
        mean, deviation = (np.array(part, np.float32)[:, None, None] for part in (MEAN, DEVIATION))
        given = ((pictures - mean) / deviation).astype(self._input.dtype)
        if self._input.shape[0] in {None, len(given)}:
            return _unit(self._path, _run(self._path, self._session, {self._input.name: given}, self._output))
        parts = [_run(self._path, self._session, {self._input.name: part[None]}, self._output) for part in given]
        return _unit(self._path, np.concatenate(parts))


class TextEncoder:
    """Puts words into the space that it shares with pictures.

    Args:
        path: An ONNX file that takes numbers of words `(N, L)` and gives vectors `(N, E)`.
        tokens: Makes the numbers.
        threads: Processor threads.

    Raises:
        CheckpointError: It is no such file, or onnxruntime is not installed.
    """

    def __init__(self, path: Path, tokens: ClipTokens, threads: int) -> None:
        model, self._session = _open(path, threads)
        self._path, self._tokens = path, tokens
        whole = [port for port in model.inputs if len(port.shape) == 2 and port.dtype in {"int64", "int32"}]
        masks = [port for port in whole if "mask" in port.name.lower()]
        words = [port for port in whole if port not in masks]
        if len(words) != 1 or len(masks) > 1 or len(model.inputs) != len(whole):
            raise CheckpointError(path, f"it takes {_say(model.inputs)}, not the numbers of words", _REMEDY)
        self._words, self._mask = words[0], masks[0] if masks else None
        self._output = _vectors_of(path, model, "text")

    def encode(self, text: str) -> Floats:
        """The vector of length 1 `(E,)` of a text.

        Raises:
            CheckpointError: None of its words is in the vocabulary, or the encoder fails.
        """
        numbers = self._tokens.encode(text)
        if len(numbers) < 3:
            raise CheckpointError(self._path, f"no word of {text[:40]!r} is in the vocabulary", "use other words")
        length = self._words.shape[1] or min(len(numbers), USUAL_LENGTH)
        numbers = numbers if len(numbers) <= length else [*numbers[: length - 1], self._tokens.end]
        padded = numbers + [self._tokens.end] * (length - len(numbers))
        given: dict[str, npt.NDArray[np.generic]] = {self._words.name: np.array([padded], self._words.dtype)}
        if self._mask is not None:
            heard = [1] * len(numbers) + [0] * (length - len(numbers))
            given[self._mask.name] = np.array([heard], self._mask.dtype)
        vector: Floats = _unit(self._path, _run(self._path, self._session, given, self._output))[0]
        return vector


def _open(path: Path, threads: int) -> tuple[OnnxModel, OnnxSession]:
    file = FileBytes.open(path)
    whole = file.whole
    try:
        if not looks_like_model(whole.part(0, min(whole.size, 64)).read()):
            raise CheckpointError(path, "it is no ONNX file", _REMEDY)
        model = read_model(whole)
        check_steps(model)
        if model.inner_external or any(tensor.external for tensor in model.weights):
            raise CheckpointError(path, "its weights lie in another file", "export it as one file")
        return model, OnnxSession(whole.read(), threads)
    except ContentError as error:
        raise CheckpointError(path, error.reason, error.remedy or _REMEDY) from error
    except NetworkConfigError as error:
        raise CheckpointError(path, error.reason, error.remedy) from error


def _vectors_of(path: Path, model: OnnxModel, what: str) -> str:
    """The output that is a vector for each picture or text: the one that is called so, else the only one."""
    vectors = [port for port in model.outputs if len(port.shape) == 2]
    called = [port for port in vectors if what in port.name.lower() or "embed" in port.name.lower()]
    found = called or vectors
    if not found:
        raise CheckpointError(path, f"it gives {_say(model.outputs)}, and no vector for each {what}", _REMEDY)
    return found[0].name


def _run(path: Path, session: OnnxSession, given: dict[str, npt.NDArray[np.generic]], output: str) -> Floats:
    try:
        return np.asarray(session.run(given, [output])[0], np.float32)
    except NetworkConfigError as error:
        raise CheckpointError(path, error.reason, error.remedy) from error


def _unit(path: Path, vectors: Floats) -> Floats:
    if not np.isfinite(vectors).all():
        raise CheckpointError(path, "what it gives is not finite", "export it in float32")
    result: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return result


def _say(ports: list[Port]) -> str:
    return ", ".join(f"{port.name[:30]} {list(port.shape)}" for port in ports[:4]) or "nothing"
