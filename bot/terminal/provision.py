"""Provisioning, repairing and retiring from a terminal: find or request the run, show its plan, ask, walk, say the end.

The work itself is the worker's, its looks are the screen's. A practice has one unfinished run: it is gone on with
(`--resume`) or replaced, and neither while its holder lives.
"""

from __future__ import annotations

import os
import shlex
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from types import FrameType

from bot.hands import PLACES, steps_of
from bot.problems import Exit, SettingsProblem
from bot.rotation import HAND_OVER
from bot.terminal.records import known_practice
from bot.terminal.screen import Screen
from bot.terminal.signals import STOPS, heeding
from bot.told import Pause, Told
from bot.verdicts import STOPPED
from bot.worker import Ended, Worker
from storage import audit, practices, runs
from storage.audit import ASKED
from storage.database import StorageError
from storage.models import Credential, ErrorClass, Plan, Practice, Run, RunStatus, Trouble, Verb, Verdict

HELD = (RunStatus.RUNNING, RunStatus.PLANNING)
EXITS = {ErrorClass.BUSINESS: Exit.REFUSED, ErrorClass.HUMAN_NEEDED: Exit.PERSON_NEEDED}
QUESTIONS = {
    Verb.PROVISION: "Walk the guide for this plan?",
    Verb.REPAIR: "Repair the account as this plan says?",
    Verb.RETIRE: "Retire the account as this plan says?",
}
"""What is asked after the plan."""

SWITCH_OFF = "Switch its auto-sync off in OneSpot: the nightly sync can't log in any more."

STOP_HINT = b"\nStopping after the step in hand. Press Ctrl-C once more to stop at once.\n"


@dataclass(frozen=True)
class Order:
    """What somebody asked for. `url` has been looked at already; `by` is who asks.

    Only PROVISION may be of a practice that isn't known yet, and only it says anything new about the practice.
    """

    practice: str
    url: str
    admin: Credential
    by: str
    location: str | None = None
    policy: str | None = None
    adopt: bool = False
    resume: bool = False
    verb: Verb = Verb.PROVISION


