"""What the opcodes that make and fill objects do with data: calls of the few constructors, and inert records."""

from typing import Any

from ganstudio.checkpoints.errors import ContentError, refuse_call
from ganstudio.checkpoints.pickles.constructors import DICT_LIKE, DILL_TYPE, LOAD_TYPE
from ganstudio.checkpoints.pickles.context import Context
from ganstudio.checkpoints.pickles.names import CONSTRUCTORS, may_be_called
from ganstudio.checkpoints.pickles.numpy_objects import PendingArray, build_array
from ganstudio.checkpoints.tree import AttributedDict, Record, Symbol, TensorData

_WRAPPERS = (("property",), ("PropertyType",), ("staticmethod",), ("StaticMethodType",), ("classmethod",),
             ("ClassMethodType",))  # fmt: skip


class Calls:
    """The calls that one pickle asks for.

    Args:
        context: The file around them.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self._budget = context.budget

    def call(self, callable_: Any, arguments: Any) -> Any:
        """REDUCE: what the call of a name stands for.

        Raises:
            ContentError: It stands for running code.
        """
        if not isinstance(arguments, tuple):
            raise TypeError("no arguments")
        if _is_wrapper_of_dill(callable_):
            return Record(f"dill.{callable_.args[0]}", arguments)
        if not isinstance(callable_, Symbol):
            raise _call_of_made(callable_)
        if callable_.name in ("copyreg.__newobj__", "copyreg.__newobj_ex__"):
            return self.make(arguments[0], arguments[1:])
        self._budget.spend_container()
        constructor = CONSTRUCTORS.get(callable_.name)
        if constructor is not None:
            return constructor(self.context, *arguments)
        if may_be_called(callable_.name):
            return Record(callable_.name, arguments)
        raise refuse_call(callable_.name)

    def make(self, cls: Any, arguments: Any) -> Any:
        """NEWOBJ: an empty object of a class, which cannot run more than the class itself."""
        if not isinstance(arguments, tuple):
            raise TypeError("no arguments")
        self._budget.spend_container()
        if isinstance(cls, Record) and cls.class_name == DILL_TYPE:
            return Record(_dill_name(cls), arguments)
        if not isinstance(cls, Symbol):
            raise TypeError("an object of no class")
        constructor = CONSTRUCTORS.get(cls.name)
        if cls.name in DICT_LIKE:
            arguments = ()  # some give their items twice, once here
        return constructor(self.context, *arguments) if constructor else Record(cls.name, arguments)

    def build(self, target: Any, state: Any) -> Any:
        """BUILD: give an object its attributes; returns the object."""
        if isinstance(target, PendingArray):
            return build_array(self.context, state)
        if isinstance(target, Record):
            object.__setattr__(target, "state", _merge_slots(target.state, state))
        elif isinstance(target, dict):
            self._give_attributes(target, state)
        elif not isinstance(target, TensorData | list | set):  # the attributes of these are of no use
            raise TypeError("attributes of something that has none")
        return target

    def _give_attributes(self, target: dict[Any, Any], state: Any) -> None:
        attributes = _merge_slots(None, state)
        if not isinstance(attributes, dict):
            raise TypeError("attributes without names")
        if isinstance(target, AttributedDict):
            target.attributes.update(attributes)
        else:
            self._budget.check_keys(attributes)
            target.update(attributes)

    def extend(self, target: Any, items: list[Any]) -> None:
        """APPEND and APPENDS."""
        if isinstance(target, Record):
            target = _items_of(target, list)
        if type(target) is not list:
            raise TypeError("no list")
        target.extend(items)

    def set_items(self, target: Any, items: list[Any]) -> None:
        """SETITEM and SETITEMS; keys and values take turns."""
        if isinstance(target, Record):
            target = _items_of(target, dict)
        if not isinstance(target, dict):
            raise TypeError("no dict")
        keys = items[::2]
        self._budget.check_keys(keys)
        target.update(zip(keys, items[1::2], strict=True))


def _items_of(record: Record, kind: type) -> Any:
    if record.items is None:
        object.__setattr__(record, "items", kind())
    return record.items


def _merge_slots(old: Any, state: Any) -> Any:
    """Python gives (attributes, slots) where a class has slots; either may be None."""
    if isinstance(state, tuple) and len(state) == 2 and all(isinstance(part, dict | None) for part in state):
        state = {**(state[0] or {}), **(state[1] or {})}
    if isinstance(old, dict) and isinstance(state, dict):
        return {**old, **state}
    return state


def _dill_name(created: Record) -> str:
    parts = created.args[1:2]
    return f"__main__.{parts[0]}"[:200] if parts and isinstance(parts[0], str) else "__main__.unnamed"


def _is_wrapper_of_dill(callable_: Any) -> bool:
    """Whether it is one of Python's wrappers of functions, which are attributes of classes."""
    return isinstance(callable_, Record) and callable_.class_name == LOAD_TYPE and callable_.args[:1] in _WRAPPERS


def _call_of_made(made: Any) -> ContentError:
    what = made.class_name[:100] if isinstance(made, Record) else type(made).__name__
    return refuse_call(f"something that it makes itself ({what})")
