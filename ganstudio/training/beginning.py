"""Whether a run can begin with the weights of a file, as far as its description tells; free of torch."""

from ganstudio.checkpoints.base import CheckpointDescription
from ganstudio.training.config import NETWORK_NAMES, TrainingConfig
from ganstudio.training.errors import TrainingError


def refusal_to_begin(description: CheckpointDescription, config: TrainingConfig) -> TrainingError | None:
    """Why a run of these settings cannot begin with a file, and what to do; None where it can, as far as is known.

    Args:
        description: Of the file.
        config: Of the run.
    """
    family = description.family
    if family not in NETWORK_NAMES:
        reason = f"it is a generator of the family {family}, which can be opened here but not trained"
        return TrainingError(description.path, reason, f"choose a file of {', '.join(NETWORK_NAMES)}, or start afresh")
    if family != config.network:
        reason = f"it is a generator of the family {family}, the run trains {config.network}"
        return TrainingError(description.path, reason, "choose a recipe of the same family, or start afresh")
    return None
