"""Where figures are kept: bench/results.json, one name for each measurement. Measures nothing itself."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results.json"


def circumstances() -> dict[str, Any]:
    """When and on what it is measured, for the figures that are kept."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "load_1m": round(os.getloadavg()[0], 2),
        },
    }


def keep(name: str, figures: Mapping[str, Any], file: Path = RESULTS) -> None:
    """Put one measurement's figures into the file; what other measurements left there stays.

    A file that isn't JSON any more is begun anew. Raises OSError where it can't be written.
    """
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        known = {}
    kept = {**(known if isinstance(known, dict) else {}), name: dict(figures)}
    file.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
