"""How much CPU and memory a process and all that it started have used, by looking at them again and again."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

import psutil

EVERY = 0.05
"""Seconds between two looks: what a process uses after the last look before its end is missed."""
MEMORY_EVERY = 10
"""Memory is looked at that many times less often: it is dear to ask for."""


@dataclass
class Usage:
    """Watches while it is a context; afterwards `cpu` (seconds) and `peak` (bytes of proportional memory) stand."""

    pid: int
    peak: int = 0
    _cpu: dict[tuple[int, float], float] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    @property
    def cpu(self) -> float:
        """Of all processes that were seen."""
        return sum(self._cpu.values())

    def __enter__(self) -> Usage:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def _watch(self) -> None:
        turn = 0
        while not self._over.is_set():
            self._look(memory=turn % MEMORY_EVERY == 0)
            turn += 1
            time.sleep(EVERY)

    def _look(self, *, memory: bool) -> None:
        total = 0
        for process in self._all():
            try:
                times = process.cpu_times()
                self._cpu[process.pid, process.create_time()] = times.user + times.system
                if memory:
                    total += int(process.memory_full_info().pss)
            except psutil.Error:
                continue
        self.peak = max(self.peak, total)

    def _all(self) -> list[psutil.Process]:
        try:
            top = psutil.Process(self.pid)
            return [top, *top.children(recursive=True)]
        except psutil.Error:
            return []
