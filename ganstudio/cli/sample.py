"""`ganstudio sample`: pictures of given latents, or a contact sheet of seeds."""

import argparse
import io
import math
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ganstudio.cli.base import VERBS, UsageError, Verb, add_assume, add_device
from ganstudio.cli.redrawing import redraw
from ganstudio.errors import GanStudioError
from ganstudio.files import write_atomically
from ganstudio.npy_header import read_header

if TYPE_CHECKING:
    import torch

    from ganstudio.networks.base import Generator

MAX_BATCH = 64
_BATCH_ROWS = 4096  # of pixels in all pictures of a batch
MAX_SEEDS = 400
MAX_BYTES = 1 << 31
_MEMBERS = ("z", "w", "labels")
_DESCRIPTION = """\
Draw pictures with the generator of a checkpoint.

With --latents, reads `z` (N, z_dim) and optional `labels` (N,) from an .npz file and writes `images` float32
(N, C, H, W) in the network's own output range to --output. For networks with a mapping, `w` (N, num_ws, w_dim) or
(N, w_dim) may be given in place of z, the `w` (N, num_ws, w_dim) that was drawn is written too, and --truncation moves
w towards its mean, also a w that was given; noise is that of the file.
With --seeds, draws a contact sheet; the same seed gives the same picture as in the window.
With --picture, draws again what a picture saved by GANStudio says of its making, single or a sheet.

examples:
  ganstudio sample model.safetensors --latents latents.npz --output images.npz --truncation 0.7
  ganstudio sample model.safetensors --seeds 0-15 --grid sheet.png
  ganstudio sample model.safetensors --picture kept.jpg --grid again.png
"""


class LatentsError(GanStudioError):
    """A file of latents that does not fit."""


@dataclass(frozen=True)
class Latents:
    """What a file of latents holds.

    Attributes:
        values: z `(N, z_dim)`, or w `(N, num_ws, w_dim)` if `is_w`.
        labels: int64 `(N,)`, None where there are no classes.
        is_w: Whether the values are after the mapping.
    """

    values: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64] | None
    is_w: bool = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("checkpoint", metavar="CHECKPOINT", type=Path, help="the file to draw with")
    parser.add_argument("--latents", metavar="IN.npz", type=Path, help="latents to draw")
    parser.add_argument("--output", metavar="OUT.npz", type=Path, help="where the images go")
    parser.add_argument("--seeds", type=parse_seeds, help="seeds to draw, such as 0-15 or 1,5,9")
    parser.add_argument("--picture", metavar="IN.png", type=Path, help="a picture saved here, to be drawn again")
    parser.add_argument("--grid", metavar="OUT.png", type=Path, help="where the contact sheet, or the picture, goes")
    parser.add_argument("--label", type=int, help="class of all pictures of the sheet (default: the seed chooses)")
    parser.add_argument("--truncation", metavar="PSI", type=float, default=1.0, help="1 as drawn, 0 the mean picture")
    add_assume(parser)
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
    if options.picture is not None:
        redraw(options)
    if options.latents is not None:
        _draw_latents(options)
    return 0


def _check_options(options: argparse.Namespace) -> None:
    if (options.latents is None) != (options.output is None):
        raise UsageError("sample", "--latents and --output belong together", "give both")
    if options.seeds is not None and options.picture is not None:
        raise UsageError("sample", "--seeds and --picture are two sheets", "give one of them")
    if (options.seeds is None and options.picture is None) != (options.grid is None):
        raise UsageError("sample", "--seeds or --picture, and --grid belong together", "give both")
    if options.latents is None and options.grid is None:
        raise UsageError("sample", "nothing to draw", "give --latents with --output, or --seeds with --grid")
    if not -2 <= options.truncation <= 2:
        raise UsageError("--truncation", f"{options.truncation:g} is out of range", "choose -2 to 2")


def _draw_sheet(options: argparse.Namespace) -> None:
    from ganstudio.checkpoints.catalogue import read
    from ganstudio.checkpoints.fingerprints import fingerprint_of
    from ganstudio.images import save_picture, tile  # late, with torch: `--help` must be instant
    from ganstudio.project.recipe import Recipe, Sheet
    from ganstudio.rendering.looks.look import Look
    from ganstudio.rendering.renderer import Renderer
    from ganstudio.rendering.request import RenderRequest

    renderer = Renderer(read(options.checkpoint, options.assume), options.device)
    looks = tuple(Look(seed, options.truncation, options.label) for seed in options.seeds)
    request = RenderRequest(str(options.checkpoint), looks)
    columns = math.ceil(math.sqrt(len(looks)))
    path = options.checkpoint.resolve()
    recipe = Recipe(looks[0], str(path), fingerprint_of(path), sheet=Sheet(looks, columns))
    save_picture(options.grid, tile(renderer.render(request).pixels, columns), recipe.to_json())
    print(f"{options.grid}: {len(looks)} pictures", file=sys.stderr)


