"""menu.toml: what WeChat or a citizen would stumble over is named before it is pushed."""

from pathlib import Path

import pytest

from bot.wording import menu
from bot.wording.words import WordingError
from dialogs import REGISTRY
from dialogs.engine.commands import COMMANDS

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
DIALOGS = frozenset({"arrears"})


def problems(folder: Path, text: str) -> list[str]:
    (folder / "menu.toml").write_text(text, encoding="utf-8")
    return menu.problems(folder, DIALOGS)


def click(name: str, key: str = "arrears") -> str:
    return f'[[button]]\ntype = "click"\nname = "{name}"\nkey = "{key}"\n'


def group(name: str, entries: int) -> str:
    entry = '[[button.sub_button]]\ntype = "click"\nname = "查欠费"\nkey = "arrears"\n'
    return f'[[button]]\nname = "{name}"\n' + entry * entries


def test_the_shipped_menu_has_no_problems() -> None:
    assert menu.problems(TEMPLATES, frozenset(REGISTRY)) == []


def test_the_shipped_menu_is_what_wechat_takes() -> None:
    buttons = menu.read_menu(TEMPLATES)["button"]
    leaves = [leaf for button in buttons for leaf in button.get("sub_button", [button])]
    clicks = {leaf["key"] for leaf in leaves if leaf["type"] == "click"}
    assert clicks <= {*REGISTRY, *COMMANDS}
    assert all(leaf["url"].startswith("https://") for leaf in leaves if leaf["type"] == "view")


def test_every_dialog_and_command_may_stand_in_the_menu(tmp_path: Path) -> None:
    for key in (*DIALOGS, *COMMANDS):
        assert problems(tmp_path, click("一", key)) == []


@pytest.mark.parametrize("count", [0, 4])
def test_wechat_takes_one_to_three_buttons(tmp_path: Path, count: int) -> None:
    text = "".join(click(f"第{n}") for n in range(count)) or "# 空\n"
    assert problems(tmp_path, text) == [f"menu.toml：有 {count} 个按钮，微信只收 1 到 3 个"]


def test_wechat_takes_five_entries_in_a_button(tmp_path: Path) -> None:
    assert problems(tmp_path, group("服务", 5)) == []
    (why,) = problems(tmp_path, group("服务", 6))
    assert why == "menu.toml：“服务”有 6 项，微信最多收 5 项"


def test_a_name_is_measured_in_bytes(tmp_path: Path) -> None:
    assert problems(tmp_path, click("人工客服啊")) == []
    (why,) = problems(tmp_path, click("人工客服啊呀"))
    assert "太长：18 字节，微信最多 16 字节" in why


def test_a_key_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    (why,) = problems(tmp_path, click("抽奖", "lottery"))
    assert "“抽奖”的 key lottery 既不是业务也不是命令" in why


def test_a_click_without_a_key_is_named(tmp_path: Path) -> None:
    (why,) = problems(tmp_path, '[[button]]\ntype = "click"\nname = "空"\n')
    assert "“空”的 key （没写）" in why


def test_a_link_needs_no_key(tmp_path: Path) -> None:
    text = '[[button]]\ntype = "view"\nname = "官网"\nurl = "https://water.example"\n'
    assert problems(tmp_path, text) == []


def test_a_file_that_is_no_toml_says_which(tmp_path: Path) -> None:
    with pytest.raises(WordingError, match=r"menu\.toml"):
        problems(tmp_path, "[[button]\n")


def test_a_button_without_a_name_is_named(tmp_path: Path) -> None:
    (why,) = problems(tmp_path, '[[button]]\ntype = "click"\nkey = "arrears"\n')
    assert "没有名称" in why


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('button = "查欠费"\n', "要写成 [[button]]"),
        ('[[button]]\nname = "一"\nsub_button = "二"\n', "要写成 [[button.sub_button]]"),
        ("[[button]]\nname = 1\ntype = 'click'\nkey = 'arrears'\n", "没有名称"),
        ('[[button]]\nname = "一"\nkey = "arrears"\n', "没有 type"),
        ('[[button]]\nname = "官网"\ntype = "view"\n', "没有网址"),
    ],
)
def test_an_entry_of_the_wrong_form_is_named(tmp_path: Path, text: str, told: str) -> None:
    (why,) = problems(tmp_path, text)
    assert told in why


def view(url: str, **more: str) -> str:
    rest = "".join(f'{key} = "{value}"\n' for key, value in more.items())
    return f'[[button]]\nname = "官网"\ntype = "view"\nurl = "{url}"\n{rest}'


def test_a_key_and_an_address_are_measured_in_bytes(tmp_path: Path) -> None:
    long_key = "k" * 129
    (why,) = menu.problems(_written(tmp_path, click("一", long_key)), DIALOGS | {long_key})
    assert "key 太长，微信最多 128 字节" in why
    assert problems(tmp_path, view("https://water.example/" + "x" * 1002)) == []
    (why,) = problems(tmp_path, view("https://water.example/" + "x" * 1003))
    assert "网址太长：1025 字节，微信最多 1024 字节" in why


def test_more_than_three_domains_are_too_many_for_wechat(tmp_path: Path) -> None:
    def linked(count: int) -> str:
        entries = (
            f'[[button.sub_button]]\nname = "官网"\ntype = "view"\nurl = "https://w{n}.example"\n'
            for n in range(count)
        )
        return '[[button]]\nname = "链接"\n' + "".join(entries)

    assert problems(tmp_path, linked(3)) == []
    (why,) = problems(tmp_path, linked(4))
    assert "网址用了 4 个域名" in why


@pytest.mark.parametrize("kind", ["scancode_push", "location_select", "media_id", "clik"])
def test_a_type_that_the_bot_would_never_hear_of_is_named(tmp_path: Path, kind: str) -> None:
    (why,) = problems(tmp_path, click("扫码").replace('"click"', f'"{kind}"'))
    assert f"type {kind} 这里用不上，能写的是 click、view、miniprogram" in why


def test_a_mini_program_needs_to_be_said_in_full(tmp_path: Path) -> None:
    mini = view("https://water.example").replace('"view"', '"miniprogram"')
    assert len(problems(tmp_path, mini)) == 2
    whole = mini + 'appid = "wx0123456789abcdef"\npagepath = "pages/index"\n'
    assert problems(tmp_path, whole) == []


def test_a_button_is_an_entry_or_a_list_and_lists_are_one_deep(tmp_path: Path) -> None:
    both = group("服务", 1).replace('name = "服务"\n', 'name = "服务"\nkey = "arrears"\n')
    (why,) = problems(tmp_path, both)
    assert "有子菜单，自己就不能有 key" in why
    deeper = group("服务", 1) + '[[button.sub_button.sub_button]]\nname = "更深"\n'
    (why,) = problems(tmp_path, deeper)
    assert "微信只有两级" in why


def test_the_shipped_menu_is_full_and_its_names_can_be_read_on_a_phone() -> None:
    buttons = menu.read_menu(TEMPLATES)["button"]
    assert [len(button["sub_button"]) for button in buttons] == [5, 5, 5]
    names = [leaf["name"] for button in buttons for leaf in button["sub_button"]]
    assert all(len(name) <= 8 for name in names)
    keys = [leaf["key"] for button in buttons for leaf in button["sub_button"]]
    assert len(set(keys)) == 15


def _written(folder: Path, text: str) -> Path:
    (folder / "menu.toml").write_text(text, encoding="utf-8")
    return folder
