"""Which outcomes and refusals a function can name, read from its source and that of the functions
of ours it mentions: `Go("…")` and `Bad("…")`, with a literal or a choice between literals."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Any

from dialogs.engine.definition import Reader


class NotALiteral(Exception):
    """An outcome that is computed: nobody can check that it is declared."""


def named(function: Callable[..., Any], what: str) -> set[str]:
    """`what`: Go or Bad."""
    found, seen, todo = set[str](), set[object](), [function]
    while todo:
        current = todo.pop()
        if current in seen or not isinstance(current, FunctionType):
            continue
        seen.add(current)
        tree = ast.parse(textwrap.dedent(inspect.getsource(current)))
        found |= _outcomes(tree, what, current.__name__)
        todo.extend(_mentioned(tree, current))
    return found


def _outcomes(tree: ast.AST, what: str, where: str) -> set[str]:
    found = set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == what:
            for leaf in _leaves(node.args[0]):
                if not (isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)):
                    raise NotALiteral(
                        f"{where}: {ast.unparse(node)[:60]}: write the outcome as a literal, "
                        f'{what}("name"), so that it can be compared with leads_to'
                    )
                found.add(leaf.value)
    return found


def _leaves(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        yield from _leaves(node.body)
        yield from _leaves(node.orelse)
    else:
        yield node


def _mentioned(tree: ast.AST, function: FunctionType) -> Iterator[FunctionType]:
    known = {**function.__globals__, **inspect.getclosurevars(function).nonlocals}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield from _ours(known.get(node.id))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = known.get(node.value.id)
            if isinstance(module, ModuleType):
                yield from _ours(getattr(module, node.attr, None))


def _ours(value: object) -> Iterator[FunctionType]:
    if isinstance(value, FunctionType) and value.__module__.startswith(("dialogs.", "tests.")):
        yield value
    elif isinstance(value, Reader):
        yield from _ours(value.read)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _ours(one)
