"""最新动态: what customer service has published and is to be read today, newest first."""

from dialogs.engine.definition import Dialog, Exit, Go, Opening, Turn


def opening(turn: Turn, _: None) -> Go:
    articles = turn.ask.content.articles(turn.today)
    if not articles:
        return Go("none")
    views = [
        {"title": one.title, "summary": one.summary, "url": one.url, "on": one.starts_on}
        for one in articles
    ]
    return Go("shown", show={"articles": views})


NEWS = Dialog(
    name="news",
    revision=1,
    opens=Opening(opening, {"shown": "articles", "none": "none"}),
    steps={},
    ends={"articles": Exit.COMPLETED, "none": Exit.COMPLETED},
)
