"""The control API (docs/sandbox.md), pushes: templates, what was shown, what citizens accept."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from sandbox import subscriptions
from sandbox.context import here
from sandbox.control_body import BadRequest, body, text
from sandbox.template_messages import summary

pushes = Blueprint("pushes", __name__)


@pushes.get("/templates")
def templates() -> ResponseReturnValue:
    listed = here().pushes.templates.values()
    return {"templates": [{"id": one.template_id, "title": one.title} for one in listed]}


@pushes.get("/summary")
def counts() -> ResponseReturnValue:
    with here().world.news:
        return summary(here().pushes)


@pushes.put("/citizens/<openid>/blocked")
def block(openid: str) -> ResponseReturnValue:
    """Whether the citizen takes messages of the account at all (接收消息)."""
    blocked = body().get("blocked")
    if not isinstance(blocked, bool):
        raise BadRequest("blocked must be true or false")
    with here().world.news:
        here().world.citizen(openid).blocks_pushes = blocked
    return {"blocked": blocked}


@pushes.get("/citizens/<openid>/subscriptions")
def accepted(openid: str) -> ResponseReturnValue:
    """`left`: how many may still be sent, null when accepted for good."""
    sandbox = here()
    citizen = sandbox.world.citizen(openid)
    with sandbox.world.news:
        left = sandbox.acceptances.of(citizen.openid)
    titles = {one.template_id: one.title for one in sandbox.pushes.templates.values()}
    return {
        "subscriptions": [
            {"id": template_id, "title": titles.get(template_id, ""), "left": count}
            for template_id, count in left.items()
        ]
    }


@pushes.post("/citizens/<openid>/subscriptions")
def answer(openid: str) -> ResponseReturnValue:
    """`answers`: template id → whether it is accepted; `for_good`: 总是保持以上选择."""
    sandbox, given = here(), body()
    answers, for_good = given.get("answers"), given.get("for_good", False)
    if not isinstance(answers, dict) or not all(isinstance(v, bool) for v in answers.values()):
        raise BadRequest("answers must be an object of template ids and true or false")
    citizen = sandbox.world.citizen(openid)
    with sandbox.world.news:
        act = subscriptions.answered(
            sandbox.acceptances, citizen, answers, for_good=for_good is True
        )
    return sandbox.platform.perform(citizen, act).as_json()


@pushes.post("/citizens/<openid>/subscriptions/off")
def switch_off(openid: str) -> ResponseReturnValue:
    sandbox = here()
    citizen = sandbox.world.citizen(openid)
    with sandbox.world.news:
        act = subscriptions.switched_off(sandbox.acceptances, citizen, text("template_id"))
    return sandbox.platform.perform(citizen, act).as_json()
