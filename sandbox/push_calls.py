"""The calls of the server API about pushes: sending, and the account's templates."""

from collections.abc import Mapping

from sandbox import private_templates, subscriptions, template_messages
from sandbox.context import here
from sandbox.platform_call import Answer, Call, Received


def _template_send(r: Received) -> Answer:
    return template_messages.send(r.world, here().pushes, r.body)


def _subscription_send(r: Received) -> Answer:
    return subscriptions.send(r.world, here().pushes, here().acceptances, r.body)


def _templates(_: Received) -> Answer:
    return private_templates.listed(here().pushes)


def _template_add(r: Received) -> Answer:
    words = r.body.get("keyword_name_list", [])
    return private_templates.added(here().pushes, r.text("template_id_short"), words)


def _template_delete(r: Received) -> Answer:
    return private_templates.removed(here().pushes, r.text("template_id"))


PUSH_CALLS: Mapping[str, Call] = {
    "/cgi-bin/message/template/send": Call("POST", _template_send),
    "/cgi-bin/message/subscribe/bizsend": Call("POST", _subscription_send),
    "/cgi-bin/template/get_all_private_template": Call("GET", _templates),
    "/cgi-bin/template/api_add_template": Call("POST", _template_add),
    "/cgi-bin/template/del_private_template": Call("POST", _template_delete),
}
