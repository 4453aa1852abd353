"""官方网站: its address, the one that is ours."""

from dialogs.engine.definition import Dialog, Exit, Go, Opening, Turn


def opening(turn: Turn, _: None) -> Go:
    utility = turn.policy.utility_name
    if not turn.policy.website_url:
        return Go("none", show={"utility": utility, "hotline": turn.policy.hotline})
    return Go("shown", show={"utility": utility, "url": turn.policy.website_url})


OFFICIAL_SITE = Dialog(
    name="official_site",
    revision=1,
    opens=Opening(opening, {"shown": "site", "none": "none"}),
    steps={},
    ends={"site": Exit.COMPLETED, "none": Exit.FAILED},
)
