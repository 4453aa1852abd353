"""What a template asks for where its samples do not lead: in the other branch of an {% if %}."""

from collections.abc import Collection, Iterator
from functools import lru_cache

import jinja2
from jinja2 import nodes

from bot.wording.compiled import MOST
from bot.wording.faults import Fault, What

_SYNTAX = jinja2.Environment(autoescape=True)


def fault(source: str, environment: jinja2.Environment, variables: Collection[str]) -> Fault | None:
    """The first, of a source that can be compiled."""
    for what, name, line in _asked_for(source):
        if what == "variable" and name not in variables and name not in environment.globals:
            return Fault(What.UNDEFINED, f"'{name}' is undefined", line, tuple(variables))
        if what == "filter" and name not in environment.filters:
            return Fault(What.SYNTAX, f"No filter named '{name}'.", line)
    return None


@lru_cache(maxsize=MOST)
def _asked_for(source: str) -> tuple[tuple[str, str, int], ...]:
    """(variable or filter, name, line) of all that it does not set itself."""
    return tuple(_found(_SYNTAX.parse(source)))


def _found(tree: nodes.Template) -> Iterator[tuple[str, str, int]]:
    own = {"loop", "caller", *_set_within(tree)}
    for node in tree.find_all((nodes.Name, nodes.Filter)):
        if isinstance(node, nodes.Filter):
            yield "filter", node.name, node.lineno
        elif isinstance(node, nodes.Name) and node.name not in own:
            yield "variable", node.name, node.lineno


def _set_within(tree: nodes.Template) -> Iterator[str]:
    """Wherever in it: a name that is used ahead of its {% set %} is rendering's to find."""
    for node in tree.find_all((nodes.Name, nodes.Macro, nodes.Import, nodes.FromImport)):
        match node:
            case nodes.Name() if node.ctx != "load":
                yield node.name
            case nodes.Macro():
                yield node.name
            case nodes.Import():
                yield node.target
            case nodes.FromImport():
                yield from (one if isinstance(one, str) else one[1] for one in node.names)
