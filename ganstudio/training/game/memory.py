"""When the memory does not suffice for a batch: how to tell, what to free, and in how many parts to take it then."""

import gc

import torch

from ganstudio.training.errors import TrainingMemoryError

_SAID = ("not enough memory", "can't allocate memory", "out of memory")  # what torch says of a processor's memory


def is_memory_error(error: BaseException) -> bool:
    """Whether it says that there is too little memory, on a processor or a GPU."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and any(words in str(error) for words in _SAID)


def more_parts(batch: int, parts: int, pack: int) -> int:
    """At least twice as many parts for a batch that did not fit in `parts`.

    Args:
        batch: Its pictures.
        parts: Taken one after another until now.
        pack: Pictures that cannot be parted.

    Raises:
        TrainingMemoryError: It is taken in the smallest parts already.
    """
    for more in range(2 * parts, batch // pack + 1):
        if batch % (more * pack) == 0:
            return more
    least = batch // pack
    if least > parts and batch % (least * pack) == 0:
        return least
    smallest = "one picture" if pack == 1 else f"one pack of {pack} pictures"
    reason = f"the memory does not suffice for {smallest} at a time"
    raise TrainingMemoryError("training", reason, "choose a smaller network or resolution, or end other programs")


def free_memory(device: torch.device) -> None:
    """Give back what is not in use any more."""
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()
