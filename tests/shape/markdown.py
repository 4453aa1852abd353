"""Markdown as far as the tests of documents need it: headings, links, code."""

import re
from collections import Counter
from pathlib import Path

_FENCE = re.compile(r"^(```+)([a-z]*)\n(.*?)^\1\s*$", re.MULTILINE | re.DOTALL)
_INLINE_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)|<img [^>]*?src=\"([^\"]+)\"")
_HEADING = re.compile(r"^(#{1,6}) +(.+?) *$", re.MULTILINE)
_LINK_TEXT = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def prose(text: str) -> str:
    """Without code blocks; inline code stays."""
    return _FENCE.sub("", text)


def blocks(text: str) -> list[tuple[str, str]]:
    """(language, content) of the fenced code."""
    return [(language, content) for _, language, content in _FENCE.findall(text)]


def code(text: str) -> list[str]:
    """Lines of fenced code, and each piece of inline code."""
    fenced = [line for _, content in blocks(text) for line in content.splitlines()]
    return [*fenced, *_INLINE_CODE.findall(prose(text))]


def links(text: str) -> list[str]:
    """Targets inside the repository."""
    found = [link or image for link, image in _LINK.findall(_INLINE_CODE.sub("", prose(text)))]
    return [target for target in found if not re.match(r"[a-z]+:", target)]


def headings(text: str, level: int) -> list[str]:
    return [title for marks, title in _HEADING.findall(prose(text)) if len(marks) == level]


def anchors(path: Path) -> set[str]:
    """As GitHub makes them."""
    found, seen = set[str](), Counter[str]()
    for _, title in _HEADING.findall(prose(path.read_text(encoding="utf-8"))):
        plain = _LINK_TEXT.sub(r"\1", title).replace("`", "").lower()
        slug = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return found
