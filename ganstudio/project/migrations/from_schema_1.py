"""From schema 1 to 2: pictures know their model and their name."""

from collections.abc import Mapping
from typing import Any


def migrate(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give every picture of the history and the favourites the model of the file, the only one there was."""
    checkpoint = values["checkpoint"]

    def entries(looks: Any) -> list[dict[str, Any]]:
        return [{"look": look, "checkpoint": checkpoint, "name": ""} for look in looks]

    return {
        **values,
        "schema": 2,
        "program": "GANStudio 0.1.0",
        "models": {},
        "history": entries(values["history"]),
        "favourites": entries(values["favourites"]),
        "texts": {},
    }
