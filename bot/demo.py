"""The demo: the whole story by itself in a terminal, against a stand-in RevolutionEHR, in about a minute.

An invented practice, an invented administrator, a temporary database: nothing outside this machine is touched, so the
password that is shown opens nothing. The stand-in and the worker are passed in. What is played is the real thing: the
same conversation, worker and browser as in `onespot provision`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from rich.rule import Rule
from rich.text import Text

from bot.problems import Exit
from bot.provision import Order, Provisioning
from bot.records import known_practice, reveal
from bot.terminal import Plain, Screen, Tell, line
from bot.views import facts_view
from bot.worker import STEPS, Worker
from storage import runs
from storage.models import CheckOutcome, Credential, Plan, StepStatus, Trouble

PRACTICE = "Lumen Eye"
FAULT, AFTER_STEP = "admin-page-500-once", 7
BY = "the demo"
NEXT = (
    'onespot provision "Your Practice" --url https://revolutionehr.com/static/ --admin YOUR-ADMIN',
    "    the same 17 steps for a practice of yours; shows the plan and asks before it changes anything",
    "onespot sandbox --ehr",
    "    this stand-in, to click through and to practise on",
    "onespot doctor",
    "    is everything here that a run needs?",
)


class Faults(Protocol):
    """The switches of a stand-in."""

    def on(self, *names: str) -> None: ...


class Ehr(Protocol):
    """A stand-in RevolutionEHR that is running."""

    @property
    def url(self) -> str: ...
    @property
    def faults(self) -> Faults: ...


@dataclass(frozen=True)
class Demo:
    """The story and what it is played with. The worker should try each thing once, or the fault would heal unseen."""

    worker: Worker
    screen: Plain
    ehr: Ehr
    admin: Credential

    def play(self) -> Exit:
        """DONE only when every part of the story went as it should."""
        for part in (self._provision, self._retry, self._credential, self._check):
            if not part():
                if not self.worker.guard.stopping:
                    self._say("The demo stopped here: this should not happen. `onespot doctor` may say why.")
                return Exit.FAILED
        self._chapter("What to do next")
        for text in NEXT:
            self._say(text)
        return Exit.DONE

    def _provision(self) -> bool:
        self._chapter(f"1. {PRACTICE} asks for its OneSpot account; its server fails in the middle")
        self._say(f"A stand-in RevolutionEHR with invented people runs at {self.ehr.url}")
        self._say("First the administrator's login only looks: the plan. Then the 17 steps.")
        self._say("After the role is saved, the list of employees answers with an error. (A real")
        self._say("run tries three times by itself; the demo doesn't, so that you see it fail.)")
        trap = Trap(self.screen, lambda: self.ehr.faults.on(FAULT))
        return self._talk(trap) is Exit.FAILED and trap.sprung

    def _retry(self) -> bool:
        self._chapter("2. The retry goes on from there: what is done already is found and left alone")
        return self._talk(self.screen, resume=True) is Exit.DONE

    def _credential(self) -> bool:
        self._chapter("3. The account's password is sealed in the vault")
        self._say("`onespot credentials show` opens it and leaves an audit entry. (This one opens")
        self._say("nothing but the stand-in.)")
        worker = self.worker
        practice = known_practice(worker.engine, PRACTICE)
        credential = reveal(worker.engine, worker.vault, practice, BY, worker.now())
        if credential is not None:
            facts = {"user name": credential.username, "password": credential.password.get_secret_value()}
            self.screen.out.print(facts_view(facts))
        return credential is not None

    def _check(self) -> bool:
        self._chapter("4. A health check logs in with it, looks at the account and logs out")
        checked = self.worker.check_practice(known_practice(self.worker.engine, PRACTICE))
        if checked is None:
            return False
        self._say(f"{checked.outcome}: {checked.sentence}")
        return checked.outcome is CheckOutcome.HEALTHY

    def _talk(self, screen: Screen, *, resume: bool = False) -> Exit:
        order = Order(PRACTICE, self.ehr.url, self.admin, BY, resume=resume)
        ended = Provisioning(self.worker, screen, order, ask=lambda _: True).talk()
        return Exit.FAILED if ended is Exit.DONE and not self._all_done() else ended

    def _all_done(self) -> bool:
        """Whether every one of the guide's steps is recorded as done, or as there already."""
        run = next(run for run, of in runs.latest(self.worker.engine) if of.name == PRACTICE)
        newest = {step.number: step.status for step in runs.steps(self.worker.engine, run.id)}
        return all(newest.get(number) in (StepStatus.DONE, StepStatus.ALREADY_THERE) for number, _ in STEPS)

    def _chapter(self, title: str) -> None:
        self.screen.out.print()
        self.screen.out.print(Rule(Text(title, style="bold"), align="left"))

    def _say(self, text: str) -> None:
        line(self.screen.out, text)


@dataclass
class Trap:
    """A screen that springs something after a step: how the demo makes a fault happen in the middle."""

    screen: Screen
    spring: Callable[[], None]
    after: int = AFTER_STEP
    sprung: bool = False

    def news(self, text: str) -> None:
        self.screen.news(text)

    def plan(self, practice: str, plan: Plan) -> None:
        self.screen.plan(practice, plan)

    @contextmanager
    def walk(self, steps: Sequence[tuple[int, str]]) -> Iterator[Tell]:
        with self.screen.walk(steps) as show_it:

            def tell(told: Any) -> None:
                show_it(told)
                if told.number == self.after and told.status is StepStatus.DONE:
                    self.spring()
                    self.sprung = True

            yield tell

    def done(self, facts: Mapping[str, str], *, changed: bool) -> None:
        self.screen.done(facts, changed=changed)

    def failed(self, trouble: Trouble, hints: Iterable[str] = ()) -> None:
        self.screen.failed(trouble, hints)
