"""The deployment's settings, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import time


@dataclass(frozen=True, slots=True)
class Smtp:
    """The mail server; the password is read from its file when it is needed and held nowhere."""

    host: str
    port: int
    tls: str
    sender: str
    user: str
    password_file: Path | None


@dataclass(frozen=True, slots=True)
class Settings:
    """The deployment's settings, parsed and checked."""

    var: Path
    database_url: str
    keys: Path
    cipher: int
    follow: bool
    seals: Path
    host: str
    port: int
    workers: int
    home_region: str | None
    model: Path | None
    secure_cookies: bool
    sweep_seconds: int
    base_url: str
    digest_minutes: int
    smtp: Smtp | None
    webhooks: bool
    office_weekly: tuple[int, time]
    inbox: Path | None = None
    pull: Path | None = None
    keep_days: int = 400
    proxies: int = 0
    retention: str = ""
    open311: bool = False
    local_targets: bool = False

    @property
    def sqlite_path(self) -> Path | None:
        """The database file where SQLite is used, else None."""
        prefix = "sqlite:///"
        return Path(self.database_url.removeprefix(prefix)) if self.database_url.startswith(prefix) else None

    @property
    def calendar_years(self) -> Path:
        """The folder of the years that `hotline workdays import` has stored; it need not exist."""
        return self.var / "calendar"

    @property
    def channels(self) -> Path:
        """The folder of the channels that this deployment has added; it need not exist."""
        return self.var / "channels"

    @property
    def models(self) -> Path:
        """The folder of candidates and promoted models; it need not exist."""
        return self.var / "models"
