"""Where the state_dicts lie in what a file holds, whatever it was wrapped in, and whose they are.

Scripts save a network's weights bare, under a name ("generator", "netG", "g_ema" ...), beside optimisers and settings,
with the prefixes that parallel training and compilers add, or as a whole pickled module. All of them come out here as
the same thing: `StateDict`, names to tensors in the order in which the layers were made.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ganstudio.checkpoints.tree import Record, TensorData

MAX_DEPTH = 12
MAX_STATE_DICTS = 64
MAX_MODULES = 4000

ROLE_WORDS = {
    "generator": ("generator", "gen", "g", "ge", "decoder", "dec"),
    "discriminator": ("discriminator", "disc", "dis", "d", "critic"),
    "encoder": ("encoder", "enc", "e"),
    "classifier": ("classifier",),
}
AVERAGE_WORDS = ("ema", "avg", "average", "averaged", "ge", "shadow")
_ROLE_OF_WORD = {word: role for role, words in ROLE_WORDS.items() for word in words}
_ADDED_PREFIXES = ("module", "_orig_mod", "_forward_module", "model")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_NAME = re.compile(r"[\w\-]{1,80}")
_PLAIN = (bool, int, float, str)


@dataclass(frozen=True, eq=False)
class StateDict:
    """The weights of one network.

    Attributes:
        place: Where in the file, names joined by dots; "" for the file itself.
        tensors: Names without the prefixes that all had, in the order of the file.
        prefix: What was cut off each name: `place`, `prefix` and name together are the name in the file.
        role: "generator", "discriminator", "encoder", "classifier", or "" where no name says it.
        averaged: Whether a name says that it is a moving average of the trained weights.
        class_name: Class of a whole pickled module, "" otherwise.
        modules: Of a whole pickled module: class ("class") and plain attributes (eps, stride ...) of each submodule by
            its name, in order; those without weights too.
        module_names: Names of all modules in order, also of those without weights, as torch attaches them to a
            state_dict; () where the file has them not.
    """

    place: str
    tensors: dict[str, TensorData]
    prefix: str = ""
    role: str = ""
    averaged: bool = False
    class_name: str = ""
    modules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    module_names: tuple[str, ...] = ()

    def name_in_file(self, name: str) -> str:
        """The name under which `find_tensors` lists one of the tensors."""
        return ".".join(part for part in (self.place, self.prefix + name) if part)

    @property
    def parameters(self) -> int:
        """Number of values, without the statistics that normalisation keeps."""
        kept = (tensor for name, tensor in self.tensors.items()
                if not name.endswith(("running_mean", "running_var", "num_batches_tracked")))  # fmt: skip
        return sum(tensor.count for tensor in kept)


def find_state_dicts(tree: Any) -> list[StateDict]:
    """List the state_dicts of a tree: generators first, moving averages before what they average."""
    found = [part for part in _split_all(_walk(tree, (), 0)) if part.tensors]
    order = {"generator": 0, "": 1}
    return sorted(found[:MAX_STATE_DICTS], key=lambda part: (order.get(part.role, 2), not part.averaged))


def role_of_name(name: str) -> str:
    """What a name such as "netG_state" says that something is, or ""."""
    for word in _words(name):
        if word in _ROLE_OF_WORD:
            return _ROLE_OF_WORD[word]
    return ""


def find_settings(tree: Any) -> dict[str, Any]:
    """Plain values beside the weights at the top of a file (`latent_dim`, `epoch` ...), for hints and facts."""
    if not isinstance(tree, dict):
        return {}
    plain = {}
    for key, value in tree.items():
        numbers = (
            isinstance(value, list | tuple) and len(value) <= 8 and all(isinstance(item, _PLAIN) for item in value)
        )
        if isinstance(key, str) and (isinstance(value, _PLAIN) or numbers):
            plain[key[:80]] = value[:200] if isinstance(value, str) else value
    return dict(list(plain.items())[:100])


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name)]


def _walk(node: Any, place: tuple[str, ...], depth: int) -> Iterator[StateDict]:
    if depth > MAX_DEPTH:
        return
    if isinstance(node, Record):
        if is_module(node):
            yield _named(module_state_dict(node, ".".join(place)), place)
            return
        node = _content(node)
    if isinstance(node, dict):
        yield from _walk_dict(node, place, depth)
    elif isinstance(node, list | tuple):
        for index, value in enumerate(node[:MAX_STATE_DICTS]):
            if isinstance(value, dict | Record):
                yield from _walk(value, (*place, str(index)), depth + 1)


def _walk_dict(node: dict[Any, Any], place: tuple[str, ...], depth: int) -> Iterator[StateDict]:
    if "param_groups" in node:  # an optimiser, whose tensors are of the same shapes as a network's
        return
    inside = [part for key, value in node.items() if isinstance(value, dict | Record | list | tuple)
              for part in _walk(value, (*place, str(key)), depth + 1)]  # fmt: skip
    tensors = {str(key): value for key, value in node.items() if isinstance(value, TensorData)}
    if tensors and not inside:
        yield _named(StateDict(".".join(place), tensors, module_names=_attached_names(node)), place)
    yield from inside


def _content(record: Record) -> Any:
    """What an object holds as a dict or list, else its attributes."""
    items = getattr(record, "items", None)
    return record.state if items is None else items


def _attached_names(node: dict[Any, Any]) -> tuple[str, ...]:
    """The module names that torch attaches to a state_dict (`_metadata`)."""
    attached = getattr(node, "attributes", {}).get("_metadata")
    if not isinstance(attached, dict):
        return ()
    return tuple(name for name in list(attached)[:MAX_MODULES] if isinstance(name, str))


def _named(part: StateDict, place: tuple[str, ...]) -> StateDict:
    names = [*place, part.class_name.rpartition(".")[2]]
    role = next((role for name in reversed(names) if (role := role_of_name(name))), "")
    averaged = any(word in AVERAGE_WORDS for name in place for word in _words(name))
    return replace(part, role=role, averaged=averaged)


def _split_all(parts: Iterator[StateDict]) -> Iterator[StateDict]:
    for part in parts:
        yield from (_strip(split) for split in _split(_strip(part)))


def _split(part: StateDict) -> list[StateDict]:
    """Part what one state_dict holds of several networks (`generator.0.weight`, `discriminator.0.weight`)."""
    firsts = dict.fromkeys(name.partition(".")[0] for name in part.tensors if "." in name)
    roles = {first: role_of_name(first) for first in firsts if len(_words(first)) <= 3}
    if "generator" not in roles.values() or len(set(roles.values()) - {""}) < 2 or part.class_name:
        return [part]
    parts = []
    for first, role in roles.items():
        if role:
            chosen = {name: tensor for name, tensor in part.tensors.items() if name.startswith(first + ".")}
            averaged = part.averaged or any(word in AVERAGE_WORDS for word in _words(first))
            names = tuple(name for name in part.module_names if name.startswith(first + "."))
            parts.append(replace(part, tensors=chosen, role=role, averaged=averaged, module_names=names))
    return parts


def _strip(part: StateDict) -> StateDict:
    """Cut off the prefixes that all names share and that say nothing of layers."""
    while True:
        tensors = {name: tensor for name, tensor in part.tensors.items() if name != "n_averaged"}
        firsts = {name.partition(".")[0] for name in tensors}
        first = next(iter(firsts), "")
        role = role_of_name(first) if len(_words(first)) <= 2 else ""
        if len(firsts) != 1 or not all("." in name for name in tensors) or not (first in _ADDED_PREFIXES or role):
            return part
        if _is_layer_stack(first, tensors):
            return part
        start = len(first) + 1
        part = replace(
            part,
            tensors={name[start:]: tensor for name, tensor in tensors.items()},
            prefix=f"{part.prefix}{first}.",
            role=part.role or role,
            averaged=part.averaged or len(tensors) < len(part.tensors),
            modules={name[start:]: facts for name, facts in part.modules.items() if name.startswith(first + ".")},
            module_names=tuple(name[start:] for name in part.module_names if name.startswith(first + ".")),
        )


def _is_layer_stack(first: str, tensors: Mapping[str, TensorData]) -> bool:
    """Whether a name holds one single layer, whose name must stay."""
    return all(name.count(".") == 1 for name in tensors) and first not in _ADDED_PREFIXES


def is_module(record: Record) -> bool:
    """Whether an object is a pickled torch module: by the attributes that every module has."""
    state = record.state
    return isinstance(state, dict) and isinstance(state.get("_modules"), dict | Record) and "_parameters" in state


def module_state_dict(record: Record, place: str = "") -> StateDict:
    """Take the tensors of a whole pickled module, and what its submodules say of themselves, without its code."""
    tensors: dict[str, TensorData] = {}
    modules: dict[str, dict[str, Any]] = {}
    for name, module in _walk_modules(record, (), 0):
        state = module.state
        modules[name] = {"class": module.class_name.rpartition(".")[2], **_plain_attributes(state)}
        for kind in ("_parameters", "_buffers"):
            for key, value in _items(state.get(kind)):
                if isinstance(value, TensorData):
                    tensors[f"{name}.{key}" if name else str(key)] = value
        if len(modules) >= MAX_MODULES:
            break
    modules.pop("", None)
    return StateDict(place, tensors, class_name=record.class_name, modules=modules)


def _walk_modules(record: Record, place: tuple[str, ...], depth: int) -> Iterator[tuple[str, Record]]:
    yield ".".join(place), record
    if depth >= MAX_DEPTH:
        return
    for key, value in _items(record.state.get("_modules")):
        if isinstance(value, Record) and is_module(value) and _NAME.fullmatch(str(key)):
            yield from _walk_modules(value, (*place, str(key)), depth + 1)


def _items(node: Any) -> list[tuple[Any, Any]]:
    if isinstance(node, Record):
        node = _content(node)
    return list(node.items()) if isinstance(node, dict) else []


def _plain_attributes(state: Mapping[str, Any]) -> dict[str, Any]:
    kept = {}
    for key, value in state.items():
        numbers = isinstance(value, tuple) and len(value) <= 4 and all(isinstance(item, int | float) for item in value)
        if not str(key).startswith("_") and (isinstance(value, _PLAIN) or numbers):
            kept[str(key)[:80]] = value
    return kept
