"""The sums by which a pass says its size: a list of permitted ones, never eval.

The words are those of the reference implementation's expressions: names in any case, `^` for a power, `a ? b : c`,
`if(a, b, c)`, `clamp(low, x, high)`. A sum that cannot be worked out is 1, as it is there (decision 0031).
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

LARGEST = 8192
"""Pixels a side; a larger pass is drawn at this size."""
FAILED = 1.0

_CALLS: dict[str, Callable[..., float]] = {
    "min": min, "max": max, "floor": math.floor, "ceil": math.ceil, "abs": abs, "pow": math.pow,
    "round": lambda x: math.copysign(math.floor(abs(x) + 0.5), x), "trunc": math.trunc,
    "sin": math.sin, "cos": math.cos, "tan": math.tan, "mod": math.fmod, "sqrt": math.sqrt, "exp": math.exp,
    "log": math.log, "log2": math.log2, "log10": math.log10, "sgn": lambda x: (x > 0) - (x < 0),
    "frac": lambda x: x - math.trunc(x), "avg": lambda *row: sum(row) / len(row), "sum": lambda *row: sum(row),
    "clamp": lambda low, x, high: min(max(x, low), high), "if": lambda a, b, c: b if a else c,
}  # fmt: skip
_OPERATORS: dict[type[ast.AST], Callable[..., float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Mod: math.fmod, ast.Pow: math.pow, ast.USub: operator.neg, ast.UAdd: operator.pos,
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Not: operator.not_,
}  # fmt: skip
_FAILS = (SyntaxError, ValueError, KeyError, ZeroDivisionError, OverflowError, TypeError, RecursionError, MemoryError)
_LONGEST = 400
"""Letters; no artist's sum is longer."""
_CHOICE = re.compile(r"\A([^?]+)\?([^?:]+):(.+)\Z", re.S)


def measured(expression: str, names: Mapping[str, float], fallback: float, most: float = LARGEST) -> float:
    """The value of a pass's WIDTH or HEIGHT, 1 to `most`; `fallback` where there is none. `names` are in lower case."""
    if not expression.strip():
        return fallback
    try:
        value = float(_value(_parsed(expression), names))
    except _FAILS:
        value = FAILED
    return min(max(value, 1.0), float(most)) if math.isfinite(value) else FAILED


def works(expression: str) -> bool:
    """Whether a sum is one that can be read at all."""
    try:
        _parsed(expression)
    except _FAILS:
        return False
    return len(expression) <= _LONGEST


@lru_cache(maxsize=512)
def _parsed(expression: str) -> ast.AST:
    if len(expression) > _LONGEST:
        raise ValueError
    text = re.sub(r"\bif\s*\(", "if_(", expression.replace("$", "").replace("^", "**").strip().lower())
    choice = _CHOICE.match(text)
    if choice:
        text = f"if_({choice[1]}, {choice[2]}, {choice[3]})"
    text = text.replace("<>", "!=").replace("&&", " and ").replace("||", " or ")
    return ast.parse(" ".join(text.split()), mode="eval").body


def _value(node: ast.AST, names: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id="pi"):
            return math.pi
        case ast.Name(id=name):
            return float(names[name])
        case ast.BinOp(left=left, op=op, right=right):
            return float(_OPERATORS[type(op)](_value(left, names), _value(right, names)))
        case ast.UnaryOp(op=op, operand=operand):
            return float(_OPERATORS[type(op)](_value(operand, names)))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return float(_OPERATORS[type(op)](_value(left, names), _value(right, names)))
        case ast.BoolOp(op=op, values=values):
            whole = all if isinstance(op, ast.And) else any
            return float(whole(_value(one, names) != 0.0 for one in values))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return float(_CALLS[name.rstrip("_")](*(_value(arg, names) for arg in args)))
    raise ValueError(type(node).__name__)
