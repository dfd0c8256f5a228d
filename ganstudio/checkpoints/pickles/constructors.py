"""Constructors of Python's own types, as data: what each call stands for, without the call.

Each takes the context and the arguments of the call. Nothing is made that is larger than what stands in the file.
"""

import hashlib
from collections.abc import Iterable
from functools import partial
from typing import Any, Final

from ganstudio.checkpoints.errors import ContentError, refuse_call
from ganstudio.checkpoints.file_bytes import ByteSlice
from ganstudio.checkpoints.pickles.context import Constructor, Context
from ganstudio.checkpoints.tree import AttributedDict, EmbeddedSource, Record, Symbol

DICT_LIKE: Final = (
    "argparse.Namespace", "types.SimpleNamespace", "dnnlib.util.EasyDict", "dnnlib.EasyDict", "easydict.EasyDict",
    "addict.addict.Dict", "addict.Dict", "munch.Munch", "munch.munch.Munch", "attrdict.AttrDict",
    "yacs.config.CfgNode", "ml_collections.config_dict.config_dict.ConfigDict", "util.util.EasyDict",
)  # fmt: skip
_KEPT_AS_RECORDS: Final = (
    "builtins.slice", "builtins.range", "builtins.object", "functools.partial",
    "pathlib.Path", "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib.PurePosixPath", "pathlib.PureWindowsPath",
    "pathlib.PurePath", "datetime.datetime", "datetime.date", "datetime.time", "datetime.timedelta",
    "datetime.timezone", "decimal.Decimal", "fractions.Fraction", "uuid.UUID", "random.Random", "logging.getLogger",
    "logging.Logger", "enum.Enum", "torchvision.transforms.functional.InterpolationMode", "PIL.Image.Resampling",
    # dill writes these for classes and functions of scripts; inert here, and a call of what they give is refused
    "dill._dill._create_type", "dill._dill._create_function", "dill._dill._create_code",
    "dill._dill._create_cell", "dill._dill._create_namedtuple", "dill._dill._create_weakref",
    "dill._dill._get_type", "dill._dill._create_array",
)  # fmt: skip
_HARMLESS_MODULES: Final = frozenset({
    "torch", "numpy", "scipy", "math", "copy", "re", "typing", "collections", "functools", "itertools", "warnings",
    "random", "dnnlib", "torch_utils", "training", "legacy", "einops", "torchvision", "timm", "PIL",
})  # fmt: skip
_PLAIN_TYPES: Final = frozenset({
    "set", "frozenset", "list", "dict", "tuple", "int", "float", "bool", "str", "bytes", "bytearray", "complex",
    "object", "slice", "range", "type",
})  # fmt: skip
LOAD_TYPE: Final = "dill._dill._load_type"
DILL_TYPE: Final = "dill._dill._create_type"
_CELL_SETTER: Final = "dill._dill.set_cell"
_TORCH_FUNCTIONS: Final = frozenset({
    "relu", "tanh", "sigmoid", "softmax", "sin", "cos", "exp", "abs", "selu", "celu", "prelu", "rrelu", "relu_",
})  # fmt: skip


def _keep(name: str, context: Context, *args: Any) -> Record:
    return Record(name, args)


def _make_dict(context: Context, *args: Any) -> dict[Any, Any]:
    target: dict[Any, Any] = {}
    _fill(context, target, args)
    return target


def _make_state_dict(context: Context, *args: Any) -> AttributedDict:
    target = AttributedDict()
    _fill(context, target, args)
    return target


def _make_default_dict(context: Context, *args: Any) -> dict[Any, Any]:
    if args and not isinstance(args[0], Symbol | Record | None):
        raise TypeError("the default of a defaultdict is no class")
    return _make_dict(context, *args[1:])


def _fill(context: Context, target: dict[Any, Any], args: tuple[Any, ...]) -> None:
    if not args:
        return
    (content,) = args
    pairs: Iterable[Any] = content.items() if isinstance(content, dict) else content
    if not isinstance(content, dict | list | tuple):
        raise TypeError("a dict of something else")
    for key, value in pairs:
        context.budget.check_key(key)
        target[key] = value


def _members(args: tuple[Any, ...]) -> list[Any]:
    if not args:
        return []
    content = args[0]
    if len(args) > 2 or not isinstance(content, list | tuple | set | frozenset):
        raise TypeError("members of no list")
    return list(content)


def _make_list(context: Context, *args: Any) -> list[Any]:
    return _members(args)


def _make_tuple(context: Context, *args: Any) -> tuple[Any, ...]:
    return tuple(_members(args))


def _make_set(context: Context, *args: Any) -> set[Any]:
    members = _members(args)
    for member in members:
        context.budget.check_key(member)
    return set(members)


def _make_frozenset(context: Context, *args: Any) -> frozenset[Any]:
    return frozenset(_make_set(context, *args))


def _make_bytes(context: Context, *args: Any) -> bytes | ByteSlice:
    """Of nothing, of bytes, or of a text with its encoding; never of a length."""
    if not args:
        return b""
    if isinstance(args[0], str) and len(args) == 2:
        return _encode(context, *args)
    if len(args) == 1 and isinstance(args[0], bytes | ByteSlice):
        return args[0]
    raise TypeError("bytes of something else")


