"""The catalogue of public networks by their authors' own addresses; what nobody published (sizes, hashes) stays open.

The list is `resources/public_models.json`. To add one: its publisher's own address over https, and the licence as the
publisher words it; never a guess.
"""

import json
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ganstudio.errors import GanStudioError
from ganstudio.files import user_data_dir
from ganstudio.resources import resource_path

if TYPE_CHECKING:
    from ganstudio.downloads import Download


class PublicModelsError(GanStudioError):
    """The catalogue that comes with the program cannot be read."""


@dataclass(frozen=True)
class PublicModel:
    """A network that its authors offer to everybody.

    Attributes:
        name: Names it and its file.
        title: What it draws.
        family: What it is.
        resolution: Height and width of its pictures in pixels.
        classes: How many classes it has, 0 for none.
        url: Its authors' address of the file.
        licence: What its authors allow.
        page: Where to read about it.
        size: Bytes, or None where nobody says.
        sha256: As its authors publish it, or "".
        note: What else to know.
    """

    name: str
    title: str
    family: str
    resolution: int
    classes: int
    url: str
    licence: str
    page: str
    size: int | None
    sha256: str
    note: str

    @property
    def path(self) -> Path:
        """Where it is kept when it is downloaded."""
        return downloads_folder() / f"{self.name}.pkl"

    @property
    def host(self) -> str:
        """Whose server it comes from."""
        return urlsplit(self.url).hostname or ""

    def matches(self, words: str) -> bool:
        """Whether every one of these words is in what is known of it."""
        known = f"{self.name} {self.title} {self.family} {self.resolution} {self.resolution}px {self.host}".lower()
        return all(word in known for word in words.lower().split())

    def wish(self) -> "Download":
        """How to fetch it."""
        from ganstudio.downloads import Download  # late: what speaks to servers is not needed to list models

        return Download(self.url, self.path, self.sha256, self.size)


def downloads_folder() -> Path:
    """Where downloaded models are kept."""
    return user_data_dir() / "downloads"


@cache
def public_models() -> tuple[PublicModel, ...]:
    """All of them, in the catalogue's order.

    Raises:
        PublicModelsError: The file that came with the program is damaged.
    """
    path = resource_path("public_models.json")
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        names = {item.name for item in fields(PublicModel)}
        return tuple(PublicModel(**{name: value[name] for name in names}) for value in values)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise PublicModelsError(path, f"it cannot be read ({error})", "install GANStudio again") from error
