"""Which device computes and with how many threads: decided here and nowhere else."""

import functools
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ganstudio.errors import GanStudioError

if TYPE_CHECKING:
    import torch

DEVICE_NAMES = ("auto", "cpu", "cuda")


class DeviceError(GanStudioError):
    """A device that was asked for is not to be had."""


def resolve_device(name: str = "auto") -> "torch.device":
    """Turn "auto", "cpu", "cuda" or "cuda:1" into a device that is really there.

    Raises:
        DeviceError: An unknown name, or no such device on this machine.
    """
    import torch  # late: the window must open without waiting for torch

    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name != "cpu" and name.split(":", maxsplit=1)[0] != "cuda":
        raise DeviceError(repr(name), "there is no such device", "choose auto, cpu or cuda")
    if name == "cpu":
        return torch.device("cpu")
    if not torch.cuda.is_available():
        raise DeviceError(repr(name), "this machine has no CUDA device that torch can use", "choose cpu or auto")
    device = torch.device(name)
    if (device.index or 0) >= torch.cuda.device_count():
        raise DeviceError(repr(name), f"there are {torch.cuda.device_count()} CUDA devices", "choose a lower number")
    return device


@functools.cache
def expects_gpu() -> bool:
    """Whether "auto" will probably be a GPU: a driver is there, and the torch that is installed was built for one.

    Asked where torch must not be loaded for it; `resolve_device` knows for certain.
    """
    from ctypes.util import find_library
    from importlib.metadata import PackageNotFoundError, version

    try:
        built_for = version("torch").partition("+")[2]
    except PackageNotFoundError:
        return False
    if built_for.startswith(("cpu", "xpu")):
        return False
    if os.name == "nt":  # elsewhere this look takes a tenth of a second, and there are device files
        return bool(find_library("nvcuda"))
    return any(Path(f"/dev/{name}").exists() for name in ("nvidia0", "dxg"))


def mixed_type(precision: str, device: "torch.device") -> "torch.dtype | None":
    """In what the large operations of networks in training are computed, beside float32; None for all in float32.

    "auto" takes bfloat16 on a GPU that has it and float32 elsewhere; "bfloat16" takes it on a processor, too.
    """
    import torch

    on_fit_gpu = device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
    return torch.bfloat16 if precision == "bfloat16" or (precision == "auto" and on_fit_gpu) else None


def free_bytes(device: "torch.device") -> int:
    """The memory of a GPU that nobody uses; 0 for a processor, which has all data at hand anyway."""
    import torch

    return int(torch.cuda.mem_get_info(device)[0]) if device.type == "cuda" else 0


def describe_device(device: "torch.device") -> str:
    """What a person calls the device, such as "CPU, 2 threads" or the GPU's product name."""
    import torch

    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    threads = torch.get_num_threads()
    return f"CPU, {threads} thread{'s' if threads != 1 else ''}"


def available_cores() -> int:
    """The processor cores that this process may run on."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not Linux
        return os.cpu_count() or 1


def default_threads() -> int:
    """Threads for long work: all cores but one, because spinning threads on every core stall the window.

    Processes that a launcher started together share the cores among them.
    """
    together = launched().on_this_machine
    return max(1, available_cores() - 1 if together == 1 else available_cores() // together)


@dataclass(frozen=True)
class Launched:
    """How a launcher such as torchrun started this process; one alone by default.

    Attributes:
        rank: Its number among all, from 0.
        total: How many there are.
        local_rank: Its number on this machine, from 0: that of its GPU.
        on_this_machine: How many there are here.
    """

    rank: int = 0
    total: int = 1
    local_rank: int = 0
    on_this_machine: int = 1


def launched() -> Launched:
    """How this process was started, from what torchrun puts into the environment."""
    names = ("RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE")
    if "RANK" not in os.environ or "WORLD_SIZE" not in os.environ:
        return Launched()
    try:
        rank, total, local_rank, here = (int(os.environ.get(name, "0")) for name in names)
    except ValueError as error:
        raise DeviceError(
            "RANK, WORLD_SIZE", f"the environment says no numbers ({error})", "start it with torchrun"
        ) from error
    return Launched(rank, max(total, 1), local_rank, max(here, 1))


def resident_bytes() -> int | None:
    """The memory that this process holds now, or None where the system does not say it cheaply (not Linux)."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return None


def physical_bytes() -> int:
    """The memory of this machine; 4 GiB where the system does not say."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):  # not POSIX
        return 4 << 30
