"""Runs of the DCGAN example of PyTorch and its many descendants: `netG_epoch_N.pth`, `fake_samples_epoch_NNN.png`.

A log, where somebody kept what was printed: `[epoch/epochs][step/steps] Loss_D: .. Loss_G: .. D(x): .. D(G(z)): a / b`.
"""

import re
from pathlib import Path

from ganstudio.training.runs.readers.base import RUN_READERS, Curve, RunRecord
from ganstudio.training.runs.readers.curves import CurveCollector
from ganstudio.training.runs.readers.lines import SkipCount, read_lines
from ganstudio.training.runs.readers.numbered import PICTURES, existing, has_numbered, list_names, list_numbered

_MODEL = r"netG_epoch_(\d{1,9})\.pth"
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_LINE = re.compile(
    rf"\[(\d{{1,9}})/\d{{1,9}}\]\[(\d{{1,9}})/(\d{{1,9}})\]\s+Loss_D: {_NUMBER}\s+Loss_G: {_NUMBER}"
    rf"(?:\s+D\(x\): {_NUMBER}\s+D\(G\(z\)\): {_NUMBER})?"
)
_ROLES = ("loss_discriminator", "loss_generator", "d_real", "d_fake")
_NAMES = ("Loss_D", "Loss_G", "D(x)", "D(G(z))")


class DcganExampleRun:
    """Reads a folder of epochs."""

    def detect(self, folder: Path) -> bool:
        """See `RunReader`."""
        return has_numbered(folder, _MODEL)

    def read(self, folder: Path) -> RunRecord:
        """See `RunReader`."""
        skipped = SkipCount()
        return RunRecord(
            path=folder,
            format="dcgan_example",
            title=folder.name,
            unit="epochs",
            curves=_curves(folder, skipped),
            sheets=list_numbered(folder, rf"fake_samples_epoch_(\d{{1,9}}){PICTURES}"),
            reals=existing(folder / "real_samples.png"),
            snapshots=list_numbered(folder, _MODEL),
            skipped_lines=skipped.lines,
        )


def _curves(folder: Path, skipped: SkipCount) -> tuple[Curve, ...]:
    collector = CurveCollector(dict(zip(_NAMES, _ROLES, strict=True)))
    logs = sorted(name for name in list_names(folder) if name.endswith((".log", ".txt")))
    for name in logs[:10]:
        for line in read_lines(folder / name, skipped):
            match = _LINE.search(line[:1000])
            if match:
                epoch, step, steps, *values = match.groups()
                moment = int(epoch) + int(step) / max(int(steps), 1)
                for title, value in zip(_NAMES, values, strict=True):
                    if value is not None:
                        collector.add(title, moment, float(value))
    return collector.finish()


RUN_READERS.add("dcgan_example", DcganExampleRun())
