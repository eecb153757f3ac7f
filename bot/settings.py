"""The environment, read once: every setting with its default (design: "How it is run"), and nothing else.

Not the keys' file (keys.py) and not one practice's own settings (rows). A `.env` in the current folder is read too;
what the environment says wins. Nothing here ever prints a value: a problem names the variable only.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.checks.due import Hours, named
from bot.checks.maintenance import Window, read_windows
from bot.problems import SettingsProblem

SQLITE_MODES = ("", ":memory:")
AT_LEAST_DAYS = 30
"""So long everything is kept: a thread in Slack that somebody still presses a button in needs its rows."""


class Settings(BaseSettings):
    """All that the environment decides. Secrets are `SecretStr`; an empty variable counts as not set."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True, frozen=True
    )

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: str | None = None
    database_url: SecretStr = SecretStr("sqlite:///onespot.db")
    onespot_keys: SecretStr | None = None
    revolutionehr_url: str = "https://revolutionehr.com/static/"
    public_url: str | None = None
    port: int = Field(default=3000, ge=1, le=65535)
    metrics_port: int | None = Field(default=None, ge=1, le=65535)
    progress_style: Literal["classic", "plan"] = "classic"
    secret_intake: Literal["link", "modal"] | None = None
    onespot_channel: str | None = None
    onespot_ehr_words: Path | None = None
    onespot_approvers: str = ""
    onespot_self_approval: bool = False
    check_time: str = Field(default="06:30", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    onespot_tz: str = "UTC"
    onespot_maintenance: str = ""
    onespot_rotate_expiring: bool = False
    onespot_evidence: Path | None = None
    onespot_workers: int | None = Field(default=None, ge=1)
    onespot_ehr_sessions: int = Field(default=10, ge=1)
    onespot_login_rest: float = Field(default=1.0, ge=0, le=60)
    retention_days: int = Field(default=400, ge=0)
    browser: str | None = None

    @field_validator("database_url")
    @classmethod
    def _a_database(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value().startswith("postgres://"):  # as platforms say it
            value = SecretStr(value.get_secret_value().replace("postgres://", "postgresql://", 1))
        try:
            url = make_url(value.get_secret_value())
        except ArgumentError:
            url = None
        if url is None or url.get_backend_name() not in ("sqlite", "postgresql"):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        if url.get_backend_name() == "sqlite" and url.database in (None, *SQLITE_MODES):
            raise ValueError("must name a file, for example sqlite:///onespot.db")
        return value

    @field_validator("onespot_tz")
    @classmethod
    def _a_zone(cls, value: str) -> str:
        named(value)
        return value

    @field_validator("onespot_maintenance")
    @classmethod
    def _windows(cls, value: str) -> str:
        read_windows(value)
        return value

    @field_validator("retention_days")
    @classmethod
    def _long_enough(cls, value: int) -> int:
        if 0 < value < AT_LEAST_DAYS:
            raise ValueError(f"must be 0, which keeps everything, or at least {AT_LEAST_DAYS} days")
        return value

    @property
    def maintenance(self) -> tuple[Window, ...]:
        """When no check begins, by the wall clock of ONESPOT_TZ."""
        return read_windows(self.onespot_maintenance)

    @property
    def hours(self) -> Hours:
        """When the daily checks begin."""
        return Hours.read(self.check_time, self.onespot_tz)

    @property
    def database(self) -> URL:
        """The database's address, taken apart; its `str()` hides the password."""
        return make_url(self.database_url.get_secret_value())

    @property
    def database_file(self) -> Path | None:
        """The SQLite file; None for PostgreSQL."""
        url = self.database
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None

    def missing_for_slack(self) -> list[str]:
        """A sentence about each setting that `onespot run` needs and that isn't there."""
        missing = []
        if self.slack_bot_token is None:
            missing.append("SLACK_BOT_TOKEN is missing: Slack shows it under “OAuth & Permissions” (xoxb-...).")
        if self.slack_app_token is None and self.slack_signing_secret is None:
            missing.append(
                "SLACK_APP_TOKEN (xapp-..., for Socket Mode) or SLACK_SIGNING_SECRET (for HTTP) is missing: "
                "Slack shows both under “Basic Information”."
            )
        if not self.onespot_approvers.strip(" ,"):
            missing.append(
                "ONESPOT_APPROVERS is missing: the ids of who may approve, U... or S..., with commas; in Slack they "
                "are in a profile behind the three dots, “Copy member ID”."
            )
        if self.intake == "link" and not self.public_url:
            missing.append("SECRET_INTAKE=link needs PUBLIC_URL, the address of the web pages from outside.")
        return missing

    @property
    def intake(self) -> Literal["link", "modal"]:
        """How secrets come in and go out: SECRET_INTAKE, else by one-time links where there is a PUBLIC_URL."""
        return self.secret_intake or ("link" if self.public_url else "modal")

    @property
    def browser_threads(self) -> int:
        """How many runs are walked at once: ONESPOT_WORKERS, else half the cores."""
        return self.onespot_workers or max(1, (os.cpu_count() or 1) // 2)

    @property
    def beside(self) -> Path:
        """The folder of the things kept beside the database: the key file, and the evidence unless it is elsewhere."""
        return self.database_file.parent if self.database_file else Path()

    @property
    def evidence(self) -> Path:
        """The folder of the masked pictures: ONESPOT_EVIDENCE, else beside the database."""
        return self.onespot_evidence or self.beside / "evidence"


def read_settings() -> Settings:
    """The settings of this process. Raises `SettingsProblem` with one sentence, which quotes no value."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "A setting"
        reason = first["msg"].removeprefix("Value error, ")
        sentence = f"{name}: {reason[:1].lower()}{reason[1:]}. Correct it in the environment or in .env."
    except UnicodeDecodeError:
        sentence = "The file .env isn't text in UTF-8: save it again as plain text."
    raise SettingsProblem(sentence)
