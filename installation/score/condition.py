"""`when` of a cue: a comparison of values by their addresses, read as a list of permitted parts, never run as code.

Such as `/link/twin/quality < 0.3`, `level > 0.9 and level_twin > 0.9`, `/company == alone`.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from installation.score.layout import COMPANY
from installation.score.lines import Path
from installation.score.problem import Row, Two
from installation.score.table import Found, shown

LONGEST = 400
_ADDRESS = re.compile(r"/[A-Za-z_][\w\-]*(?:/[\w\-]+)*")
_PLACE = "address_{}_"
_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.USub: operator.neg,
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Not: operator.not_,
}  # fmt: skip
_CALLS: dict[str, Callable[..., float]] = {"abs": abs, "min": lambda *row: min(row), "max": lambda *row: max(row)}
_FAILS = (SyntaxError, ValueError, KeyError, TypeError, OverflowError, RecursionError, MemoryError)

NOT_A_CONDITION = Row(
    en=("`{name}` is {found}", 'a comparison such as "/link/twin/quality < 0.3"', "{hint}"),
    fr=("`{name}` vaut {found}", "une comparaison comme « /link/twin/quality < 0.3 »", "{hint}"),
)
HINT = Two(
    "compare with < <= > >= == !=, join with and, or, not",
    "comparez par < <= > >= == !=, reliez par and, or, not",
)

Value = Callable[[str], float]
"""What an address holds now; raises KeyError for none."""


class Condition(NamedTuple):
    """A comparison made ready. `addresses` are those it asks for, as they were written."""

    text: str
    tree: ast.AST
    places: dict[str, str]

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.places.values()))

    def holds(self, value: Value) -> bool:
        """Whether it holds now. What cannot be compared, or names what is not there, does not hold."""
        try:
            return bool(_worth(self.tree, self.places, value))
        except _FAILS:
            return False


def condition(text: Any) -> Condition | None:
    """The comparison that a text means; None when it means none, or has a part that is not permitted."""
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST:
        return None
    places: dict[str, str] = {}

    def put(found: re.Match[str]) -> str:
        places[_PLACE.format(len(places))] = found[0]
        return f" {_PLACE.format(len(places) - 1)} "

    try:
        tree = ast.parse(_ADDRESS.sub(put, text).replace("&&", " and ").replace("||", " or ").strip(), mode="eval").body
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - {*_CALLS, *COMPANY, *places}
        places |= {name: name for name in names}
        # Read once with every value 0: what is not permitted shows itself here, and not in a show.
        _worth(tree, places, lambda address: 0.0)
    except _FAILS:
        return None
    return Condition(text, tree, places) if isinstance(tree, (ast.Compare, ast.BoolOp, ast.UnaryOp)) else None


def _worth(node: ast.AST, places: dict[str, str], value: Value) -> Any:
    match node:
        case ast.Constant(value=bool() | int() | float() as number):
            return float(number)
        case ast.Name(id=name) if name in COMPANY:
            return float(COMPANY.index(name))
        case ast.Name(id=name):
            return value(places[name])
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATORS[type(op)](_worth(left, places, value), _worth(right, places, value))
        case ast.UnaryOp(op=op, operand=operand):
            return _OPERATORS[type(op)](_worth(operand, places, value))
        case ast.Compare(left=left, ops=ops, comparators=rest):
            row = [_worth(one, places, value) for one in (left, *rest)]
            return all([_OPERATORS[type(op)](a, b) for op, a, b in zip(ops, row, row[1:], strict=False)])
        case ast.BoolOp(op=op, values=values):
            found = [bool(_worth(one, places, value)) for one in values]
            return all(found) if isinstance(op, ast.And) else any(found)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if args:
            return float(_CALLS[name](*(_worth(one, places, value) for one in args)))
    raise ValueError(type(node).__name__)


class ConditionShape(NamedTuple):
    """The shape of `when` and `until` in a user's table."""

    def misfits(self, value: Any, path: Path) -> Iterator[Found]:
        if condition(value) is None:
            yield Found(path, NOT_A_CONDITION, {"name": str(path[-1]), "found": shown(value), "hint": HINT})

    def expected(self) -> Two:
        return Two('a comparison such as "level > 0.9"', "une comparaison comme « level > 0.9 »")
