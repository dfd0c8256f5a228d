"""Whether a tree can be walked: no circles, no endless depth, no parts that multiply."""

from typing import Any

from ganstudio.checkpoints.errors import ContentError
from ganstudio.checkpoints.tree import MAX_PLACES, Record

MAX_NESTING = 100

_CONTAINERS = (dict, list, tuple, Record)


def check_tree(tree: Any) -> None:
    """Refuse a tree that a walk would not come out of; takes time in proportion to what is there.

    Raises:
        ContentError: Its parts contain themselves, are nested too deeply, or, because the same part stands in many
            places, there are more than a million places.
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
            for part in _inner(node):
                if id(part) in open_parts:
                    raise ContentError("it contains itself, which no saved weights do")
                if id(part) not in places:
                    stack.append(part)


def _inner(node: Any) -> list[Any]:
    if isinstance(node, Record):
        parts: Any = (node.args, node.state, node.items)
    elif isinstance(node, dict):
        parts = node.values()
    else:
        parts = node if isinstance(node, list | tuple) else ()
    return [part for part in parts if isinstance(part, _CONTAINERS)]
