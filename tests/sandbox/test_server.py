"""Starting and stopping the stand-in, and the files that it serves."""

from __future__ import annotations

import threading

import httpx
import pytest

from sandbox.ehr import ADMIN_USERNAME, SandboxEhr
from tests.sandbox.conftest import Visitor


def test_it_listens_on_a_free_port_and_stops() -> None:
    with SandboxEhr() as first, SandboxEhr() as second:
        assert first.url != second.url
        assert first.url.startswith("http://127.0.0.1:")
        for one in (first, second):
            assert "<title>RevolutionEHR</title>" in httpx.get(one.url).text
    with pytest.raises(httpx.ConnectError):
        httpx.get(first.url)
    assert not [thread for thread in threading.enumerate() if thread.name == "sandbox-ehr"]


def test_it_can_be_started_again_at_the_same_address() -> None:
    standin = SandboxEhr()
    standin.stop()
    address = standin.start().url
    standin.stop()
    try:
        assert standin.start().url == address
        assert httpx.get(address).status_code == 200
    finally:
        standin.stop()


def test_a_taken_port_is_an_os_error() -> None:
    with SandboxEhr() as first, pytest.raises(OSError, match="in use"):
        SandboxEhr(port=int(first.origin.rpartition(":")[2])).start()


def test_stopping_cuts_a_slow_answer_short() -> None:
    answers: list[int] = []
    with SandboxEhr(faults=["slow-network"]) as standin:
        standin.desk.slow_network_seconds = 30
        client = httpx.Client(timeout=20)
        visit = threading.Thread(
            target=lambda: answers.append(client.get(f"{standin.origin}/pms/api/session").status_code)
        )
        visit.start()
        visit.join(0.3)
    visit.join(5)
    client.close()
    assert answers == [200]


def test_widget_libraries_come_from_here(visitor: Visitor) -> None:
    page = visitor.client.get("/static/").text
    addresses = [part.split('"')[0] for mark in ('src="', 'href="') for part in page.split(mark)[1:]]
    for address in addresses:
        assert address == "data:," or visitor.client.get(f"/static/{address}").status_code == 200, address


def test_nothing_outside_the_folders_is_served(visitor: Visitor) -> None:
    for path in ("/static/%2e%2e/server.py", "/static/vendor/angular/%2e%2e/__init__.py", "/static/vendor/nothing/x"):
        assert visitor.client.get(path).status_code == 404


def test_without_test_ids_no_file_has_one(ehr: SandboxEhr) -> None:
    bare = Visitor(SandboxEhr(test_ids=False))
    full = Visitor(ehr)
    for path in ("", "templates/login.html", "templates/employees.html", "js/widgets.js"):
        assert "data-test-id" not in bare.client.get(f"/static/{path}").text
    assert "data-test-id" in full.client.get("/static/templates/login.html").text
    assert (bare.session()["testIds"], full.session()["testIds"]) == (False, True)
    bare.close()
    full.close()


def test_the_marketing_site_is_not_the_application(visitor: Visitor) -> None:
    page = visitor.client.get("/somewhere")
    assert page.status_code == 404
    assert "RevolutionEHR" in page.text


def test_a_broken_request_gets_a_sentence(visitor: Visitor) -> None:
    answer = visitor.client.post("/pms/api/login", content=b"{")
    assert answer.status_code == 400
    assert "could not be read" in answer.json()["errors"][0]


def test_the_truth_can_be_read_over_http(admin: Visitor) -> None:
    truth = admin.client.get("/_sandbox/state").json()
    assert truth["sessions"][0]["username"] == ADMIN_USERNAME
    assert truth["sessions"][0]["ended"] is None
    assert {"roles", "employees", "mutations", "failedLogins"} < set(truth)
