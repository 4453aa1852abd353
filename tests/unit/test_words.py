"""`waterdesk templates check`: every slip a clerk can make in words.toml is named, none raises."""

from collections.abc import Callable
from pathlib import Path
from shutil import copyfile, copytree

import pytest

from bot.wording.check import problems
from bot.wording.vocabulary import CODES, spelled
from bot.wording.words import WordingError, read_contract, read_wording

ROOT = Path(__file__).resolve().parents[2]
Edit = Callable[[str, str], list[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copytree(ROOT / "templates", tmp_path / "templates", copy_function=copyfile)
    return tmp_path / "templates"


@pytest.fixture
def edited(folder: Path) -> Edit:
    """The problems of the shipped files once the first `old` in words.toml has become `new`."""

    def edit(old: str, new: str) -> list[str]:
        path = folder / "words.toml"
        words = path.read_text(encoding="utf-8")
        assert old in words, old
        path.write_text(words.replace(old, new, 1), encoding="utf-8")
        return problems(folder)

    return edit


def line_of(start: str) -> str:
    """The first line of the shipped words.toml that begins so."""
    text = (ROOT / "templates" / "words.toml").read_text(encoding="utf-8")
    return next(line for line in text.splitlines() if line.startswith(start))


def test_the_shipped_files_have_no_problems(folder: Path) -> None:
    assert problems(folder) == []


# --- the form -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "new", "told"),
    [
        ("numbered_menu", 'numbered_menu = "arrears"', "numbered_menu 要写成业务名的列表"),
        ("numbered_menu", "numbered_menu = [1]", "numbered_menu 要写成业务名的列表"),
        ("numbered_menu", "", "缺少 numbered_menu"),
        ("numbered_menu", "numbered_menu = []", "numbered_menu 是空的"),
        ("thanks = ", 'thanks = "谢谢"', "[commands] thanks 要写成词的列表"),
        ("thanks = ", "thanks = []", "[commands] thanks 是空的，至少要写一个词"),
        ("thanks = ", 'thanks = ["谢谢", 1]', "[commands] thanks 要写成词的列表"),
        ("thanks = ", 'thanks = [" "]', "[commands] thanks 要写成词的列表"),
        ("agree = ", "agree = []", '[options."bind_account.consent"] agree 是空的'),
        ("agree = ", 'agree = "好"', '[options."bind_account.consent"] agree 要写成词的列表'),
        ("RES = ", "RES = 1", "[values.use_class] RES 要写成引号里的文字"),
        ("RES = ", 'RES = ""', "[values.use_class] RES 要写成引号里的文字"),
        ("all = ", "", '[options."arrears.which"] 要写成表，里面至少一行'),
        ("[commands]", "[command]", "缺少 [commands] 表"),
        ("[commands]", "[command]", "不认识 command"),
        ("[titles]", "titles = 1\n[names]", "titles 要写成 [titles] 表"),
        ("[values.role]", "[values]\nx = 1\n[values.role]", "[values.x] 要写成表"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named(edited: Edit, start: str, new: str, told: str) -> None:
    assert any(told in why for why in edited(line_of(start), new))


def test_all_wrong_values_are_named_at_once_and_other_files_as_well(
    folder: Path, edited: Edit
) -> None:
    (folder / "menu.toml").write_text("[[button]\n", encoding="utf-8")
    (folder / "contract.toml").write_text("", encoding="utf-8")
    found = "\n".join(edited(line_of("agree = "), "agree = []\nmaybe = 1"))
    for told in ("agree 是空的", "maybe 要写成", "contract.toml：", "menu.toml:1：第"):
        assert told in found


def test_the_old_name_of_the_numbered_menu_is_told_with_the_new_one(edited: Edit) -> None:
    old = line_of("numbered_menu")
    assert any("现在叫 numbered_menu" in why for why in edited(old, old.removeprefix("numbered_")))


def test_a_file_that_is_no_toml_or_no_utf_8_is_named(folder: Path) -> None:
    path = folder / "words.toml"
    path.write_text('[titles]\narrears = "查欠费\n', encoding="utf-8")
    assert problems(folder)[0].startswith("words.toml:2：第15个字附近写法有误：引号没有成对")
    path.write_bytes("# 词语".encode("gb18030"))
    assert problems(folder) == ["words.toml：不是 UTF-8 编码，请另存为 UTF-8"]


def test_the_mark_that_windows_editors_put_ahead_does_no_harm(folder: Path) -> None:
    path = folder / "words.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert problems(folder) == []


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert all("没有这个文件" in why for why in problems(tmp_path / "nowhere"))
    assert problems(tmp_path / "nowhere")


def test_the_service_does_not_start_with_words_of_the_wrong_form(
    folder: Path, edited: Edit
) -> None:
    edited(line_of("agree = "), "agree = []")
    with pytest.raises(WordingError, match="agree 是空的"):
        read_wording(folder)


def test_a_sample_that_is_not_there_is_named(folder: Path) -> None:
    (folder / "contract.toml").write_text('[replies."d/x"]\nbills = "@gone"\n', encoding="utf-8")
    with pytest.raises(WordingError, match="样例 @gone 不在"):
        read_contract(folder)


# --- the words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "right"),
    [("OK", "ok"), ("Ｏｋ", "ok"), ("谢 谢", "谢谢"), ("谢谢。", "谢谢"), ("谢谢！", "谢谢")],
)
def test_a_word_that_can_never_match_is_named_with_its_right_spelling(
    edited: Edit, word: str, right: str
) -> None:
    assert spelled(word) == right
    found = edited(line_of("thanks = "), f'thanks = ["{word}"]')
    assert f"words.toml：[commands] thanks 的“{word}”永远对不上，请写成“{right}”" in found


def test_a_label_may_be_written_as_it_looks_best_when_it_can_be_typed(edited: Edit) -> None:
    found = edited(line_of("all = "), 'all = ["全部 户号！"]')
    assert [why for why in found if "请写成“全部户号”" in why] == found != []


def test_a_label_with_its_plain_spelling_beside_it_is_fine(edited: Edit) -> None:
    assert edited(line_of("all = "), 'all = ["全部 户号！", "全部户号"]') == []


@pytest.mark.parametrize(
    ("start", "new", "told"),
    [
        ("thanks = ", 'thank = ["谢谢"]', "没有 thank 这个命令"),
        ("thanks = ", 'thank = ["谢谢"]', "[commands] 缺少 thanks"),
        ("thanks = ", 'thanks = ["12"]', "“12”是数字"),
        ("thanks = ", 'thanks = ["一"]', "“一”是数字"),
        ("thanks = ", 'thanks = ["更多"]', "“更多”在 [commands] 里写了两处"),
        ("thanks = ", 'thanks = ["查欠费"]', "“查欠费”已是命令 thanks 的词"),
        ("all = ", 'all = ["全部", "全部"]', "“全部”在 all 里已有"),
        ("all = ", 'all = ["全部", "取消"]', "“取消”是命令 cancel 的词，选不到"),
        ("all = ", 'all = ["全部", "2"]', "“2”是数字"),
        ("all = ", 'every = ["全部"]', '[options."arrears.which"] 要依次写出 all'),
        ('[options."arrears.which"]', '[options."arrears.who"]', '"arrears.who"] 没有对应'),
        ('arrears = "', 'arrears = "欠多少钱"', "[keywords] arrears 里要有“欠多少钱”"),
        ('arrears = "', 'arrear = "查欠费"', "[titles] 没有 arrears"),
        ('arrears = "', 'arrear = "查欠费"', "没有 arrear 这个业务"),
        ("numbered_menu", 'numbered_menu = ["gone"]', "没有 gone 这个业务"),
        ("numbered_menu", 'numbered_menu = ["arrears", "arrears"]', "arrears 写了两次"),
        ('reader = "', "", "[values.role] 缺少 reader"),
        ('wechat_only = "', "", "[values.bill_type] 缺少 wechat_only"),
        ("RES = ", "", "[values.use_class] 缺少 RES"),
        ("stopped_arrears = ", "", "[values.account_status] 缺少 stopped_arrears"),
        ("[values.role]", "[values.money]", "[values.money] 和系统自带的过滤器同名"),
    ],
)
def test_a_word_that_misleads_is_named(edited: Edit, start: str, new: str, told: str) -> None:
    assert any(told in why for why in edited(line_of(start), new))


@pytest.mark.parametrize("code", [*CODES["use_class"], *CODES["account_status"]])
def test_the_codes_of_accounts_are_those_of_the_contract_with_csms(code: str) -> None:
    contract = (ROOT / "docs" / "contracts" / "csms.md").read_text(encoding="utf-8")
    assert f"`{code}`" in contract


# --- the replies ----------------------------------------------------------------------------------


@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_quick_reply_that_nobody_understands_is_named(folder: Path, quote: str) -> None:
    path = folder / "replies" / "common" / "thanks.j2"
    path.write_text(f"好\n{{{{ quick_reply({quote}查水{quote}, '查') }}}}", encoding="utf-8")
    (why,) = problems(folder)
    assert why.startswith("replies/common/thanks.j2:2：quick_reply 发出的“查水”没有人听得懂")


def test_a_quick_reply_may_send_a_title_an_option_a_command_or_a_number(folder: Path) -> None:
    sent = ("查欠费", "都查", "谢谢", "2")
    text = "".join(f'{{{{ quick_reply("{word}", "字") }}}}' for word in sent)
    (folder / "replies" / "common" / "thanks.j2").write_text(text, encoding="utf-8")
    assert problems(folder) == []


def test_a_broken_reply_is_named_once_and_not_logged_besides(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "replies" / "arrears" / "which.j2").write_text("{{ name", encoding="utf-8")
    (why,) = problems(folder)
    assert why.startswith("replies/arrears/which.j2:1：写法有误")
    assert capsys.readouterr() == ("", "")


def test_a_missing_reply_is_named_once(folder: Path) -> None:
    (folder / "replies" / "arrears" / "which.j2").unlink()
    assert problems(folder) == [
        "replies/arrears/which.j2：没有这个文件，contract.toml 里却有它；请补上"
    ]
