"""The server's cron jobs, run by hand (docs/sandbox.md)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint
from flask.typing import ResponseReturnValue

from sandbox.context import here
from sandbox.control_body import BadRequest, body, text

JOBS = {
    "remind_reading": "抄表提醒：抄表日前三天",
    "push_bills": "账单推送：没有事件告知过的新账单",
    "remind_payment": "缴费提醒：缴费截止前三天",
    "spot_checks": "抽检：等着拍水表的",
    "visits": "上门抄表：要预约的，和明天上门的",
    "notify_outages": "停水通知：官网发布的，告知相关用户",
    "digest_quality": "水质日报：告知订阅的市民",
    "sync_website": "取官网：停水和水质",
    "notify_results": "办理结果：营收系统和热线的答复",
    "deliver_submissions": "受理单：交给营收系统和热线",
    "reconcile": "对账：微信账单、订单和营收系统",
    "expire_dialogs": "过期对话：清掉填了一半的内容",
    "purge": "保存期限：清掉到期的资料",
    "queue_report": "队列报告：什么在等，什么卡住了",
}


@dataclass(frozen=True, slots=True)
class Finished:
    """`code` is the exit code, None when the job was ended for taking too long."""

    code: int | None
    output: str
    seconds: float


RunJob = Callable[[str, bool, datetime], Finished]
"""A job's name, whether to look only, and the sandbox's time."""


def create_blueprint(run: RunJob | None) -> Blueprint:
    blueprint = Blueprint("jobs", __name__)

    @blueprint.get("")
    def jobs() -> ResponseReturnValue:
        return {"jobs": [{"name": name, "about": about} for name, about in JOBS.items()]}

    @blueprint.post("")
    def run_job() -> ResponseReturnValue:
        name, dry_run = text("name"), body().get("dry_run", False)
        if name not in JOBS:
            raise BadRequest(f"没有任务 {name}：应为 {'、'.join(JOBS)} 之一")
        if not isinstance(dry_run, bool):
            raise BadRequest("dry_run must be true or false")
        if run is None:
            return {"error": "定时任务只有用 make demo 启动时才能运行"}, 409
        now = here().world.clock.moment()
        done = run(name, dry_run, now)
        return {
            "name": name,
            "now": now.isoformat(timespec="seconds"),
            "code": done.code,
            "output": done.output,
            "ms": round(done.seconds * 1000),
        }

    return blueprint
