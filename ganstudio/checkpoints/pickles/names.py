"""Which names a pickle may say, and which of them it may call.

No name is ever looked up, so no name can do harm here; but a file that names what only an attack would name is refused,
so that nobody opens it elsewhere. Known names pass by exact match. Classes of other people's projects pass by their
look: their modules belong to no library, and nothing of them is needed but the name.
"""

import re
from typing import Final

from ganstudio.checkpoints.errors import DO_NOT_TRUST, ContentError, refuse_call
from ganstudio.checkpoints.pickles.constructors import PLAIN_CONSTRUCTORS
from ganstudio.checkpoints.pickles.libraries import LIBRARIES, STANDARD
from ganstudio.checkpoints.pickles.numpy_objects import NUMPY_CONSTRUCTORS
from ganstudio.checkpoints.pickles.torch_objects import TORCH_CONSTRUCTORS

CONSTRUCTORS: Final = {**PLAIN_CONSTRUCTORS, **NUMPY_CONSTRUCTORS, **TORCH_CONSTRUCTORS}

_RENAMED: Final = {  # Python 2 and older numpy
    "__builtin__": "builtins", "copy_reg": "copyreg", "UserDict": "collections", "_collections": "collections",
}  # fmt: skip
_HARMLESS: Final = frozenset(
    {"builtins.__main__", "dill._dill", "copyreg.__newobj__", "copyreg.__newobj_ex__"}
    | {f"builtins.{name}" for name in ("NoneType", "type", "Ellipsis", "NotImplemented", "unicode", "long")}
    | {f"types.{name}" for name in ("NoneType", "SimpleNamespace", "MethodType", "FunctionType")}
    | {f"collections.abc.{name}" for name in ("Mapping", "Sequence", "Iterable", "Callable")}
    | {f"typing.{name}" for name in (
        "Any", "Dict", "List", "Optional", "Tuple", "Union", "Callable", "Sequence", "Mapping", "Iterable", "Type",
    )}
    | {f"torch.{name}" for name in (
        "relu", "tanh", "sigmoid", "softmax", "sin", "cos", "exp", "abs", "strided", "preserve_format",
        "contiguous_format", "channels_last", "per_tensor_affine", "memory_format", "finfo", "layout", "dtype",
        "float", "double", "half", "bool", "long", "int", "short", "cfloat", "cdouble",
    )}
    | {f"numpy.{name}" for name in ("abs", "float", "int", "bool", "object", "str", "str_", "object_", "generic")}
)  # fmt: skip
# whose functions a module may keep as attributes; they can be named and not called
_FUNCTION_MODULES: Final = frozenset({"torch.nn.functional", "torch.nn.init", "torch._C._nn", "torch.functional"})

_MODULE: Final = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_WORDS: Final = re.compile(r"[\w.]+")
_IDENTIFIER: Final = re.compile(r"[A-Za-z_]\w*")
_CLASS: Final = re.compile(r"_*[A-Z]\w*(\.[A-Z]\w*)*")
_LONGEST: Final = 200


def check_name(module: str, name: str) -> str:
    """Let a name pass or refuse the file.

    Args:
        module: Module as the file says it.
        name: Class or function in it.

    Returns:
        "module.name" as today's libraries call it.

    Raises:
        ContentError: Only an attack, or something that is no data, would name it.
    """
    full = _modernise(module, name)
    if full in CONSTRUCTORS or full in _HARMLESS:
        return full
    if len(full) > _LONGEST or not _MODULE.fullmatch(module):
        raise ContentError("a name in it is no name", DO_NOT_TRUST)
    if not _WORDS.fullmatch(name):
        raise ContentError("a name in it is no name: it is damaged, or made to mislead", DO_NOT_TRUST)
    if module == "joblib.numpy_pickle":
        raise ContentError(
            "it was written by joblib, which mixes arrays into a pickle", "save it again with torch.save"
        )
    root = module.split(".", maxsplit=1)[0]
    if root in STANDARD or not _may_be_kept(root, module, name):
        raise refuse_call(f"{module}.{name}")
    return full


def may_be_called(full: str) -> bool:
    """Whether a call of a name that is no constructor stands for an object of some project's class."""
    root = full.split(".", maxsplit=1)[0]
    return root not in LIBRARIES and root not in STANDARD and bool(_CLASS.fullmatch(full.rpartition(".")[2]))


def _may_be_kept(root: str, module: str, name: str) -> bool:
    if _CLASS.fullmatch(name):
        return True
    if not _IDENTIFIER.fullmatch(name):
        return False
    return root not in LIBRARIES or module in _FUNCTION_MODULES


def _modernise(module: str, name: str) -> str:
    module = _RENAMED.get(module, module)
    if module == "numpy.core" or module.startswith("numpy.core."):
        module = "numpy._core" + module[len("numpy.core") :]
    if module.endswith("torch_utils.persistence"):
        module = "torch_utils.persistence"
    if module.startswith("pathlib."):
        module = "pathlib"
    if (module, name) == ("builtins", "xrange"):
        name = "range"
    return f"{module}.{name}"
