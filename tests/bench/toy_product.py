"""Small stand-ins for the product, good and bad, for tests of the benchmark itself."""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from werobot import WeRoBot
from werobot.replies import TextReply


def build() -> Any:
    robot = _robot()
    robot.add_handler(lambda message: f"您说的是：{message.content}", type="text")
    return robot.wsgi


def build_threaded() -> Any:
    """Answers in a thread of its own, as the product does."""
    robot = _robot()
    pool = ThreadPoolExecutor(1)
    robot.add_handler(lambda _message: pool.submit(the_work_of_a_turn).result(), type="text")
    return robot.wsgi


def the_work_of_a_turn() -> str:
    return "好"


def build_confused() -> Any:
    """Answers every citizen with a reply that is addressed to somebody else."""
    robot = _robot()
    robot.add_handler(
        lambda message: TextReply(target="oSOMEBODY", source=message.target, content="好"),
        type="text",
    )
    return robot.wsgi


def build_broken() -> Any:
    def application(_environ: Any, start_response: Any) -> list[bytes]:
        start_response("500 Internal Server Error", [("Content-Length", "0")])
        return [b""]

    return application


def build_unstartable() -> Any:
    raise RuntimeError("no such setting: WATERDESK_TOY")


def _robot() -> WeRoBot:
    return WeRoBot(
        token=os.environ["WATERDESK_WECHAT_TOKEN"],
        app_id=os.environ["WATERDESK_WECHAT_APPID"],
        encoding_aes_key=os.environ["WATERDESK_WECHAT_AES_KEY"],
        SESSION_STORAGE=False,
    )
