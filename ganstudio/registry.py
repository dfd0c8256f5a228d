"""The one way plug-ins are kept: a named table that refuses duplicates and explains an unknown name."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from ganstudio.errors import GanStudioError

T = TypeVar("T")


class UnknownNameError(GanStudioError):
    """A name that no plug-in of this kind has."""


class Registry(Generic[T]):
    """Named plug-ins of one kind, in the order in which they were registered.

    Args:
        kind: What one item is, in a word for messages ("loss", "network").
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._items: dict[str, T] = {}

    def add(self, name: str, item: T) -> T:
        """Keep `item` under `name`; raises ValueError when the name is taken."""
        if name in self._items:
            raise ValueError(f"two {self.kind} plug-ins are called {name!r}")
        self._items[name] = item
        return item

    def register(self, name: str) -> Callable[[T], T]:
        """Return a decorator that keeps what it decorates under `name`."""
        return lambda item: self.add(name, item)

    def __getitem__(self, name: str) -> T:
        try:
            return self._items[name]
        except KeyError:
            known = ", ".join(self._items) or "none"
            raise UnknownNameError(
                repr(name), f"there is no {self.kind} of this name", f"choose one of: {known}"
            ) from None

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def names(self) -> tuple[str, ...]:
        """All names, in order of registration."""
        return tuple(self._items)

    def values(self) -> tuple[T, ...]:
        """All items, in order of registration."""
        return tuple(self._items.values())
