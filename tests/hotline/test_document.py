"""docs/contracts/hotline.yaml is a proper document, its examples are true, and the stand-in and the
adapter do what it says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import requests
import yaml

from backends.hotline import signing as adapter
from backends.hotline.desk import HttpHotlineDesk
from backends.ports import Place, SubmissionKind
from sandbox.hotline import report, signing
from tests.contract.wechat.platform import Platform
from tests.hotline.house import PHOTO, SECRET, House, a_complaint, a_fault, a_question, about

FILE = Path(__file__).parents[2] / "docs/contracts/hotline.yaml"
DOCUMENT: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
METHODS = {"get", "post", "put", "patch", "delete"}


def resolved(node: Any) -> Any:
    while isinstance(node, dict) and "$ref" in node:
        found: Any = DOCUMENT
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def checker(schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    """Schemas refer to others of the document, so the whole of it comes along."""
    whole = {**schema, "components": DOCUMENT["components"]}
    formats = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return jsonschema.Draft202012Validator(whole, format_checker=formats)


def schema_of(name: str) -> jsonschema.Draft202012Validator:
    return checker({"$ref": f"#/components/schemas/{name}"})


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in DOCUMENT["paths"].items():
        for method in METHODS & item.keys():
            yield method, path, item[method]


def contents() -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Every (name, schema, example) of every body."""
    for method, path, operation in operations():
        bodies = {"request": operation.get("requestBody", {}), **operation["responses"]}
        for status, body in bodies.items():
            content = resolved(body).get("content", {}).get("application/json", {})
            for name, example in content.get("examples", {}).items():
                yield f"{method} {path} {status} {name}", content["schema"], example["value"]


EXAMPLES = list(contents())


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for one in node.values():
            yield from references(one)
    elif isinstance(node, list):
        for one in node:
            yield from references(one)


def test_it_has_what_openapi_asks_of_a_document() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    assert {"title", "version"} <= DOCUMENT["info"].keys()
    for method, path, operation in operations():
        named = set(operation)
        assert {"operationId", "summary", "responses"} <= named, f"{method} {path}"
        for status, response in operation["responses"].items():
            assert 200 <= int(status) < 600
            assert resolved(response)["description"]
        for parameter in operation.get("parameters", []):
            assert {"name", "in", "schema"} <= parameter.keys()
    ids = [operation["operationId"] for _, _, operation in operations()]
    assert len(ids) == len(set(ids))
    for scheme in DOCUMENT["security"]:
        assert scheme.keys() <= DOCUMENT["components"]["securitySchemes"].keys()


def test_every_reference_leads_somewhere_and_every_schema_is_used() -> None:
    found = set(references(DOCUMENT))
    for one in found:
        assert resolved({"$ref": one})
    used = {one.rsplit("/", 1)[1] for one in found if "/schemas/" in one}
    assert DOCUMENT["components"]["schemas"].keys() == used


@pytest.mark.parametrize("name", DOCUMENT["components"]["schemas"])
def test_every_schema_is_one(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(DOCUMENT["components"]["schemas"][name])


@pytest.mark.parametrize(
    ("schema", "example"), [case[1:] for case in EXAMPLES], ids=[case[0] for case in EXAMPLES]
)
def test_every_example_fits_its_schema(schema: dict[str, Any], example: Any) -> None:
    checker(schema).validate(example)


def test_every_call_has_examples_of_what_it_takes_and_gives() -> None:
    shown = {" ".join(name.split()[:2]) for name, _, _ in EXAMPLES}
    assert shown == {f"{method} {path}" for method, path, _ in operations()}
    kinds = {example["kind"] for name, _, example in EXAMPLES if "request" in name.split()}
    assert kinds == set(DOCUMENT["components"]["schemas"]["Kind"]["enum"])


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "fault"},
        {"number": "W 1"},
        {"payload": {"fault": "FIRE"}},
        {"payload": {"place": {"text": "", "lat": None, "lon": None}}},
        {"files": [{"photo_id": "1"}]},
    ],
)
def test_the_schema_refuses_what_is_no_request(broken: dict[str, Any]) -> None:
    good = next(example for name, _, example in EXAMPLES if name.endswith("request burst"))
    payload = {**good["payload"], **broken.get("payload", {})}
    request = {**good, **broken, "payload": payload}
    if broken == {"kind": "fault"}:
        request["about"] = "WO2026112200001"
    with pytest.raises(jsonschema.ValidationError):
        schema_of("Request").validate(request)


# --- the document and the code ---------------------------------------------------------------


@pytest.mark.parametrize("vector", DOCUMENT["x-signature-vectors"], ids=lambda one: one["target"])
@pytest.mark.parametrize("sign", [adapter.sign, signing.signature])
def test_both_sides_sign_as_the_document_shows(vector: dict[str, str], sign: Any) -> None:
    given = [vector[name] for name in ("secret", "method", "target", "time")]
    assert sign(*given, vector["body"].encode()) == vector["signature"]


