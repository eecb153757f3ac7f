"""What Prometheus reads on METRICS_PORT: what this process counted, and what the rows and the processes say when asked.

Ids, statuses and classes only: no practice's name, nobody's, no text of a page. The port is for the inside, not for the
web; each process by role has its own. docs/grafana.json draws it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

import psutil
from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from slack_sdk.http_retry import HttpRequest, HttpResponse, RetryHandler, RetryState
from sqlalchemy import Engine

from bot.problems import SettingsProblem
from storage import runs
from storage.database import StorageError
from storage.models import utcnow

ACKS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
"""Seconds: Slack gives three."""
STEPS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 45.0, 90.0, 180.0)
"""Seconds: a step is ended after 180."""


class Metrics:
    """What one process counts. Everything of it may be used from any thread."""

    def __init__(self) -> None:
        self.registry = here = CollectorRegistry()
        self.acks = Histogram("onespot_ack_seconds", "From Slack's request to our ack.", buckets=ACKS, registry=here)
        self.steps = Histogram("onespot_step_seconds", "How long a step took.", ["step"], buckets=STEPS, registry=here)
        self.ended = Counter(
            "onespot_runs_ended", "Runs that came to stand there.", ["status", "error_class"], registry=here
        )
        self.checks = Counter("onespot_checks", "Accounts looked at, by what was found.", ["outcome"], registry=here)
        self.limited = Counter("onespot_slack_rate_limited", "Calls that Slack answered with 429.", registry=here)

    @contextmanager
    def served(self, port: int | None, engine: Engine) -> Iterator[None]:
        """On that port till the end of the block; nowhere without one. Raises SettingsProblem when it can't be had."""
        if port is None:
            yield
            return
        self.registry.register(Rows(engine))
        self.registry.register(Browsers())
        try:
            server, thread = start_http_server(port, registry=self.registry)
        except OSError as error:
            raise SettingsProblem(f"METRICS_PORT: {port} can't be listened on ({error.strerror}).") from None
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class Rows(Collector):
    """How many runs stand where, and how long what waits has waited. The same in every process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def collect(self) -> Iterator[GaugeMetricFamily]:
        stand = GaugeMetricFamily("onespot_runs", "Runs by where they stand.", labels=["status", "error_class"])
        age = GaugeMetricFamily("onespot_queue_age_seconds", "How long the run that waits longest has waited.")
        with suppress(StorageError):  # then they are missing, which Prometheus says
            for status, error_class, count in runs.count(self._engine):
                stand.add_metric([str(status), str(error_class or "")], count)
            age.add_metric([], _age(runs.waits_since(self._engine), utcnow()))
        return iter([stand, age])


class Browsers(Collector):
    """The memory of this process's browsers and of what drives them."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        total = 0
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                total += process.memory_info().rss
        yield GaugeMetricFamily("onespot_browser_bytes", "Resident memory of browsers and driver.", value=total)


class CountLimits(RetryHandler):
    """Counts the answers 429 to our calls; it never makes a call again."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__(max_retry_count=0)
        self._metrics = metrics

    def can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if response is not None and response.status_code == 429:
            self._metrics.limited.inc()
        return False


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
