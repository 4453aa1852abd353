"""/healthz, /readyz, /metrics: what a balancer and a monitor see."""

import threading
import time

import requests

from backends.errors import BackendUnavailable
from tests.fakes import FakeCsms, FakeRecords
from tests.service import Service


def ready(service: Service) -> requests.Response:
    return requests.get(f"{service.url}/readyz", timeout=6)


def test_a_living_process_says_so_whatever_its_dependencies_do(
    service: Service, records: FakeRecords
) -> None:
    records.fail_with(BackendUnavailable("records", 1.0, "gone"))
    response = requests.get(f"{service.url}/healthz", timeout=5)
    assert (response.status_code, response.text) == (200, "ok\n")


def test_readiness_names_each_dependency(service: Service) -> None:
    response = ready(service)
    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "dependencies": {"redis": "ok", "records": "ok", "csms": "ok", "hotline": "ok"},
    }


def test_without_its_own_database_the_service_is_not_ready(
    service: Service, records: FakeRecords
) -> None:
    records.fail_with(BackendUnavailable("records", 1.0, "OperationalError"))
    response = ready(service)
    assert response.status_code == 503
    assert response.json()["dependencies"]["records"] == "failing: BackendUnavailable"


def test_a_lost_csms_is_told_but_keeps_the_service_in_rotation(
    service: Service, csms: FakeCsms
) -> None:
    csms.fail_with(BackendUnavailable("csms", 1.0, "OperationalError"))
    response = ready(service)
    assert response.status_code == 200
    assert response.json()["dependencies"]["csms"] == "failing: BackendUnavailable"


def test_a_hung_dependency_does_not_hang_the_probe(service: Service, csms: FakeCsms) -> None:
    gate = threading.Event()
    csms.hang(gate)
    started_s = time.monotonic()
    for _ in range(2):
        assert ready(service).json()["dependencies"]["csms"] == "failing: no answer in 2 s"
    gate.set()
    assert time.monotonic() - started_s < 5.5


def test_the_funnel_of_a_dialog_is_counted(service: Service) -> None:
    citizen = service.citizen()
    citizen.says("绑定")
    citizen.says("同意")
    citizen.says("取消")
    metrics = requests.get(f"{service.url}/metrics", timeout=5).text
    for event in ("started", "step", "cancelled"):
        assert f'waterdesk_dialogs_total{{dialog="bind_account",event="{event}"}}' in metrics
    assert citizen.openid not in metrics