@dataclass(frozen=True)
class Provisioning:
    """One conversation, of whichever verb. `ask` puts the question whether to go on and gives the answer.

    With `step` somebody is asked by it before each save, too.
    """

    worker: Worker
    screen: Screen
    order: Order
    ask: Callable[[str], bool]
    step: Callable[[str], bool] | None = None

    def talk(self) -> Exit:
        """From the order to the end. Raises `SettingsProblem` for what is wrong with the order; says all else."""
        practice = self._practice()
        run = self._unfinished(practice) if self.order.resume else self._requested(practice)
        try:
            if run.status not in (RunStatus.APPROVED, RunStatus.WAITING):
                refusal = self._plan_and_ask(run)
                if refusal is not None:
                    return refusal
            return self._walk(run)
        except StorageError as error:
            return self._lost(run, str(error))

    # --- which run

    def _practice(self) -> Practice:
        """The practice as the order says. Only a new run changes what is kept of it, never `--resume` of nothing."""
        worker, order = self.worker, self.order
        if order.verb is not Verb.PROVISION:
            return known_practice(worker.engine, order.practice)
        if order.resume:
            known_practice(worker.engine, order.practice)
        return practices.save(
            worker.engine,
            order.practice,
            order.url,
            primary_location=order.location,
            password_policy=order.policy,
            now=worker.now(),
        )

    def _unfinished(self, practice: Practice) -> Run:
        """The run to go on with; APPROVED again when it failed after an approval that still holds."""
        run = self._left_over(practice)
        if run is None:
            raise SettingsProblem(f"{practice.name} has no unfinished run: leave out --resume to begin a new one.")
        if run.verb is not self.order.verb:
            raise SettingsProblem(
                f"The unfinished run of {practice.name} is another one: go on with `onespot {run.verb} --resume`, "
                "or leave out --resume to begin a new one."
            )
        if self.order.adopt and not run.adopt:
            raise SettingsProblem("--adopt makes another plan: leave out --resume to begin a new run with it.")
        if run.status is RunStatus.FAILED:
            runs.move(self.worker.engine, run.id, RunStatus.APPROVED, now=self.worker.now(), from_={RunStatus.FAILED})
        place = runs.resume_at(self.worker.engine, run.id)
        at = f" at {PLACES.get(place, place)}" if place else ""
        self.screen.news(f"Going on with run {run.id}{at}.")
        return self._as_it_stands(run)

    def _requested(self, practice: Practice) -> Run:
        """A new run; one that was left over is cancelled first, which is said."""
        worker, old = self.worker, self._left_over(practice)
        if old is not None and runs.move(
            worker.engine, old.id, RunStatus.CANCELLED, now=worker.now(), from_={old.status}
        ):
            self.screen.news(f"Run {old.id}, which was not finished ({old.status}), is replaced by a new one.")
        try:
            run = runs.request(
                worker.engine,
                practice.id,
                self.order.by,
                verb=self.order.verb,
                adopt=self.order.adopt,
                now=worker.now(),
            )
        except runs.UnfinishedRun:
            raise at_it(practice) from None
        self._audit(run, ASKED[run.verb])
        return run

    def _left_over(self, practice: Practice) -> Run | None:
        """The practice's unfinished run, FAILED if it was interrupted. Raises when somebody is at it now."""
        run = runs.unfinished(self.worker.engine, practice.id)
        if run is None or run.status not in HELD:
            return run
        if not runs.interrupted(self.worker.engine, run.id, now=self.worker.now()):
            raise at_it(practice)
        return self._as_it_stands(run)

    # --- what happens to it

    def _plan_and_ask(self, run: Run) -> Exit | None:
        """Plan, show, ask, approve. None when the run may be walked."""
        worker = self.worker
        with stoppable(worker):
            planned = worker.plan_run(run.id, self.order.admin)
        if planned is None:
            raise SettingsProblem(f"Somebody else is at {self.order.practice} now: try again in a minute.")
        if planned.unusable and planned.trouble is not None:
            runs.move(worker.engine, run.id, RunStatus.CANCELLED, now=worker.now(), from_={RunStatus.FAILED})
            raise SettingsProblem(sentence(planned.trouble))
        if planned.trouble is not None:
            return self._failed(planned.trouble, run)
        if worker.guard.stopping:
            return self._failed(STOPPED, run)
        if planned.status is not RunStatus.PLANNED or planned.plan is None:
            return self._lost(run, f"The run became {planned.status} meanwhile.")
        self.screen.plan(self.order.practice, planned.plan)
        return self._decide(run, planned.plan)

    def _decide(self, run: Run, plan: Plan) -> Exit | None:
        if plan.forbidden:
            what = " ".join(f"{line.what}: {line.detail}" if line.detail else line.what for line in plan.forbidden)
            self._say(run, plan, Verdict.REJECTED, f"forbidden by the plan: {what}")
            self.screen.failed(Trouble(ErrorClass.BUSINESS, what, "The plan forbids the run; nothing was changed.", ""))
            return Exit.REFUSED
        if not self.ask(QUESTIONS[run.verb]):
            self._say(run, plan, Verdict.REJECTED, "no")
            self.screen.news("Nothing was changed.")
            return Exit.REFUSED
        if not self._say(run, plan, Verdict.APPROVED, ""):
            return self._lost(run, "Somebody else decided about this run meanwhile.")
        return None

    def _say(self, run: Run, plan: Plan, verdict: Verdict, reason: str) -> bool:
        worker, by = self.worker, self.order.by
        heard = runs.approve(worker.engine, run.id, plan.hash, verdict, by, reason, now=worker.now())
        if heard:
            self._audit(run, f"{verdict} the plan", f"{plan.hash[:12]} {reason}".strip())
        return heard

    def _walk(self, run: Run) -> Exit:
        worker = self.worker
        with self.screen.walk(steps_of(run.verb)) as tell, stoppable(worker):
            ended = worker.execute_run(run.id, self.order.admin, tell, self._press if self.step else None)
        if ended is None:
            return self._lost(run, "Somebody else took this run.")
        if ended.trouble is not None:
            status = self._failed(ended.trouble, run)
            return Exit.FAILED if ended.unusable else status
        return self._done(run, ended)

    def _press(self, told: Told, pause: Pause) -> bool:
        """Whether the walk may press what saves. Ctrl-C and the like are a no."""
        with self.screen.aside():
            self.screen.pause(told, pause)
            with suppress(KeyboardInterrupt), interruptible():
                return self.step is not None and self.step(f"Press “{pause.press}” now? No stops the run")
        return False

    # --- how it ended

    def _done(self, run: Run, ended: Ended) -> Exit:
        outcome, name = ended.outcome, self.order.practice
        if ended.status is not RunStatus.SUCCEEDED or outcome is None:
            return self._lost(run, f"The run became {ended.status} meanwhile.")
        evidence = str(self.worker.folder(str(run.id)))
        if run.verb is Verb.RETIRE:
            facts = {"practice": name, "username": outcome.username, "credentials": "destroyed", "evidence": evidence}
            self.screen.done({**facts, "next": SWITCH_OFF}, changed=outcome.changed)
            return Exit.DONE
        facts = {
            "practice": name,
            "username": outcome.username,
            "role": outcome.role_name,
            "primary_location": outcome.primary_location,
            "locations": ", ".join(outcome.locations),
            "password": f"sealed; onespot credentials show {shlex.quote(name)}",
            "evidence": evidence,
            **({"next": HAND_OVER} if run.verb is Verb.REPAIR and outcome.renewed else {}),
            **{f"version_{part}": version for part, version in outcome.versions.items()},
        }
        self.screen.done(facts, changed=outcome.changed)
        return Exit.DONE

    def _failed(self, trouble: Trouble, run: Run) -> Exit:
        self.screen.failed(trouble, self._hints(run))
        return EXITS.get(trouble.error_class, Exit.FAILED)

    def _lost(self, run: Run, what: str) -> Exit:
        means = "This program stopped at once and wrote nothing more."
        self.screen.failed(
            Trouble(ErrorClass.TRANSIENT, what, means, "See `onespot runs`, then go on."), self._hints(run)
        )
        return Exit.FAILED

    def _hints(self, run: Run) -> list[str]:
        name, admin = shlex.quote(self.order.practice), shlex.quote(self.order.admin.username)
        return [
            f"Pictures: {self.worker.folder(str(run.id))}",
            f"Go on:    onespot {run.verb} {name} --admin {admin} --resume",
        ]

    def _audit(self, run: Run, what: str, detail: str = "") -> None:
        audit.write(
            self.worker.engine,
            self.order.by,
            what,
            practice_id=run.practice_id,
            run_id=run.id,
            detail=detail,
            now=self.worker.now(),
        )

    def _as_it_stands(self, run: Run) -> Run:
        return runs.get(self.worker.engine, run.id) or run


def sentence(trouble: Trouble) -> str:
    """What happened and what to do, in one line."""
    return " ".join(part for part in (trouble.what, trouble.do) if part)


def at_it(practice: Practice) -> SettingsProblem:
    """Somebody else is at this practice."""
    return SettingsProblem(f"Somebody is at {practice.name} now: see `onespot runs`, and try again when it has ended.")


def interruptible() -> AbstractContextManager[None]:
    """While somebody is asked: Ctrl-C, SIGTERM and SIGHUP end the question with KeyboardInterrupt, as they would."""
    return heeding(signal.default_int_handler, *STOPS)


def stoppable(worker: Worker) -> AbstractContextManager[None]:
    """Ctrl-C, SIGTERM and SIGHUP stop the worker between two steps; the second one ends the browser at once."""

    def stop(number: int, frame: FrameType | None) -> None:
        if worker.guard.stopping:
            worker.guard.stop_now()
        else:
            worker.guard.stop()
            os.write(2, STOP_HINT)

    return heeding(stop, *STOPS)
