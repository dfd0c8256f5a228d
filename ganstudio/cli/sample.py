"""`ganstudio sample`: pictures of given latents, or a contact sheet of seeds."""

import argparse
import io
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ganstudio.cli.base import VERBS, UsageError, Verb, add_device
from ganstudio.errors import GanStudioError
from ganstudio.files import write_atomically
from ganstudio.npy_header import read_header

if TYPE_CHECKING:
    import torch

    from ganstudio.networks.base import Generator

BATCH = 64
MAX_SEEDS = 400
MAX_BYTES = 1 << 31
_MEMBERS = ("z", "w", "labels")
_DESCRIPTION = """\
Draw pictures with the generator of a checkpoint.

With --latents, reads `z` (N, z_dim) (or `w` (N, num_ws, w_dim) for networks that have one) and optional `labels` (N,)
from an .npz file and writes `images` float32 (N, C, H, W) in the network's own output range to --output.
With --seeds, draws a contact sheet; the same seed gives the same picture as in the window.

examples:
  ganstudio sample model.safetensors --latents latents.npz --output images.npz --truncation 0.7
  ganstudio sample model.safetensors --seeds 0-15 --grid sheet.png
"""


class LatentsError(GanStudioError):
    """A file of latents that does not fit."""


@dataclass(frozen=True)
class Latents:
    """What a file of latents holds: z `(N, z_dim)`, labels int64 `(N,)` or None."""

    z: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64] | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("checkpoint", metavar="CHECKPOINT", type=Path, help="the file to draw with")
    parser.add_argument("--latents", metavar="IN.npz", type=Path, help="latents to draw")
    parser.add_argument("--output", metavar="OUT.npz", type=Path, help="where the images go")
    parser.add_argument("--seeds", type=parse_seeds, help="seeds to draw, such as 0-15 or 1,5,9")
    parser.add_argument("--grid", metavar="OUT.png", type=Path, help="where the contact sheet goes")
    parser.add_argument("--label", type=int, help="class of all pictures of the sheet (default: the seed chooses)")
    parser.add_argument("--truncation", metavar="PSI", type=float, default=1.0, help="1 as drawn, 0 the mean picture")
    add_device(parser)


