"""What Prometheus reads: counted where it happens, with no name of anybody in it."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from slack_sdk.errors import SlackApiError

from bot.app import client
from bot.metrics import Browsers, Metrics, Rows
from bot.problems import SettingsProblem
from bot.serve import free_port
from storage.models import RunStatus
from tests.bot.conftest import Place
from tests.bot.talk import Talk, ask, give_password


def _read(talk_metrics: Metrics, name: str, **labels: str) -> float:
    return talk_metrics.registry.get_sample_value(name, labels) or 0.0


def test_a_story_counts_its_acks_steps_and_end(talk: Talk) -> None:
    ask(talk)
    give_password(talk)
    talk.becomes(RunStatus.PLANNED)
    talk.person("U0BEN").press("Approve")
    talk.becomes(RunStatus.SUCCEEDED)
    talk.person("U0BEN").sees("The OneSpot account of Lumen Eye works")
    metrics = talk.metrics
    assert _read(metrics, "onespot_ack_seconds_count") >= 3
    assert _read(metrics, "onespot_runs_ended_total", status="SUCCEEDED", error_class="") == 1
    assert _read(metrics, "onespot_step_seconds_count", step="17") == 1


def test_the_port_tells_it_and_names_nobody(place: Place) -> None:
    run = place.requested()
    port, metrics = free_port(), Metrics()
    with metrics.served(port, place.engine):
        said = httpx.get(f"http://127.0.0.1:{port}/metrics").text
    assert 'onespot_runs{error_class="",status="REQUESTED"} 1.0' in said
    assert "onespot_browser_bytes" in said
    assert place.practice.name not in said
    assert run.requested_by not in said
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/metrics")


def test_a_port_that_is_taken_is_one_sentence(place: Place) -> None:
    port = free_port()
    taken = pytest.raises(SettingsProblem, match="METRICS_PORT")
    with Metrics().served(port, place.engine), taken, Metrics().served(port, place.engine):
        pass


def test_what_waits_for_somebody_to_walk_it_grows_older(place: Place) -> None:
    def waits() -> float:
        (age,) = list(Rows(place.engine).collect())[1].samples
        return float(age.value)

    assert waits() == 0
    place.approved()
    assert waits() > 0


def test_a_429_is_counted_and_the_call_not_made_again() -> None:
    asked: list[str] = []

    class Full(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.send_response(429)
            self.send_header("Retry-After", "1")
            self.end_headers()
            self.wfile.write(b'{"ok": false, "error": "ratelimited"}')

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    metrics = Metrics()
    with ThreadingHTTPServer(("127.0.0.1", 0), Full) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        with pytest.raises(SlackApiError):
            client("xoxb-invented", f"http://127.0.0.1:{server.server_port}/api", metrics).auth_test()
        server.shutdown()
        thread.join()
    assert (_read(metrics, "onespot_slack_rate_limited_total"), len(asked)) == (1.0, 1)


def test_the_dashboard_asks_for_what_there_is(place: Place) -> None:
    drawn = json.loads((Path(__file__).parents[2] / "docs" / "grafana.json").read_text(encoding="utf-8"))
    asked = {name for panel in drawn["panels"] for name in re.findall(r"onespot_\w+", panel["targets"][0]["expr"])}
    metrics = Metrics()
    metrics.registry.register(Rows(place.engine))
    metrics.registry.register(Browsers())
    place.requested()
    there = {one.name for one in metrics.registry.collect()}
    assert {re.sub(r"_(total|bucket)$", "", name) for name in asked} == there
