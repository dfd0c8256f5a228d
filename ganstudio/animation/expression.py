"""Small formulas of one number, as people type them for ranges and curves: read, never run as Python.

What is typed is parsed with Python's grammar and walked over node by node; names, calls and operators that are not on
the lists below are refused before anything is computed. There are no attributes, no texts, no loops.
"""

import ast
import math
import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from ganstudio.animation.errors import AnimationError

_LONGEST = 500
_MOST_NODES = 200
_HIGHEST = 1e12

_BINARY: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
    ast.Pow: math.pow,
}
_UNARY: dict[type[ast.unaryop], Callable[[float], float]] = {ast.UAdd: operator.pos, ast.USub: operator.neg}
_CONSTANTS = {"pi": math.pi, "e": math.e, "tau": math.tau}


def _clamp(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def _smooth(value: float) -> float:
    value = _clamp(value, 0.0, 1.0)
    return value * value * (3 - 2 * value)


def _map(value: float, low: float, high: float, to_low: float, to_high: float) -> float:
    return to_low + (value - low) / (high - low) * (to_high - to_low)


_FUNCTIONS: dict[str, tuple[int, Callable[..., float]]] = {
    "abs": (1, abs),
    "sqrt": (1, math.sqrt),
    "exp": (1, math.exp),
    "log": (1, math.log),
    "sin": (1, math.sin),
    "cos": (1, math.cos),
    "tanh": (1, math.tanh),
    "floor": (1, math.floor),
    "round": (1, round),
    "min": (2, min),
    "max": (2, max),
    "clamp": (3, _clamp),
    "smooth": (1, _smooth),
    "map": (5, _map),
}


@dataclass(frozen=True)
class Expression:
    """A formula of x.

    Attributes:
        text: As it was typed.

    Raises:
        AnimationError: It is no formula, or uses what none may.
    """

    text: str = "x"
    _tree: ast.expr = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_tree", _parse(self.text))

    def at(self, x: float) -> float:
        """The value for x; what has none (a division by zero, a root of less than zero, an overflow) is 0."""
        try:
            value = float(_value(self._tree, x))
        except (ArithmeticError, ValueError):
            return 0.0
        return _clamp(value, -_HIGHEST, _HIGHEST) if math.isfinite(value) else 0.0


@lru_cache(maxsize=256)
def formula(text: str) -> Expression:
    """The formula of a text, read once; raises AnimationError."""
    return Expression(text)


def what_is_wrong(text: str) -> str:
    """What is wrong with a formula that is being typed; "" where it is one."""
    try:
        Expression(text)
    except AnimationError as error:
        return f"{error.reason}; {error.remedy}"
    return ""


def _parse(text: str) -> ast.expr:
    if not isinstance(text, str) or not 0 < len(text.strip()) <= _LONGEST:
        raise AnimationError("formula", f"it is empty or longer than {_LONGEST} letters", "write one such as 2 * x - 1")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise AnimationError("formula", f"{text[:60]!r} is none", "write one such as 2 * x - 1") from error
    nodes = list(ast.walk(tree))
    if len(nodes) > _MOST_NODES:
        raise AnimationError("formula", "it is too long", "write a shorter one")
    _check(tree)
    return tree


def _check(node: ast.expr) -> None:
    """Refuse a node that is not on the lists, and look into those that are."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, bool) or not isinstance(node.value, int | float) or abs(node.value) > _HIGHEST:
            raise _refused(repr(node.value)[:40])
    elif isinstance(node, ast.Name):
        if node.id != "x" and node.id not in _CONSTANTS:
            raise _refused(node.id[:40])
    elif isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        _check(node.left)
        _check(node.right)
    elif isinstance(node, ast.UnaryOp) and type(node.op) in _UNARY:
        _check(node.operand)
    elif isinstance(node, ast.Call):
        _check_call(node)
    else:
        raise _refused(type(node).__name__)


def _check_call(node: ast.Call) -> None:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in _FUNCTIONS or node.keywords:
        raise _refused(name or "a call of something else")
    wanted = _FUNCTIONS[name][0]
    if len(node.args) != wanted:
        raise AnimationError("formula", f"{name} has {len(node.args)} values", f"give it {wanted}")
    for argument in node.args:
        _check(argument)


def _refused(what: str) -> AnimationError:
    known = f"x, {', '.join(_CONSTANTS)}, + - * / % **, {', '.join(_FUNCTIONS)}"
    return AnimationError("formula", f"{what} is not allowed in it", f"use numbers and {known}")


def _value(node: ast.expr, x: float) -> float:
    if isinstance(node, ast.Constant):
        return float(node.value)  # type: ignore[arg-type] # a number, as was checked
    if isinstance(node, ast.Name):
        return _CONSTANTS.get(node.id, x)
    if isinstance(node, ast.BinOp):
        return _BINARY[type(node.op)](_value(node.left, x), _value(node.right, x))
    if isinstance(node, ast.UnaryOp):
        return _UNARY[type(node.op)](_value(node.operand, x))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _FUNCTIONS[node.func.id][1](*(_value(argument, x) for argument in node.args))
    raise _refused(type(node).__name__)