def test_the_stand_in_serves_the_calls_of_the_document_and_no_others(house: House) -> None:
    served = {
        (method.lower(), rule.rule.removeprefix("/sandbox/hotline"))
        for rule in house.app.url_map.iter_rules()
        if rule.endpoint.startswith("hotline.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert served == {(method, path) for method, path, _ in operations()}


def test_the_stand_in_knows_the_words_of_the_document() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert set(report.FAULTS) == set(schemas["Fault"]["enum"])
    assert set(report.KINDS) == set(schemas["Kind"]["enum"])
    assert set(report.TOPICS) == set(schemas["ComplaintPayload"]["properties"]["topic"]["enum"])
    assert set(report.URGENCIES) == set(schemas["Urgency"]["enum"])
    assert set(report.SIDES) == set(schemas["FaultPayload"]["properties"]["side"]["enum"])


def test_what_the_adapter_sends_fits_the_schema(script: Platform) -> None:
    script.always("/v1/requests", {"ticket_no": "WO2026112200001", "joined": False})
    script.always("/v1/nearby", {"outages": [], "tickets": []})
    house = House(script.base_url, None, None)  # type: ignore[arg-type]
    ticket_no = "WO2026112200001"
    sent = [
        a_fault(files=(PHOTO,)),
        a_complaint(files=(PHOTO,)),
        a_question(acct_no=""),
        about(ticket_no, SubmissionKind.URGE),
        about(ticket_no, SubmissionKind.FAULT_PHOTO, files=(PHOTO,)),
        about(ticket_no, SubmissionKind.RATING, payload={"score": 5, "words": ""}, acct_no=""),
    ]
    with house.desk() as desk, house.hotline() as hotline:
        for request in sent:
            desk.hand_over(request)
        hotline.nearby("BURST", Place("人民东路", latitude=25.04, longitude=102.7))
    for asked in script.to("/v1/requests"):
        schema_of("Request").validate(asked.json)
    (asked,) = script.to("/v1/nearby")
    names = {one["name"] for one in DOCUMENT["paths"]["/v1/nearby"]["get"]["parameters"]}
    assert asked.query.keys() == names


def signed(house: House, method: str, path: str, body: bytes = b"", **headers: str) -> Any:
    target = f"/sandbox/hotline{path}"
    time = str(int(house.options().now_s()))
    signature = signing.signature(SECRET, method, target, time, body)
    proof = {"X-Waterdesk-Time": time, "X-Waterdesk-Signature": signature}
    return requests.request(method, house.url + path, data=body, headers=proof | headers, timeout=5)


def test_what_the_stand_in_answers_fits_the_schemas(house: House, desk: HttpHotlineDesk) -> None:
    place = {"text": "人民东路88弄", "lat": 25.04, "lon": 102.7}
    house.move(desk.hand_over(a_fault(payload={"place": place})).ext_no, "assigned", "抢修二队")
    house.publish()
    near = "/v1/nearby?fault=LEAK_PUBLIC&text=%E4%BA%BA%E6%B0%91%E4%B8%9C%E8%B7%AF&lat=25&lon=102"
    for path, name in (
        ("/v1/ping", "Pong"),
        ("/v1/events?after=0&limit=1", "Events"),
        (near, "Nearby"),
    ):
        answer = signed(house, "GET", path)
        assert answer.status_code == 200
        schema_of(name).validate(answer.json())


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/v1/requests", b"[]", 400),
        ("POST", "/v1/requests", b"\xff", 400),
        ("POST", "/v1/requests", b'{"a":' * 9_000, 400),
        ("POST", "/v1/requests", b"x" * 65_537, 413),
        ("GET", "/v1/nearby?fault=FIRE&text=x", b"", 422),
        ("GET", "/v1/nearby?fault=BURST&lat=north&lon=1", b"", 400),
        ("GET", "/v1/nearby?fault=BURST&lat=25", b"", 400),
        ("GET", "/v1/events?after=-1", b"", 400),
        ("GET", "/v1/events?limit=501", b"", 400),
    ],
)
def test_the_stand_in_refuses_what_the_document_refuses(
    house: House, method: str, path: str, body: bytes, status: int
) -> None:
    answer = signed(house, method, path, body)
    assert answer.status_code == status
    schema_of("Problem").validate(answer.json())


def test_the_key_in_the_header_must_be_the_number_in_the_body(house: House) -> None:
    example = next(value for name, _, value in EXAMPLES if name.endswith("request burst"))
    raw = json.dumps(example).encode()
    other = signed(house, "POST", "/v1/requests", raw, **{"Idempotency-Key": "W1"})
    assert (other.status_code, other.json()["code"]) == (400, "malformed")
    key = {"Idempotency-Key": example["number"]}
    statuses = [signed(house, "POST", "/v1/requests", raw, **key).status_code for _ in range(2)]
    assert statuses == [201, 200]


def test_a_signature_covers_method_path_query_time_and_body(house: House) -> None:
    time = str(int(house.options().now_s()))
    good = signing.signature(SECRET, "GET", "/sandbox/hotline/v1/events?after=0", time, b"")
    for method, path, at, body in (
        ("GET", "/v1/events?after=1", time, b""),
        ("GET", "/v1/events?after=0", str(int(time) + 1), b""),
        ("GET", "/v1/events?after=0", "", b""),
        ("GET", "/v1/events?after=0", time, b"x"),
        ("GET", "/v1/ping", time, b""),
    ):
        headers = {"X-Waterdesk-Time": at, "X-Waterdesk-Signature": good}
        answer = requests.request(method, house.url + path, data=body, headers=headers, timeout=5)
        assert answer.status_code == 401
        schema_of("Problem").validate(answer.json())
    headers = {"X-Waterdesk-Time": time, "X-Waterdesk-Signature": good}
    assert requests.get(f"{house.url}/v1/events?after=0", headers=headers, timeout=5).ok
