"""What a citizen has submitted before a conversation begins (前提 办过), as the worker left it."""

import json
from datetime import datetime
from typing import Any

from backends.ports import Secrets, Submission, SubmissionKind, SubmissionState
from tests.dialogs.transcript import duration


def submission(given: dict[str, Any], openid: str, now: datetime, secrets: Secrets) -> Submission:
    private = given.get("密封")
    at = now - duration(given.get("多久前", "1天"))
    return Submission(
        number=given["号"],
        key=given["号"],
        openid=openid,
        acct_no=given.get("户号", ""),
        kind=SubmissionKind(given["种类"]),
        payload=given.get("内容") or {},
        created_at=at,
        parent_no=given.get("归于", ""),
        state=SubmissionState(given.get("状态", "delivered")),
        result=given.get("结果"),
        updated_at=at,
        photo_ids=tuple(given.get("照片") or ()),
        sealed=secrets.seal(json.dumps(private, ensure_ascii=False)) if private else "",
    )
