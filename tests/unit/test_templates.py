"""Templates as customer service edits them: checked, kept at the last good version, harmless."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.wording.words import WordingError, read_contract, read_wording
from tests.unit.wording_folder import CONTRACT, WORDS, Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def says(folder: Folder, text: str, name: str = "张*") -> str:
    """What d/hello becomes with this template; the problem, if it has one."""
    folder.edit("d/hello", text)
    files = folder.files()
    problems = [why for why in files.problems() if why.startswith("replies/d/hello")]
    if problems:
        return problems[0]
    template = files.get("d/hello")
    assert template
    return template.render({"name": name}).strip()


def test_good_files_have_no_problems(folder: Folder) -> None:
    assert folder.files().problems() == []


# --- broken files ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "broken",
    [
        "{{ name",
        "{% for x in name %}",
        "{{ surname }}",
        "{{ name | shout }}",
        "{{ name.first }}",
        "   ",
        "{% include 'nowhere.j2' %}",
        "{{ 1 // 0 }}",
    ],
)
def test_the_last_good_version_stays_when_a_file_breaks(folder: Folder, broken: str) -> None:
    files = folder.files()
    folder.edit("d/hello", broken)
    files.refresh()
    template = files.get("d/hello")
    assert template
    assert template.render({"name": "李*"}) == "您好，李*。"
    assert len(files.problems()) == 1


def test_a_mended_file_is_taken_up(folder: Folder) -> None:
    files = folder.files()
    folder.edit("d/hello", "{{ name")
    files.refresh()
    folder.edit("d/hello", "早上好，{{ name }}！")
    assert files.refresh()
    template = files.get("d/hello")
    assert template
    assert template.render({"name": "李*"}) == "早上好，李*！"


def test_nothing_is_read_again_when_nothing_has_changed(folder: Folder) -> None:
    assert not folder.files().refresh()


def test_a_broken_file_does_not_keep_a_good_edit_of_another_back(folder: Folder) -> None:
    files = folder.files()
    folder.edit("d/hello", "{{ name")
    folder.edit("common/bad.choice", "请再说一遍。")
    files.refresh()
    template = files.get("common/bad.choice")
    assert template
    assert template.render() == "请再说一遍。"


def test_a_file_broken_from_the_start_is_not_there(folder: Folder) -> None:
    folder.edit("d/hello", "{{ name")
    files = folder.files()
    assert files.get("d/hello") is None
    assert files.get("d/bills") is not None


def test_a_file_that_is_not_utf_8_is_a_problem_and_not_the_end(folder: Folder) -> None:
    files = folder.files()
    folder.edit("d/hello", "您好".encode("gb18030"))
    files.refresh()
    assert files.get("d/hello") is not None
    assert any("d/hello" in why and "UTF-8" in why for why in files.problems())


def test_a_file_that_disappears_leaves_its_last_version(folder: Folder) -> None:
    files = folder.files()
    (folder.path / "replies/d/hello.j2").unlink()
    files.refresh()
    assert files.get("d/hello") is not None
    assert any("没有这个文件" in why for why in files.problems())


def test_a_broken_macro_file_leaves_what_uses_it_as_it_was(folder: Folder) -> None:
    folder.edit("_macros", "{% macro wave(name) %}👋{{ name }}{% endmacro %}")
    folder.edit("d/hello", "{% from '_macros.j2' import wave %}{{ wave(name) }}")
    files = folder.files()
    folder.edit("_macros", "{% macro wave(name) %}")
    files.refresh()
    template = files.get("d/hello")
    assert template
    assert template.render({"name": "李*"}) == "👋李*"


def test_a_line_within_a_macro_is_told_as_the_line_that_uses_it(folder: Folder) -> None:
    folder.edit("_macros", "甲\n乙\n{% macro wave(name) %}\n{{ nobody }}\n{% endmacro %}")
    said = says(folder, "{% from '_macros.j2' import wave %}\n{{ wave(name) }}")
    assert said.startswith("replies/d/hello.j2:2：没有变量 nobody")


def test_the_mark_that_windows_editors_put_ahead_is_no_text(folder: Folder) -> None:
    folder.edit("d/hello", b"\xef\xbb\xbf" + "您好".encode())
    template = folder.files().get("d/hello")
    assert template
    assert template.render() == "您好"


def test_the_log_is_in_english(folder: Folder) -> None:
    with capture_logs() as logged:
        folder.edit("d/hello", "甲\n{{ surname }}")
        folder.files()
    assert [(line["event"], line["template"]) for line in logged] == [
        ("template_broken", "d/hello")
    ]
    assert logged[0]["why"].startswith("line 2: 'surname' is undefined")


# --- what a problem says --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("好\n{{ name", ":2：写法有误：没有写完，少了 }}"),
        ("{{ surname }}", ":1：没有变量 surname；这里能用的变量：name"),
        ("甲\n乙\n{{ surname }}", ":3：没有变量 surname；"),
        ("{{ name.first }}", ":1：它里面没有 first"),
        ("{{ name | shout }}", ":1：写法有误：没有叫 shout 的过滤器；能用的有 money、day、"),
        (
            "好{% if not name %}\n{{ name | shout }}{% endif %}",
            ":2：写法有误：没有叫 shout 的过滤器",
        ),
        ("好{% if not name %}\n{{ surname }}{% endif %}", ":2：没有变量 surname"),
        ("{{ name | money }}", ":1：过滤器 money 不能用在这个值上"),
        ("{{ name is full }}", ":1：写法有误：is 后面不能写 full"),
        ("甲\n{% if name %}\n乙\n丙\n", ":2：写法有误：{% if %} 没有结束，请补上 {% endif %}"),
        ("{% if name %}{% if name %}{% endif %}\n{% for x in name %}", ":2：写法有误：{% for %}"),
        ("甲\n{% endfor %}", ":2：写法有误：多了 {% endfor %}，前面没有 {% for … %}"),
        (
            "{% for x in name %}{% if x %}{% endfor %}",
            "{% endfor %} 放错了地方：前面的 {% if %} 还没有用 {% endif %} 结束",
        ),
        ("{% fi name %}", "不能写 {% fi %}，例如 {% if text %} … {% endif %}"),
        ("{% %}", "{% %} 里要写明做什么"),
        ("{# 甲", "注释 {# 没有用 #} 结束"),
        ("{{ name }", "括号没有成对：变量是 {{ … }}，判断是 {% … %}"),
        ("{{ (name }}", "括号没有成对：} 前面少了 )"),
        ("{{ name) }}", "不该在这里写 )"),
        ("{{ }}", "}} 前面没有写完，少了变量或文字"),
        ("{% if name == %}好{% endif %}", "%} 前面没有写完，少了变量或文字"),
        ("{% if name = 1 %}好{% endif %}", "两样相比要写 =="),
        ("{{ name | }}", "}} 前面少了名称"),
        ("{{ name surname }}", "这里该写 }}，写的却是 surname"),
        ("{{ “name” }}", "不能写 “：引号要成对，标点要用英文的"),
        ("{{ 'name }}", "不能写 '：引号要成对"),
        (
            "{{ quick_reply('查') }}",
            ':1：不能这样用：要写两样，quick_reply("发出的话", "看到的字")',
        ),
        ("{{ name + 1 }}", "要连成一句话，请用 ~"),
        ("{% for x in 5 %}{% endfor %}", "{% for %} 只能用在列表上"),
        ("甲\n{% include 'nowhere.j2' %}", ":2：写法有误：没有 nowhere.j2 这个文件"),
        ("{{ name.__class__ }}", ":1：不允许这样用（access to attribute"),
        ("甲\n{{ 1 // 0 }}", ":2：不能这样用：ZeroDivisionError"),
        ("您好，{name}", "：市民会看到“{name}”：变量要写在两对花括号里"),
        ("您好，name }}", "：市民会看到“}}”"),
        ("", "没有内容"),
        ("{# 只有注释 #}", "没有内容"),
    ],
)
def test_a_problem_says_where_and_what(folder: Folder, text: str, problem: str) -> None:
    assert problem in says(folder, text)


def test_where_nothing_better_is_known_jinja_speaks_for_itself(folder: Folder) -> None:
    assert "写法有误：names starting with an underline" in says(
        folder, "{% from '_macros.j2' import _x %}"
    )


def test_a_macro_that_is_not_there_is_named(folder: Folder) -> None:
    folder.edit("_macros", "{% macro wave(name) %}👋{% endmacro %}")
    said = says(folder, "{% from '_macros.j2' import wink %}{{ wink(name) }}")
    assert said == "replies/d/hello.j2:1：_macros.j2 里没有 wink"


def test_a_file_outside_the_contract_is_a_problem(folder: Folder) -> None:
    folder.edit("d/extra", "好")
    assert folder.files().problems() == [
        "replies/d/extra.j2：contract.toml 里没有它；请检查文件名，或找工程师登记"
    ]


def test_a_missing_file_is_a_problem(folder: Folder) -> None:
    (folder.path / "replies/d/hello.j2").unlink()
    (why,) = folder.files().problems()
    assert "replies/d/hello.j2" in why


# --- what a template can do -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "trick",
    [
        "{{ name.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ name['__class__'] }}",
        "{{ self.__init__.__globals__ }}",
        "{{ quick_reply.__globals__ }}",
        "{{ quick_reply.__wrapped__.__globals__ }}",
        "{{ cycler.__init__ }}",
        "{{ lipsum.__globals__ }}",
        "{{ range(1, 1000000000) | length }}",
        "{{ name | attr('__class__') }}",
        "{{ config }}",
        "{{ '%s' | format(name) }}",
        "{% import 'os' as os %}",
    ],
)
def test_the_sandbox_refuses_tricks(folder: Folder, trick: str) -> None:
    assert says(folder, trick).startswith("replies/d/hello.j2:1：")


def test_a_template_cannot_change_what_it_is_given(folder: Folder) -> None:
    folder.edit("d/bills", "{{ bills.append(1) }}好")
    assert any("d/bills" in why for why in folder.files().problems())


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ('<a href="http://evil">张</a>', '＜a href="http://evil"＞张＜/a＞'),
        ("A & B", "A & B"),
        ("{{ name }}", "{{ name }}"),
        ("]]>", "]]＞"),
    ],
)
def test_what_comes_from_outside_brings_no_link(folder: Folder, name: str, shown: str) -> None:
    assert says(folder, "{{ name }}", name) == shown


def test_there_is_no_way_to_call_a_value_safe(folder: Folder) -> None:
    for trick in ("{{ name | safe }}", "{% autoescape false %}{{ name }}{% endautoescape %}"):
        said = says(folder, trick, "<a href='http://evil'>x</a>")
        assert "<a" not in said


def test_a_quick_reply_is_a_link_whose_label_and_text_are_harmless(folder: Folder) -> None:
    said = says(folder, "{{ quick_reply(name, name) }}", '"><b>&x=1')
    assert said.startswith('<a href="weixin://bizmsgmenu?msgmenucontent=%22%3E%3Cb%3E%26x%3D1&')
    assert said.endswith('">"＞＜b＞&x=1</a>')


def test_a_line_of_tags_alone_leaves_no_line_behind(folder: Folder) -> None:
    text = "甲\n{% if name %}\n乙\n  {% endif %}\n{# 说明 #}\n丙"
    assert says(folder, text) == "甲\n乙\n丙"


def test_the_line_of_an_error_is_the_line_in_the_file(folder: Folder) -> None:
    assert ".j2:4：" in says(folder, "甲\n{% if name %}\n{% endif %}\n{{ name")


# --- the contract and the words -------------------------------------------------------------------


def test_a_toml_file_that_is_broken_says_which_and_where(folder: Folder) -> None:
    (folder.path / "contract.toml").write_text(CONTRACT + "\n[", encoding="utf-8")
    with pytest.raises(WordingError, match=r"contract\.toml:\d+：.*写法有误"):
        read_contract(folder.path)


def test_a_missing_folder_says_which_setting_to_look_at(tmp_path: Path) -> None:
    with pytest.raises(WordingError, match="TEMPLATES_DIR"):
        read_wording(tmp_path / "nowhere")


def test_a_word_with_two_meanings_is_refused(folder: Folder) -> None:
    words = WORDS.replace('d = ["打招呼"]', 'd = ["打招呼"]\ne = ["打招呼"]')
    (folder.path / "words.toml").write_text(words, encoding="utf-8")
    with pytest.raises(WordingError, match="写了两处"):
        read_wording(folder.path)
