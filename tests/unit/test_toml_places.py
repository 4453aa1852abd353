"""On which line of a file what stands."""

import pytest

from bot.wording.toml_places import places

TEXT = '''# title = "not this one"
title = "x"
kinds = [
  "one",  # a comment
  "two",
]
[labels]
"thing.1" = "a = b"
thing2 = """
[not.a.table]
nor = "a key"
"""
[kind.one]
page = "p"
kind.dotted.key = 1
  [kind.one.fields]
  thing2 = 'it is [so]'
[[button]]
name = "first"
[[button]]
name = "second"
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("kinds",), 3),
        (("kinds", "one"), 4),
        (("kinds", "two"), 5),
        (("labels",), 7),
        (("labels", "thing.1"), 8),
        (("labels", "thing2"), 9),
        (("kind", "one"), 13),
        (("kind", "one", "page"), 14),
        (("kind", "one", "kind", "dotted", "key"), 15),
        (("kind", "one", "fields", "thing2"), 17),
        (("button",), 18),
    ],
)
def test_a_table_a_key_and_an_item_of_a_list_have_their_lines(
    path: tuple[str, ...], line: int
) -> None:
    assert places("f.toml", TEXT).of(*path) == f"f.toml:{line}"


def test_what_is_not_there_has_the_line_of_the_table_that_lacks_it() -> None:
    found = places("f.toml", TEXT)
    assert found.of("labels", "thing3") == "f.toml:7"
    assert found.of("kind", "one", "fields", "thing3") == "f.toml:16"


@pytest.mark.parametrize("path", [("nor",), ("not", "a", "table"), ("fields", "thing1")])
def test_what_has_no_table_either_has_the_file(path: tuple[str, ...]) -> None:
    assert places("f.toml", TEXT).of(*path) == "f.toml"