def _encode(context: Context, text: Any, encoding: Any = "utf-8") -> bytes:
    """`_codecs.encode`, which Python 3 writes for bytes in protocols 0 to 2."""
    if str(encoding).lower().replace("_", "-") not in ("latin1", "latin-1", "iso-8859-1", "utf-8", "utf8", "ascii"):
        raise ContentError("it asks for an encoding that no saved weights use")
    if not isinstance(text, str):
        raise TypeError("encoding of no text")
    return text.encode("latin-1" if "1" in str(encoding) else "utf-8")


def _make_scalar(kind: type, context: Context, *args: Any) -> Any:
    if len(args) > 1 or not all(isinstance(arg, int | float | str) and len(str(arg)) < 400 for arg in args):
        raise TypeError("a scalar of something else")
    return kind(*args)


def _make_complex(context: Context, real: Any, imaginary: Any = 0.0) -> complex:
    return complex(float(real), float(imaginary))


def _reconstruct(context: Context, cls: Any, base: Any, state: Any = None) -> Any:
    """`copyreg._reconstructor`, which protocols 0 and 1 write for objects."""
    if not isinstance(cls, Symbol) or not isinstance(base, Symbol):
        raise TypeError("an object of no class")
    if cls.name in DICT_LIKE:
        return _make_dict(context, *(() if state is None else (state,)))
    return Record(cls.name, items=state if base.name != "builtins.object" else None)


def _load_type(context: Context, name: Any, *_: Any) -> Symbol | Record:
    """Dill's word for one of Python's types."""
    return Symbol(f"builtins.{name}") if name in _PLAIN_TYPES else Record(LOAD_TYPE, (name,))


def _keep_module(context: Context, name: Any, *_: Any) -> Record:
    """A module that dill would import for a function of a script; those by which a program acts are refused."""
    root = name.split(".", maxsplit=1)[0] if isinstance(name, str) else ""
    if root not in _HARMLESS_MODULES:
        raise refuse_call(f"an import of {root or 'something'}")
    return Record("dill._dill._import_module", (name,))


def _set_cell(context: Context, cell: Any, name: Any, value: Any) -> Record:
    """What a function of a script closes over; neither is looked at."""
    if not isinstance(cell, Record) or cell.class_name != "dill._dill._create_cell" or name != "cell_contents":
        raise refuse_call("dill._dill._setattr")
    return cell


def _set_attribute(context: Context, target: Any, name: Any = None, value: Any = None) -> Record:
    """`setattr`, which dill writes for the classes of scripts; what they can do is not looked at."""
    if not isinstance(target, Record) or target.class_name != DILL_TYPE or not isinstance(name, str):
        raise refuse_call("builtins.setattr")
    return target


def _get_attribute(context: Context, owner: Any, name: Any, default: Any = None) -> Symbol:
    """`getattr`, which pickle writes for functions of torch such as tanh, and dill for one of its own."""
    if (owner, name, default) == (Symbol("dill._dill"), "_setattr", Symbol("builtins.setattr")):
        return Symbol(_CELL_SETTER)
    if owner != Symbol("torch._C._VariableFunctionsClass") or name not in _TORCH_FUNCTIONS:
        raise refuse_call("builtins.getattr")
    return Symbol(f"torch.{name}")


def _make_persistent(context: Context, meta: Any) -> Record:
    """NVlabs' `torch_utils.persistence`: the state of an object beside the source of its class, which is not read."""
    if not isinstance(meta, dict) or not isinstance(meta.get("class_name"), str):
        raise TypeError("a persistent object without a class")
    source = meta.get("module_src")
    measured = None
    if isinstance(source, str):
        measured = EmbeddedSource(len(source), hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest())
    return Record(meta["class_name"], state=meta.get("state"), source=measured)


PLAIN_CONSTRUCTORS: Final[dict[str, Constructor]] = {
    **{name: partial(_keep, name) for name in _KEPT_AS_RECORDS},
    **dict.fromkeys(DICT_LIKE, _make_dict),
    "collections.OrderedDict": _make_state_dict,
    "collections.defaultdict": _make_default_dict,
    "collections.Counter": _make_dict,
    "collections.UserDict": _make_dict,
    "collections.deque": _make_list,
    "builtins.dict": _make_dict,
    "builtins.list": _make_list,
    "builtins.tuple": _make_tuple,
    "builtins.set": _make_set,
    "builtins.frozenset": _make_frozenset,
    "builtins.bytes": _make_bytes,
    "builtins.bytearray": _make_bytes,
    "builtins.complex": _make_complex,
    "builtins.int": partial(_make_scalar, int),
    "builtins.float": partial(_make_scalar, float),
    "builtins.bool": partial(_make_scalar, bool),
    "builtins.str": partial(_make_scalar, str),
    "_codecs.encode": _encode,
    "builtins.getattr": _get_attribute,
    "builtins.setattr": _set_attribute,
    _CELL_SETTER: _set_cell,
    "dill._dill._import_module": _keep_module,
    LOAD_TYPE: _load_type,
    "copyreg._reconstructor": _reconstruct,
    "torch_utils.persistence._reconstruct_persistent_obj": _make_persistent,
}
