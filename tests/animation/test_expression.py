"""Formulas: what they compute, and that nothing else can be done with them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.animation.errors import AnimationError
from ganstudio.animation.expression import Expression


@pytest.mark.parametrize(
    ("text", "x", "value"),
    [
        ("x", 3, 3),
        (" 2 * x - 1 ", 0.25, -0.5),
        ("-x ** 2 + 7 % 4", 2, -1),
        ("clamp(x, 0, 1)", 5, 1),
        ("map(x, 0, 127, -3, 3)", 127, 3),
        ("smooth(x)", 0.25, 0.15625),
        ("sin(pi * x) + cos(tau) + log(e)", 0.5, 3),
        ("max(x, min(2, 3)) + abs(-1) + sqrt(4) + floor(1.9) + round(0.6) + exp(0) + tanh(0)", 0, 8),
    ],
)
def test_formulas_are_computed(text, x, value):
    assert Expression(text).at(x) == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x" * 501,
        "__import__('os').system('true')",
        "().__class__.__bases__",
        "x.real",
        "open('/etc/passwd')",
        "[x for x in range(9)]",
        "lambda: 1",
        "x if x else 1",
        "'a' * 9",
        "x[0]",
        "y",
        "eval('1')",
        "x := 3",
        "import os",
        "True",
        "1j",
        "1e400",
        "f'{x}'",
        "x < 1",
        "min(1)",
        "min(1, 2, key=abs)",
        "(min)(*[1, 2])",
        "(" * 400 + "x" + ")" * 400,
        "+".join(["x"] * 200),
        "x //",
        "x\x00",
    ],
)
def test_what_is_no_formula_is_refused(text):
    with pytest.raises(AnimationError):
        Expression(text)


@pytest.mark.parametrize("text", ["1 / x", "sqrt(x - 1)", "log(x)", "exp(exp(exp(9)))", "9.0 ** 9 ** 9 ** 9", "x % 0"])
def test_what_has_no_value_is_zero(text):
    assert Expression(text).at(0.0) == 0.0


@given(st.text("x0123456789.+-*/%() ,abcelnopqrst_'[]", max_size=60), st.floats(-1e6, 1e6))
def test_whatever_is_typed_is_refused_or_a_finite_number(text, x):
    try:
        formula = Expression(text)
    except AnimationError:
        return
    assert math.isfinite(formula.at(x))
