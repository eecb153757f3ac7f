"""A uvicorn server that runs in a thread, says when it serves, and ends at once. Knows nothing of Slack."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import uvicorn


class Served(uvicorn.Server):
    """One that says when it serves, and in which event loop."""

    def __init__(self, config: uvicorn.Config, parting: Callable[[], Coroutine[Any, Any, None]]) -> None:
        super().__init__(config)
        self.serves = threading.Event()
        self.loop: asyncio.AbstractEventLoop | None = None
        self._parting = parting

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.loop = asyncio.get_running_loop()
        self._ends = asyncio.Event()
        self.serves.set()

    async def main_loop(self) -> None:
        """Ticks ten times a second, as it must, but ends at once."""
        tick = 0
        while not await self.on_tick(tick):
            tick += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ends.wait(), 0.1)

    def end(self) -> None:
        """From any thread: end soon."""
        self.should_exit = True
        if self.loop is not None:
            self.loop.call_soon_threadsafe(self._ends.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's own, without its pause of a tenth of a second: tests start and stop hundreds of these."""
        await self._parting()
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        patience = 200
        while (self.server_state.connections or self.server_state.tasks) and patience:
            patience -= 1
            await asyncio.sleep(0.005)
        for task in self.server_state.tasks:
            task.cancel()
