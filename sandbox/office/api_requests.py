"""Requests decided over HTTP, by subject."""

from random import Random

from flask import Blueprint
from flask.typing import ResponseReturnValue

from sandbox import office
from sandbox.control_body import body, text
from sandbox.office.api_values import EngineFactory, as_object, day, now, plain, whole
from sandbox.office.errors import BadEntry


def serve_readings(blueprint: Blueprint, engine: EngineFactory) -> None:
    @blueprint.post("/requests/<request_no>/accept")
    def accept(request_no: str) -> ResponseReturnValue:
        return as_object(office.accept_reading(engine(), request_no, now()))

    @blueprint.post("/requests/<request_no>/modify")
    def modify(request_no: str) -> ResponseReturnValue:
        value = whole("value")
        return as_object(office.modify_reading(engine(), request_no, value, text("text"), now()))

    @blueprint.post("/requests/<request_no>/reject")
    def reject(request_no: str) -> ResponseReturnValue:
        reason, words = text("reason"), text("text")
        return as_object(office.reject_reading(engine(), request_no, reason, words, now()))

    @blueprint.post("/auto")
    def auto() -> ResponseReturnValue:
        rng = Random(whole("seed", 0))
        return {"ended": dict(office.answer_everything(engine(), now(), rng))}


def serve_applications(blueprint: Blueprint, engine: EngineFactory) -> None:
    @blueprint.post("/requests/<request_no>/approve")
    def approve(request_no: str) -> ResponseReturnValue:
        return as_object(office.approve(engine(), request_no, now()))

    @blueprint.post("/requests/<request_no>/return")
    def send_back(request_no: str) -> ResponseReturnValue:
        reason, words = text("reason"), text("text")
        return as_object(office.send_back(engine(), request_no, reason, words, now()))

    @blueprint.post("/requests/<request_no>/refuse")
    def turn_down(request_no: str) -> ResponseReturnValue:
        return as_object(office.turn_down(engine(), request_no, text("text"), now()))

    @blueprint.post("/requests/<request_no>/stage")
    def stage(request_no: str) -> ResponseReturnValue:
        reached = office.advance(
            engine(),
            request_no,
            now(),
            stage=text("stage"),
            promised_on=day("promised_on"),
            text=text("text"),
        )
        return as_object(reached)


def serve_checks(blueprint: Blueprint, engine: EngineFactory) -> None:
    @blueprint.post("/spot-checks")
    def draw() -> ResponseReturnValue:
        if "accounts" in body():
            return {"drawn": plain(office.draw_checks(engine(), _accounts(), now()))}
        number, rng = whole("count"), Random(whole("seed", int(now().timestamp())))
        return {"drawn": plain(office.draw_at_random(engine(), number, now(), rng))}

    @blueprint.post("/requests/<request_no>/pass")
    def passed(request_no: str) -> ResponseReturnValue:
        return as_object(office.pass_check(engine(), request_no, text("text"), now()))

    @blueprint.post("/requests/<request_no>/adjust")
    def adjusted(request_no: str) -> ResponseReturnValue:
        value, words = whole("value"), text("text")
        return as_object(office.adjust_check(engine(), request_no, value, words, now()))

    @blueprint.post("/requests/<request_no>/retake")
    def retake(request_no: str) -> ResponseReturnValue:
        reason, words = text("reason"), text("text")
        return as_object(office.retake_check(engine(), request_no, reason, words, now()))

    @blueprint.post("/requests/<request_no>/on-site")
    def on_site(request_no: str) -> ResponseReturnValue:
        return as_object(office.check_on_site(engine(), request_no, text("text"), now()))


def _accounts() -> list[str]:
    entered = body()["accounts"]
    if not isinstance(entered, list) or not all(isinstance(one, str) for one in entered):
        raise BadEntry("accounts 应为户号的列表")
    return entered