def parse_seeds(text: str) -> list[int]:
    """Read "0-15" or "1,5,9-12" as seeds; raises argparse's error for anything else."""
    if not re.fullmatch(r"\d{1,10}(-\d{1,10})?(,\d{1,10}(-\d{1,10})?)*", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no list of seeds; write 0-15 or 1,5,9")
    seeds: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        if int(last or first) - int(first) >= MAX_SEEDS:
            raise argparse.ArgumentTypeError(f"{part} are more than {MAX_SEEDS} seeds")
        seeds.extend(range(int(first), int(last or first) + 1))
    if not 0 < len(seeds) <= MAX_SEEDS or max(seeds) >= 2**32:
        raise argparse.ArgumentTypeError(f"give 1 to {MAX_SEEDS} seeds below 2**32, the lower one first")
    return seeds


def run(options: argparse.Namespace) -> int:
    """Draw."""
    _check_options(options)
    if options.seeds is not None:
        _draw_sheet(options)
    if options.latents is not None:
        _draw_latents(options)
    return 0


def _check_options(options: argparse.Namespace) -> None:
    if (options.latents is None) != (options.output is None):
        raise UsageError("sample", "--latents and --output belong together", "give both")
    if (options.seeds is None) != (options.grid is None):
        raise UsageError("sample", "--seeds and --grid belong together", "give both")
    if options.latents is None and options.seeds is None:
        raise UsageError("sample", "nothing to draw", "give --latents with --output, or --seeds with --grid")
    if not -2 <= options.truncation <= 2:
        raise UsageError("--truncation", f"{options.truncation:g} is out of range", "choose -2 to 2")


def _draw_sheet(options: argparse.Namespace) -> None:
    from ganstudio.images import save_picture, tile  # late, with torch: `--help` must be instant
    from ganstudio.rendering.renderer import Renderer
    from ganstudio.rendering.request import Look, RenderRequest

    renderer = Renderer(options.checkpoint, options.device)
    looks = tuple(Look(seed, options.truncation, options.label) for seed in options.seeds)
    request = RenderRequest(str(options.checkpoint), looks)
    recipe = {"checkpoint": str(options.checkpoint), "looks": [look.to_json() for look in looks]}
    save_picture(options.grid, tile(renderer.render(request).pixels), recipe)
    print(f"{options.grid}: {len(looks)} pictures", file=sys.stderr)


def _draw_latents(options: argparse.Namespace) -> None:
    from ganstudio.checkpoints.building import build_generator
    from ganstudio.checkpoints.catalogue import read
    from ganstudio.devices import resolve_device

    device = resolve_device(options.device)
    generator = build_generator(read(options.checkpoint), device)
    latents = read_latents(options.latents, generator)
    parts = list(_generate(generator, latents, options.truncation, device))
    spec = generator.spec
    nothing = np.zeros((0, spec.channels, spec.resolution, spec.resolution), np.float32)
    write_npz(options.output, {"images": np.concatenate(parts) if parts else nothing})
    print(f"{options.output}: {len(latents.z)} pictures", file=sys.stderr)


def _generate(
    generator: "Generator", latents: Latents, truncation: float, device: "torch.device"
) -> Iterator[npt.NDArray[np.float32]]:
    import torch

    from ganstudio.latent.spaces import truncate

    for start in range(0, len(latents.z), BATCH):
        z = truncate(torch.from_numpy(latents.z[start : start + BATCH]), truncation).to(device)
        labels = None
        if latents.labels is not None:
            labels = torch.from_numpy(latents.labels[start : start + BATCH]).to(device)
        with torch.inference_mode():
            yield generator(z, labels).float().cpu().numpy()


def read_latents(path: Path, generator: "Generator") -> Latents:
    """Read latents for a generator.

    Raises:
        LatentsError: The file is missing, no .npz, holds no `z`, or shapes, types or values do not fit.
    """
    arrays = _read_npz(path)
    spec = generator.spec
    if "z" not in arrays:
        hint = "this network has no w" if "w" in arrays else f"it holds {', '.join(arrays) or 'nothing'}"
        raise LatentsError(path, f"there is no array 'z' in it ({hint})", f"save z of shape (N, {spec.z_dim})")
    z = arrays["z"]
    if z.ndim != 2 or z.shape[1] != spec.z_dim or z.dtype.kind not in "fiu":
        reason = f"its z is {z.dtype} of shape {z.shape}"
        raise LatentsError(path, reason, f"this network takes numbers of shape (N, {spec.z_dim})")
    numbers: npt.NDArray[np.float32] = z.astype(np.float32)
    if not np.isfinite(numbers).all():
        raise LatentsError(path, "its z holds values that are no numbers", "save finite numbers")
    return Latents(numbers, _check_labels(path, arrays.get("labels"), len(z), spec.num_classes))


def _check_labels(
    path: Path, labels: npt.NDArray[np.generic] | None, count: int, classes: int
) -> npt.NDArray[np.int64] | None:
    if not classes:
        return None
    if labels is None:
        return np.zeros(count, np.int64)
    if labels.shape != (count,) or labels.dtype.kind not in "iu":
        reason = f"its labels are {labels.dtype} of shape {labels.shape}"
        raise LatentsError(path, reason, f"save whole numbers of shape ({count},)")
    if count and not 0 <= int(labels.min()) <= int(labels.max()) < classes:
        raise LatentsError(path, "a label is out of range", f"this network has the classes 0 to {classes - 1}")
    return labels.astype(np.int64)


def _read_npz(path: Path) -> dict[str, npt.NDArray[np.generic]]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            return {name: _read_member(archive, f"{name}.npy") for name in _MEMBERS if f"{name}.npy" in names}
    except FileNotFoundError as error:
        raise LatentsError(path, "the file is not there", "check its name") from error
    except (OSError, ValueError, EOFError, KeyError, NotImplementedError, RuntimeError, zipfile.BadZipFile) as error:
        raise LatentsError(
            path, f"it is no readable .npz file ({error})", "save with numpy.savez(path, z=z)"
        ) from error


def _read_member(archive: zipfile.ZipFile, name: str) -> npt.NDArray[np.generic]:
    """Read one array; what it promises is checked against what is there before anything is allocated."""
    size = archive.getinfo(name).file_size
    if size > MAX_BYTES:
        raise ValueError(f"{name} would take {size / 2**30:.1f} GiB")
    with archive.open(name) as file:
        data = io.BytesIO(file.read(size))
    header = read_header(data)
    if header.offset + header.size_bytes != size:
        raise ValueError(f"{name} is cut short")
    data.seek(0)
    array: npt.NDArray[np.generic] = np.load(data, allow_pickle=False)
    return array


def write_npz(path: Path, arrays: dict[str, npt.NDArray[np.generic]]) -> None:
    """Write arrays as an .npz file, atomically.

    Raises:
        FileWriteError: The disk is full or the folder not writable.
    """
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type] # its signature lists `allow_pickle` among the arrays
    write_atomically(path, lambda file: file.write(buffer.getbuffer()))


VERBS.add("sample", Verb("draw pictures of latents or a contact sheet of seeds", _DESCRIPTION, add_arguments, run))
