"""Trees that can be walked: no circles, no endless depth, no parts that multiply."""

from typing import Any

from ganstudio.checkpoints.errors import ContentError
from ganstudio.checkpoints.tree import MAX_PLACES, Record, Symbol

MAX_NESTING = 100

CIRCLE = Symbol("(a part that contains this one)")

_CONTAINERS = (dict, list, tuple, Record)


def check_tree(tree: Any) -> None:
    """Make a tree one that a walk comes out of; takes time in proportion to what is there.

    Where a part contains itself, which settings do whose parts know what they are part of, a symbol takes its place.

    Raises:
        ContentError: Its parts are nested too deeply, or, because the same part stands in many places, there are more
            than 300,000 places; or a tuple contains itself.
    """
    places: dict[int, int] = {}  # of finished parts, by identity: how many places a walk through them visits
    depths: dict[int, int] = {}
    open_parts: set[int] = set()
    stack: list[Any] = [tree]
    while stack:
        node = stack[-1]
        mark = id(node)
        if mark in places:
            stack.pop()
        elif mark in open_parts:
            open_parts.discard(mark)
            inner = _inner(node)
            places[mark] = 1 + sum(places[id(part)] for part in inner)
            depths[mark] = 1 + max((depths[id(part)] for part in inner), default=0)
            if places[mark] > MAX_PLACES or depths[mark] > MAX_NESTING:
                raise ContentError("its parts contain one another too often or too deeply")
            stack.pop()
        else:
            open_parts.add(mark)
            if any(id(part) in open_parts for part in _inner(node)):
                _cut(node, open_parts)
            stack += [part for part in _inner(node) if id(part) not in places]


def _cut(node: Any, open_parts: set[int]) -> None:
    """Replace what contains this part by a symbol."""
    if isinstance(node, Record):
        for name in ("state", "items"):
            if id(getattr(node, name)) in open_parts:
                object.__setattr__(node, name, CIRCLE)
    elif isinstance(node, dict):
        node.update({key: CIRCLE for key, part in node.items() if id(part) in open_parts})
    elif isinstance(node, list):
        node[:] = [CIRCLE if id(part) in open_parts else part for part in node]
    if any(id(part) in open_parts for part in _inner(node)):
        raise ContentError("it contains itself, which no saved weights do")


def _inner(node: Any) -> list[Any]:
    if isinstance(node, Record):
        parts: Any = (node.args, node.state, node.items)
    elif isinstance(node, dict):
        parts = (*node.values(), getattr(node, "attributes", None))
    else:
        parts = node if isinstance(node, list | tuple) else ()
    return [part for part in parts if isinstance(part, _CONTAINERS)]
