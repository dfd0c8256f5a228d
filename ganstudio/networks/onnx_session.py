"""Runs ONNX models through onnxruntime, an optional package; numpy in, numpy out."""

import functools
import importlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ganstudio.networks.spec import NetworkConfigError

INSTALL = "install it beside GANStudio: pip install onnxruntime"
NUMPY_TYPES = {
    "float32": np.float32, "float16": np.float16, "float64": np.float64, "int64": np.int64, "int32": np.int32,
    "bool": np.bool_, "uint8": np.uint8,
}  # fmt: skip
MAX_BYTES = 4 << 30  # for the activations of all models
_SILENT = 4  # onnxruntime's own messages go to the terminal, past everything

Arrays = Mapping[str, npt.NDArray[np.generic]]


class OnnxSession:
    """One model, ready to run on the processor; no libraries of operators are loaded.

    Args:
        data: The model's file.
        threads: Processor threads.

    Raises:
        NetworkConfigError: onnxruntime is not installed, or does not take the model.
    """

    def __init__(self, data: bytes, threads: int) -> None:
        runtime = _runtime()
        options = runtime.SessionOptions()
        options.intra_op_num_threads = max(1, threads)
        options.inter_op_num_threads = 1
        options.log_severity_level = _SILENT
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.add_session_config_entry("session.use_env_allocators", "1")
        self._failures = _failures()
        try:
            self._session: Any = runtime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        except self._failures as error:
            raise _failure("onnxruntime does not take this model", error) from error

    def run(self, given: Arrays, wanted: Sequence[str]) -> list[npt.NDArray[np.generic]]:
        """Compute the outputs of the given names.

        Raises:
            NetworkConfigError: The model fails.
        """
        try:
            results: list[npt.NDArray[np.generic]] = self._session.run(list(wanted), dict(given))
        except self._failures as error:
            raise _failure("onnxruntime cannot run this model", error) from error
        return results


def has_runtime() -> bool:
    """Whether onnxruntime is installed."""
    try:
        _runtime()
    except NetworkConfigError:
        return False
    return True


@functools.cache
def _runtime() -> Any:
    """The package, its memory limited once for all models: what a graph asks for is not in proportion to its file."""
    try:
        runtime = importlib.import_module("onnxruntime")
    except ImportError as error:
        raise NetworkConfigError("onnxruntime", "ONNX models run through this package, which is not installed",
                                 INSTALL) from error  # fmt: skip
    place = runtime.OrtMemoryInfo("Cpu", runtime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, runtime.OrtMemType.DEFAULT)
    limits = {"max_mem": MAX_BYTES, "arena_extend_strategy": 1, "initial_chunk_size_bytes": -1,
              "max_dead_bytes_per_chunk": -1}  # fmt: skip
    runtime.create_and_register_allocator(place, runtime.OrtArenaCfg(limits))
    return runtime


def _failures() -> tuple[type[Exception], ...]:
    """All its errors, which have no base of their own."""
    module = importlib.import_module("onnxruntime.capi.onnxruntime_pybind11_state")
    kinds = [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    return (*kinds, RuntimeError, ValueError)


def _failure(reason: str, error: Exception) -> NetworkConfigError:
    detail = " ".join(str(error).split())
    detail = detail.partition("Status Message:")[2].strip() or detail
    return NetworkConfigError("onnx", f"{reason} ({detail[:120]})", "export it again, for CPU")
