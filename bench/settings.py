"""The environment in which every contender runs: the product's settings, nothing real in reach."""

import os
from pathlib import Path

from bench.account import ServiceAccount

NOBODY_LISTENS = "http://127.0.0.1:9"


def environment(account: ServiceAccount, redis_url: str, folder: Path) -> dict[str, str]:
    """Settings of whoever runs the benchmark are left out: they might name a real system."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("WATERDESK_")}
    return {
        **inherited,
        "WATERDESK_WECHAT_APPID": account.app_id,
        "WATERDESK_WECHAT_SECRET": account.secret,
        "WATERDESK_WECHAT_TOKEN": account.token,
        "WATERDESK_WECHAT_AES_KEY": account.aes_key,
        "WATERDESK_WECHAT_ACCOUNT_ID": account.original_id,
        "WATERDESK_WECHAT_MODE": "safe",
        "WATERDESK_WECHAT_API": NOBODY_LISTENS,
        "WATERDESK_REDIS_URL": redis_url,
        "WATERDESK_DATABASE_URL": f"sqlite:///{folder / 'records.sqlite3'}",
        "WATERDESK_CSMS_URL": f"sqlite:///{folder / 'csms.sqlite3'}",
        "WATERDESK_MEDIA_DIR": str(folder / "media"),
    }
