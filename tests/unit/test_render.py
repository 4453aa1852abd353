"""Messages from templates: joined, tidied, cut into pages, taken up anew when a file changes."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wording import pages
from bot.wording.render import Renderer, TemplateBroken
from dialogs.engine.reply import Say
from tests.unit.wording_folder import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def renderer(folder: Folder) -> Renderer:
    return folder.renderer(folder.files())


def test_the_parts_of_a_message_are_paragraphs(renderer: Renderer) -> None:
    parts = [Say("d/hello", {"name": "张*"}), Say("common/bad.choice")]
    assert renderer.message(parts) == ("您好，张*。\n\n没有看懂。",)


def test_what_goes_before_stays_as_it_is(renderer: Renderer) -> None:
    (text,) = renderer.message([Say("common/bad.choice")], before="<a>刚才的</a>")
    assert text == "<a>刚才的</a>\n\n没有看懂。"


def test_the_default_is_used_where_nothing_is_written(renderer: Renderer) -> None:
    said = renderer.text(Say("d/ask.choice", {}, default="common/bad.choice"))
    assert said == "没有看懂。"


def test_what_is_written_wins_over_the_default(renderer: Renderer) -> None:
    said = renderer.text(Say("d/hello", {"name": "张*"}, default="common/bad.choice"))
    assert said == "您好，张*。"


def test_a_template_nobody_wrote_is_named(renderer: Renderer) -> None:
    with pytest.raises(TemplateBroken, match=r"templates/replies/d/gone\.j2: there is no good"):
        renderer.text(Say("d/gone"))


def test_variables_outside_the_contract_are_not_available(folder: Folder) -> None:
    folder.edit("_number", "{% if id_no is defined %}{{ id_no }}{% endif %}")
    folder.edit("d/hello", "您好{% include '_number.j2' %}")
    renderer = folder.renderer(folder.files())
    assert renderer.text(Say("d/hello", {"name": "张*", "id_no": "5301"})) == "您好"


def test_a_variable_the_dialog_does_not_give_breaks_with_its_name(renderer: Renderer) -> None:
    with pytest.raises(TemplateBroken, match=r"d/hello\.j2: UndefinedError: 'name' is undefined"):
        renderer.text(Say("d/hello", {}))


def test_a_value_of_the_wrong_kind_breaks_with_the_template_named(renderer: Renderer) -> None:
    with pytest.raises(TemplateBroken, match=r"d/bills\.j2"):
        renderer.text(Say("d/bills", {"bills": [{"period": "soon", "amount": 1}]}))


def test_an_edit_is_taken_up_within_seconds(folder: Folder) -> None:
    renderer = folder.renderer(folder.files())
    hello = Say("d/hello", {"name": "张*"})
    assert renderer.text(hello) == "您好，张*。"
    folder.edit("d/hello", "早，{{ name }}。")
    folder.now_s = 4.9
    assert renderer.text(hello) == "您好，张*。"
    folder.now_s = 5.0
    assert renderer.text(hello) == "早，张*。"


def test_a_broken_edit_is_not_said_and_the_mended_one_is(folder: Folder) -> None:
    renderer = folder.renderer(folder.files())
    hello = Say("d/hello", {"name": "张*"})
    said = []
    for text in ("{{ name", "{{ surname }}", "早，{{ name }}。"):
        folder.edit("d/hello", text)
        folder.now_s += 5
        said.append(renderer.text(hello))
    assert said == ["您好，张*。", "您好，张*。", "早，张*。"]


def test_the_same_reply_to_another_citizen_has_that_ones_name(renderer: Renderer) -> None:
    names = ["张*", "李*", "张*"]
    said = [renderer.text(Say("d/hello", {"name": name})) for name in names]
    assert said == [f"您好，{name}。" for name in names]


@given(st.text())
def test_any_value_is_made_fit_for_a_message(text: str) -> None:
    tidied = pages.tidy(text)
    assert "\r" not in tidied
    assert "\n\n\n" not in tidied
    assert all(c in "\t\n" or ord(c) >= 32 for c in tidied)
    assert pages.tidy(tidied) == tidied
    tidied.encode()


LINES = st.lists(st.text("汉字abc 😀<", max_size=400), max_size=40)


@given(LINES)
def test_every_page_fits_and_nothing_is_lost(lines: list[str]) -> None:
    text = pages.tidy("\n".join(lines))
    cut = pages.split(text, lambda page, count: f"第{page}/{count}页")
    assert all(len(page.encode()) <= pages.MAX_BYTES for page in cut)
    bare = [page.removesuffix(f"\n\n第{n}/{len(cut)}页") for n, page in enumerate(cut, start=1)]
    assert "".join("".join(bare).split()) == "".join(text.split())


def test_a_text_that_fits_has_no_page_number(renderer: Renderer) -> None:
    text = "好" * (pages.MAX_BYTES // 3)
    assert renderer.message([], before=text) == (text,)


def test_a_text_that_does_not_fit_is_numbered(renderer: Renderer) -> None:
    lines = "\n".join(f"{n} {'好' * 20}" for n in range(60))
    first, *_, last = renderer.message([], before=lines)
    assert first.endswith("（第1/3页）")
    assert "页）" not in last


def test_an_indented_line_stays_with_the_line_above() -> None:
    bills = "\n".join(f"· 账单{n}{'好' * 60}\n  应缴{n}" for n in range(20))
    for page in pages.split(bills, lambda page, count: "下一页"):
        assert page.startswith("·")
