"""Whether a run can begin with the weights of a file, as far as its description tells; free of torch."""

from pathlib import Path

from ganstudio.checkpoints.base import CheckpointDescription
from ganstudio.networks.spec import GeneratorSpec
from ganstudio.training.errors import TrainingError
from ganstudio.training.runs.run_folder import RunFolder, is_snapshot

_WITHOUT_WEIGHTS = ("onnx_graph",)


def refusal_to_begin(description: CheckpointDescription) -> TrainingError | None:
    """Why no run can begin with a file, and what to do; None where one can, as far as is known."""
    if description.spec is None or not description.family:
        return TrainingError(description.path, "it holds no generator that can be drawn with", "choose another file")
    if description.family in _WITHOUT_WEIGHTS:
        reason = "it is a graph in ONNX, whose weights cannot learn"
        return TrainingError(description.path, reason, "choose the file that the graph was made of")
    return None


def refusal_of_pictures(
    description: CheckpointDescription, resolution: int, channels: int, class_count: int
) -> TrainingError | None:
    """Why a generator cannot learn from pictures, and what to do about them; None where it can.

    Args:
        description: Of its file.
        resolution: Height and width that the pictures are prepared at, in pixels.
        channels: 3 or 1.
        class_count: How many classes they have, 0 or 1 for none.
    """
    spec = description.spec
    if spec is None:
        return None
    if (spec.resolution, spec.channels) != (resolution, channels):
        reason = f"it draws {_say_look(spec.resolution, spec.channels)}, not {_say_look(resolution, channels)}"
        remedy = f"prepare the pictures at {_say_look(spec.resolution, spec.channels)}"
        return TrainingError(description.path, reason, remedy)
    if spec.num_classes and spec.num_classes != class_count:
        return TrainingError(description.path, *_say_classes(spec, class_count))
    return None


def state_beside(path: Path) -> Path | None:
    """The newest state of the run that a snapshot comes from, with its discriminator; None of any other file."""
    states = RunFolder(path.parent.parent).states() if is_snapshot(path) else []
    return states[-1][1] if states else None


def _say_look(resolution: int, channels: int) -> str:
    return f"{resolution} px in {'colour' if channels == 3 else 'grey'}"


def _say_classes(spec: GeneratorSpec, class_count: int) -> tuple[str, str]:
    theirs = f"the pictures have {class_count}" if class_count > 1 else "the pictures have none, or are not to have any"
    remedy = f"sort the pictures into {spec.num_classes} folders, one for each class, or choose a file without classes"
    return f"it draws {spec.num_classes} classes, {theirs}", remedy
