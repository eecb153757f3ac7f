"""Rotating from a terminal: a new password now, and the word that OneSpot has it.

The work itself is rotation.py's, its looks are the screen's.
"""

from __future__ import annotations

import shlex
from datetime import datetime

from sqlalchemy import Engine

from bot.guard import Stopped
from bot.problems import Exit, SettingsProblem
from bot.rotation import ASKED, HAND_OVER, Ended, rotate_practice
from bot.terminal.provision import at_it, sentence, stoppable
from bot.terminal.screen import Screen
from bot.worker import Worker
from bot.workplace import Busy
from storage import audit, rotations
from storage.database import StorageError
from storage.models import ErrorClass, Practice, Purpose, Trouble

_STOPPED = Trouble(
    ErrorClass.TRANSIENT,
    "The rotation was stopped, as asked.",
    "Nothing was sent to RevolutionEHR; the kept password still holds.",
    "Ask for it again when you like.",
)
_STOPPED_LATE = Trouble(
    ErrorClass.TRANSIENT,
    "The rotation was stopped after the new password had been sent.",
    "Both passwords are kept; it isn't known yet which one holds.",
    "Rotate once more: it finds out first.",
)


def rotate(worker: Worker, screen: Screen, practice: Practice, by: str) -> Exit:
    """Rotate now and say how it ended. Raises `SettingsProblem`: somebody is at it, or there is no browser."""
    screen.news(f"Setting a new password for {practice.name}; this takes about a minute.")
    try:
        with stoppable(worker):
            ended = rotate_practice(worker, practice, ASKED, by)
    except Busy:
        raise at_it(practice) from None
    except Stopped:
        return _stopped(worker, screen, practice)
    except StorageError as error:
        what, do = str(error), "Rotate once more: it finds out first which password holds."
        screen.failed(Trouble(ErrorClass.TRANSIENT, what, "This program stopped at once and wrote nothing more.", do))
        return Exit.FAILED
    return _said(screen, practice, ended)


def hand_over(engine: Engine, screen: Screen, practice: Practice, by: str, now: datetime) -> Exit:
    """Somebody says that OneSpot has the new password."""
    for rotation, _ in rotations.waiting_for_handover(engine):
        if rotation.practice_id == practice.id and rotations.hand_over(engine, rotation.id, by, now=now):
            audit.write(engine, by, "handed the password over", practice_id=practice.id, now=now)
            screen.done({"practice": practice.name, "handed_over": "OneSpot has the new password"}, changed=True)
            return Exit.DONE
    screen.news(f"No new password of {practice.name} waits to be handed over.")
    return Exit.FAILED


def _said(screen: Screen, practice: Practice, ended: Ended) -> Exit:
    name = shlex.quote(practice.name)
    if ended.proved:
        facts = {
            "practice": practice.name,
            "password": f"sealed; onespot credentials show {name}",
            "next": HAND_OVER,
            "then": f"onespot rotate {name} --handed-over",
        }
        screen.done(facts, changed=True)
        return Exit.DONE
    trouble = ended.trouble or Trouble(ErrorClass.TRANSIENT, ended.rotation.problem, "", "Ask for it again.")
    if ended.unusable:
        raise SettingsProblem(sentence(trouble))
    screen.failed(trouble)
    return Exit.PERSON_NEEDED if trouble.error_class is ErrorClass.HUMAN_NEEDED else Exit.FAILED


def _stopped(worker: Worker, screen: Screen, practice: Practice) -> Exit:
    """Whoever pressed Ctrl-C wants it no more; what was sent off already stays to be settled."""
    sent = worker.vault.was_submitted(practice.id, Purpose.FINAL)
    rotation = rotations.unfinished(worker.engine, practice.id)
    if rotation is not None and not sent:
        rotations.failed(worker.engine, rotation.id, _STOPPED.what, now=worker.now())
    screen.failed(_STOPPED_LATE if sent else _STOPPED)
    return Exit.FAILED
