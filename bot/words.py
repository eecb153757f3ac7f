"""Words that a terminal and Slack share: a trouble in its three parts, a moment, and no control characters. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

from storage.models import ErrorClass, Trouble

MEANS = {
    ErrorClass.CREDENTIAL: "A login was refused. It is not tried again by itself, so that no account gets locked.",
    ErrorClass.POLICY: "RevolutionEHR did not accept a new password.",
    ErrorClass.BUSINESS: "Going on is forbidden until a person has decided.",
    ErrorClass.UI_CHANGED: "A screen of RevolutionEHR doesn't look as the guide says.",
    ErrorClass.TRANSIENT: "RevolutionEHR or the network was slow or down.",
    ErrorClass.HUMAN_NEEDED: "This is something that only a person may do.",
}
DO = {
    ErrorClass.CREDENTIAL: "Check the user name and the password, then try again.",
    ErrorClass.POLICY: "Say what passwords must look like with --password-policy, then try again.",
    ErrorClass.BUSINESS: "Look at it in RevolutionEHR, then try again.",
    ErrorClass.UI_CHANGED: "Look at the picture in the evidence folder and at that screen in RevolutionEHR.",
    ErrorClass.TRANSIENT: "Try again in a few minutes.",
    ErrorClass.HUMAN_NEEDED: "Do it in RevolutionEHR, then go on.",
}


def clean(text: str) -> str:
    """The text without control characters."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def parts(trouble: Trouble) -> tuple[tuple[str, str], ...]:
    """What happened, what it means, what to do: never an empty part."""
    return (
        ("What happened", clean(trouble.what)),
        ("What it means", clean(trouble.means) or MEANS[trouble.error_class]),
        ("What to do", clean(trouble.do) or DO[trouble.error_class]),
    )


def when(moment: datetime | None) -> str:
    """A moment for a table, in UTC; a dash for none."""
    return "-" if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
