"""After a run: Evidence, its files into the run's thread, once; for who asked and for approvers.

It is made in a thread of its own, after the ack and out of the way of all other answers: a PDF takes a browser some
seconds. Where this machine has no browser (`onespot web` beside workers elsewhere), the page comes without the PDF.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from slack_bolt import Ack, App
from slack_sdk.errors import SlackApiError

from bot import blocks as b
from bot import policy
from bot.office import Click, Office, Refused, must, refused_or_done, stale
from bot.pack.make import NoPack, Pack
from bot.pack.seal import Kind
from bot.refusals import CLOSED, NO_FILES, slacks_word
from storage import duties, threads
from storage.models import FINISHED, Run, ThreadMessage

EVIDENCE = "evidence"
"""The button, and the key under which the thread remembers that it has the files."""

KINDS = (Kind.HTML, Kind.PDF)
TITLES = {Kind.HTML: "Evidence (page)", Kind.PDF: "Evidence (PDF)"}

LONGEST = timedelta(minutes=3)
"""After so long somebody may try again, whatever became of whoever made it."""

THERE = "The evidence is in this thread already."
MAKING = "The evidence is being made already; it comes into this thread."


def register(app: App, office: Office) -> None:
    """Listen to the button of a success."""
    maker = ThreadPoolExecutor(1, thread_name_prefix="evidence")

    @app.action(EVIDENCE)
    def wanted(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        click = Click.read(body)
        maker.submit(refused_or_done, office, click, lambda: bring(office, click, click.run(office)))


def bring(office: Office, click: Click, run: Run) -> None:
    """Makes the evidence and puts it into the run's thread, unless it is there. Raises Refused."""
    must(policy.may_have_evidence(click.actor, run, office.rules()))
    if run.status not in FINISHED:
        raise stale(run)
    root = threads.root(office.engine, run.id)
    if root is None or office.packs is None:
        raise Refused("This run's thread isn't known any more; `onespot evidence` makes the files at a terminal.")
    now, duty = office.now(), f"{EVIDENCE}-{run.id}"
    if not duties.take(office.engine, duty, now=now, until=now + LONGEST):
        raise Refused(MAKING)
    try:
        if EVIDENCE in threads.messages(office.engine, run.id):
            raise Refused(THERE)
        click.note(office, "The evidence is being made; it comes into this thread.")
        pack = office.packs.make(run.id, KINDS, click.actor.user, now=now, name=lambda who: _name(office, who))
        file = _upload(office, pack, root)
        threads.showed(office.engine, run.id, EVIDENCE, root.channel, file, "", "Evidence")
    except NoPack as why:
        raise Refused(b.escape(str(why))) from None
    finally:
        duties.leave(office.engine, duty)


def _upload(office: Office, pack: Pack, root: ThreadMessage) -> str:
    """The id of the first file. Raises Refused where Slack takes no files of ours there."""
    files = [{"content": data, "filename": pack.name(kind), "title": TITLES[kind]} for kind, data in pack.files.items()]
    try:
        answer = office.client.files_upload_v2(
            file_uploads=files, channel=root.channel, thread_ts=root.ts, initial_comment=_comment(pack)
        )
    except SlackApiError as error:
        word = slacks_word(error)
        if word not in (*CLOSED, *NO_FILES):
            raise
    else:
        return str(answer["files"][0]["id"])
    if word in NO_FILES:
        scope = " The app lacks files:write: update it from manifest.yml." if word == "missing_scope" else ""
        at = f"`onespot evidence make {pack.run_id}` writes them at a terminal."
        raise Refused(f"Slack takes no files from me ({word}).{scope} {at}")
    raise Refused(
        f"Slack takes no files from me there ({word}). Invite me with /invite, then press Evidence once more."
    )


def _comment(pack: Pack) -> str:
    said = [
        f"Evidence of run {pack.run_id}, signed. Fit to be sent to the practice: no password and no patient is in it.",
        "`onespot evidence verify FILE` says whether a byte was changed.",
        f"Fingerprint of the key: {pack.key.fingerprint}",
    ]
    if pack.unprinted:
        said.append("There is no PDF: this machine did not print one. The page prints well from any browser.")
    return "\n".join(said)


def _name(office: Office, who: str) -> str:
    """What people call this user, with the id; the id alone where Slack can't say."""
    name = office.real_name(who)
    return f"{name} ({who})" if name else who
