"""rosinality's state_dict, which most programs around StyleGAN2 in PyTorch take: `{"g_ema", "latent_avg"}`."""

from pathlib import Path

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.writers.base import WRITERS, ConversionError, Draw, Model
from ganstudio.checkpoints.writers.reopening import reopen_checkpoint


class RosinalityFile:
    """Writes StyleGAN2 under rosinality's names."""

    title = "rosinality's StyleGAN2 (PyTorch state_dict)"
    suffixes: tuple[str, ...] = (".pt",)

    def write(self, path: Path, model: Model) -> None:
        """See `Writer`."""
        from ganstudio.checkpoints.layouts.writing_rosinality import write_rosinality

        try:
            write_rosinality(path, model.generator)
        except CheckpointError as error:  # it says what cannot be written, not that a file is bad
            raise ConversionError(path, error.reason, error.remedy) from error

    def reopen(self, path: Path, model: Model) -> Draw:  # noqa: ARG002 - the file says it all
        """See `Writer`."""
        return reopen_checkpoint(path)


WRITERS.add("rosinality", RosinalityFile())
