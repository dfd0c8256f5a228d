"""Which pictures a model was trained on, where that can be told, so that what is known of them can be used."""

from pathlib import Path

from ganstudio.checkpoints.base import CheckpointDescription
from ganstudio.checkpoints.builtin import is_builtin
from ganstudio.datasets.builtin import WORD
from ganstudio.training.errors import RunFolderError
from ganstudio.training.origin import Origin
from ganstudio.training.runs.run_folder import RunFolder

AVATARS = 4000  # as many as are drawn to learn from


def trained_on(description: CheckpointDescription) -> str:
    """The pictures that a model was trained on, as `open_source` takes them; "" where nobody knows or they are gone.

    A model says only what they are called; where they are is known for one that lies in the folder of its run.
    """
    called = str(description.facts.get("data", ""))
    if is_builtin(description.path) or called.partition(":")[0] == WORD:
        return f"{WORD}:{AVATARS}"
    run = next((RunFolder(folder) for folder in description.path.parents[:2] if RunFolder(folder).exists), None)
    if run is None:
        return ""
    try:
        place = Origin.of(run).place
    except RunFolderError:
        return ""
    return place if Path(place).exists() else ""
