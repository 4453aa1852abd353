"""XML as the platform writes it: text in CDATA, numbers bare; a parser that refuses entities."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from xml.etree import ElementTree

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


class XmlRefused(ValueError):
    """Why a body is not the XML the platform reads."""


@dataclass(frozen=True, slots=True)
class Element:
    """`value`: text (CDATA), a number (bare) or children."""

    name: str
    value: "str | int | float | tuple[Element, ...]"

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no XML element name")


def cdata(text: str) -> str:
    return "<![CDATA[" + _ILLEGAL.sub("", text).replace("]]>", "]]]]><![CDATA[>") + "]]>"


def render(elements: Sequence[Element]) -> str:
    return "<xml>" + "".join(map(_render, elements)) + "</xml>"


def _render(element: Element) -> str:
    value = element.value
    if isinstance(value, tuple):
        inner = "".join(map(_render, value))
    else:
        inner = cdata(value) if isinstance(value, str) else str(value)
    return f"<{element.name}>{inner}</{element.name}>"


def shuffled(elements: Sequence[Element], rng: Random) -> list[Element]:
    return rng.sample(list(elements), len(elements))


def with_unknown(elements: Sequence[Element], rng: Random) -> list[Element]:
    """The platform adds elements without notice; a server must not mind."""
    return [
        *elements,
        Element(f"Future{rng.randrange(1000)}", (Element("Kind", "x"), Element("Kind", "y"))),
        Element("MsgSource", ""),
    ]


def parse(body: str) -> ElementTree.Element:
    if body[:1].isspace() or body.startswith("\ufeff"):
        raise XmlRefused("blank before <xml>")
    if not body.startswith("<xml>"):
        raise XmlRefused(f"not <xml> but {_looks_like(body)}")
    if "<!DOCTYPE" in body or "<!ENTITY" in body:
        raise XmlRefused("DOCTYPE or ENTITY in the body")
    try:
        # Entities were refused above: nothing can expand or be fetched.
        return ElementTree.fromstring(body)  # noqa: S314
    except ElementTree.ParseError as error:
        raise XmlRefused(f"malformed XML: {error}") from error


def _looks_like(body: str) -> str:
    if body[:1] in '{["':
        return "JSON"
    return "HTML" if body[:15].lower().startswith(("<!doctype html", "<html")) else "other text"


def text_of(root: ElementTree.Element, path: str) -> str | None:
    """The text of an element, None when there is no such element."""
    found = root.find(path)
    return None if found is None else found.text or ""
