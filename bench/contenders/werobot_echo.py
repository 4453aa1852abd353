"""(b) WeRoBot alone, as its manual mounts it: encrypted mode, its own RedisStorage session, its own
bottle view (`robot.wsgi`), one handler that counts the citizen's messages and echoes."""

import os
from typing import Any

import redis
from werobot import WeRoBot
from werobot.session.redisstorage import RedisStorage


def build() -> Any:
    robot = WeRoBot(
        token=os.environ["WATERDESK_WECHAT_TOKEN"],
        app_id=os.environ["WATERDESK_WECHAT_APPID"],
        encoding_aes_key=os.environ["WATERDESK_WECHAT_AES_KEY"],
        enable_session=True,
        session_storage=RedisStorage(redis.from_url(os.environ["WATERDESK_REDIS_URL"])),
    )

    def echo(message: Any, session: dict[str, int]) -> str:
        session["count"] = session.get("count", 0) + 1
        return f"{session['count']}: {message.content}"

    robot.add_handler(echo, type="text")  # what its decorator @robot.text does
    return robot.wsgi
