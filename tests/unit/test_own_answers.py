"""Which dialogs a question is offered as answers."""

from dialogs.engine.house import House
from dialogs.enquiries.own_answers import choices, offered
from tests.shape.conftest import shipped  # noqa: F401 - a fixture


def names(said: str, house: House) -> list[str]:
    return [name for name, _ in offered(said, house.wording)]


def test_those_whose_words_stand_in_the_question(shipped: House) -> None:  # noqa: F811
    assert names("请问水价是多少", shipped) == ["price_explained"]
    assert set(names("营业厅能办过户吗", shipped)) == {"outlets", "real_name"}


def test_three_at_the_most_and_never_the_question_itself(shipped: House) -> None:  # noqa: F811
    said = "我想咨询和投诉:查欠费、历史账单、水价、网点、报修、进度怎么办"
    found = names(said, shipped)
    assert len(found) == 3
    assert not {"consult", "complaint", "progress"} & set(found)


def test_none_where_nothing_fits(shipped: House) -> None:  # noqa: F811
    assert names("老人没有智能手机", shipped) == []


def test_asking_on_is_always_the_last_choice() -> None:
    assert choices({"offered": [["outlets", "服务网点"]]})[-1] == ("ask", "")