def _draw_latents(options: argparse.Namespace) -> None:
    from ganstudio.checkpoints.building import build_generator
    from ganstudio.checkpoints.catalogue import read
    from ganstudio.devices import resolve_device

    device = resolve_device(options.device)
    generator = build_generator(read(options.checkpoint, options.assume), device)
    latents = read_latents(options.latents, generator)
    drawn = _collect(generator, _generate(generator, latents, options.truncation, device))
    write_npz(options.output, drawn)
    print(f"{options.output}: {len(latents.values)} pictures", file=sys.stderr)


Arrays = dict[str, npt.NDArray[np.generic]]


def _collect(generator: "Generator", parts: Iterator[Arrays]) -> Arrays:
    """Join the batches; the right shapes where there is none."""
    spec = generator.spec
    nothing: Arrays = {"images": np.zeros((0, spec.channels, spec.resolution, spec.resolution), np.float32)}
    if spec.num_ws:
        nothing["w"] = np.zeros((0, spec.num_ws, spec.w_dim), np.float32)
    batches = list(parts)
    return {name: np.concatenate([part[name] for part in batches or [nothing]]) for name in nothing}


def _generate(generator: "Generator", latents: Latents, truncation: float, device: "torch.device") -> Iterator[Arrays]:
    import torch

    from ganstudio.latent.spaces import truncate
    from ganstudio.networks.base import MappedGenerator, SelfTruncatingGenerator

    batch = max(1, min(MAX_BATCH, _BATCH_ROWS // generator.spec.resolution))
    for start in range(0, len(latents.values), batch):
        values = torch.from_numpy(latents.values[start : start + batch]).to(device)
        labels = None
        if latents.labels is not None:
            labels = torch.from_numpy(latents.labels[start : start + batch]).to(device)
        with torch.inference_mode():
            if isinstance(generator, SelfTruncatingGenerator):
                psi = torch.full((len(values),), truncation)
                yield {"images": generator.draw(values, labels, psi).float().cpu().numpy()}
                continue
            if not isinstance(generator, MappedGenerator):
                yield {"images": generator(truncate(values, truncation), labels).float().cpu().numpy()}
                continue
            w = values if latents.is_w else generator.map(values, labels)
            w = generator.truncate(w, truncation, labels)
            yield {"images": generator.synthesise(w).float().cpu().numpy(), "w": w.float().cpu().numpy()}


def read_latents(path: Path, generator: "Generator") -> Latents:
    """Read latents for a generator; z where the file holds both z and w.

    Raises:
        LatentsError: The file is missing, no .npz, holds neither `z` nor a `w` that the network takes, or shapes, types
            or values do not fit.
    """
    arrays = _read_npz(path)
    spec = generator.spec
    if "z" in arrays:
        values = _check_numbers(path, "z", arrays["z"], (spec.z_dim,))
    elif "w" in arrays and spec.num_ws:
        values = _check_numbers(path, "w", arrays["w"], (spec.num_ws, spec.w_dim))
    else:
        hint = "this network has no w" if "w" in arrays else f"it holds {', '.join(arrays) or 'nothing'}"
        raise LatentsError(path, f"there is no array 'z' in it ({hint})", f"save z of shape (N, {spec.z_dim})")
    return Latents(values, _check_labels(path, arrays.get("labels"), len(values), spec.num_classes), "z" not in arrays)


def _check_numbers(
    path: Path, name: str, values: npt.NDArray[np.generic], row: tuple[int, ...]
) -> npt.NDArray[np.float32]:
    """The values as float32 `(N, *row)`; one w is taken for all layers."""
    if values.ndim == 2 and len(row) == 2 and values.shape[1] == row[1]:
        values = np.repeat(values[:, None], row[0], axis=1)
    if values.shape[1:] != row or values.ndim != len(row) + 1 or values.dtype.kind not in "fiu":
        reason = f"its {name} is {values.dtype} of shape {values.shape}"
        wanted = ", ".join(["N", *map(str, row)])
        raise LatentsError(path, reason, f"this network takes numbers of shape ({wanted})")
    numbers: npt.NDArray[np.float32] = values.astype(np.float32)
    if not np.isfinite(numbers).all():
        raise LatentsError(path, f"its {name} holds values that are no numbers", "save finite numbers")
    return numbers


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
