"""A transcript that asks for the wrong thing fails, and a mistyped one is refused with a reason."""

from pathlib import Path

import pytest

from tests.dialogs.stage import Stage
from tests.dialogs.transcript import ACTIONS, EXPECTATIONS, GIVEN, Unreadable, read
from tests.fakes import FakeCsms, FakeRecords
from tests.service import Service

HEAD = "- 标题: 试\n  对话:\n"


@pytest.fixture
def stage(service: Service, csms: FakeCsms, records: FakeRecords) -> Stage:
    return Stage(service, csms, records)


def written(folder: Path, text: str) -> Path:
    path = folder / "t.yml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("turn", "complaint"),
    [
        ("{市民: 菜单, 回复: [查欠费, 没有这句]}", "回复里没有“没有这句”"),
        ("{市民: 菜单, 回复: 查欠费, 不含: 绑定户号}", "回复里不该有“绑定户号”"),
        ("{市民: 菜单, 结果: 没有回复}", "应该没有回复，实际是"),
        ("{市民: 人工, 回复: 人工}", "应该回复文字，实际是"),
        ("{取关: , 回复: 再见}", "应该回复文字，实际是：silence"),
        ("{市民: 菜单, 回复: 查欠费, 绑着: ['3100000017']}", "绑着的是"),
        ("{市民: 菜单, 回复: 查欠费, 绑着: []}", ""),
        ("{点: 同意, 回复: 好}", "点不了"),
    ],
)
def test_what_does_not_come_true_fails_with_a_reason(
    stage: Stage, tmp_path: Path, turn: str, complaint: str
) -> None:
    (transcript,) = read(written(tmp_path, f"{HEAD}  - {turn}\n"))
    if not complaint:
        stage.play(transcript)
        return
    with pytest.raises(AssertionError, match=complaint):
        stage.play(transcript)


def test_two_replies_that_should_be_the_same_must_be_the_same(stage: Stage, tmp_path: Path) -> None:
    turns = "  - {市民: 菜单, 回复: 查欠费, 记为: 甲}\n  - {市民: 帮助, 同: 甲}\n"
    (transcript,) = read(written(tmp_path, HEAD + turns))
    with pytest.raises(AssertionError, match="两次的回复不一样"):
        stage.play(transcript)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("标题: 试", "应该是一条条"),
        ("- [", "不是正确的 YAML"),
        ("- 对话: []", "没有标题"),
        ("- 标题: 试", "没有 “对话:”"),
        (HEAD + "  - 市民: 菜单", "没有写应该怎么回复"),
        (HEAD + "  - {市民: 菜单, 回覆: 好}", "不认识 “回覆”"),
        (HEAD + "  - {市民: 菜单, 点: 同意, 回复: 好}", "一个动作"),
        (HEAD + "  - {市民: 菜单, 结果: 转接}", "结果只能是"),
        (HEAD + "  - 菜单", "这样写"),
        ("- 标题: 试\n  前题: {}\n  对话: []", "不认识 “前题”"),
        ("- 标题: 试\n  前提: {绑: []}\n  对话: []", "不认识 “绑”"),
    ],
)
def test_a_mistyped_file_is_refused_in_plain_words(
    tmp_path: Path, text: str, complaint: str
) -> None:
    with pytest.raises(Unreadable, match=complaint):
        read(written(tmp_path, text))


def test_numbers_stay_as_they_were_typed(tmp_path: Path) -> None:
    (transcript,) = read(written(tmp_path, f"{HEAD}  - {{市民: 056.70, 回复: [08:30]}}"))
    assert transcript.turns[0].what == "056.70"
    assert transcript.turns[0].reply == ("08:30",)


def test_the_guide_names_every_word_the_format_knows() -> None:
    guide = (Path(__file__).parent / "README.md").read_text(encoding="utf-8")
    assert [word for word in (*ACTIONS, *EXPECTATIONS, *GIVEN) if f"{word}:" not in guide] == []
