"""Environment → settings: every variable read once and checked; nothing else reads them."""

from __future__ import annotations

import os
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING

from hotline.errors import InvalidInputError
from hotline.settings import Settings, Smtp
from hotline.store.ciphers import CIPHERS
from hotline.variables import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

TLS_MODES = ("starttls", "tls", "none")


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read every setting from the environment.

    Raises:
        InvalidInputError: A value is no number where one is needed, or a HOTLINE_ variable is unknown.
    """
    source = os.environ if environment is None else environment
    values = {setting.name: source.get(setting.name, "") or setting.default for setting in SETTINGS}
    unknown = sorted(name for name in source if name.startswith("HOTLINE_") and name not in values)
    if unknown:
        message = f"不认识的设置：{'、'.join(unknown)}。请对照 docs/settings.md 改正。"
        raise InvalidInputError(message)
    var = Path(values["HOTLINE_VAR"]).resolve()
    region = values["HOTLINE_HOME_REGION"]
    if region and not (region.isdigit() and len(region) == 6):  # noqa: PLR2004 - an adcode has six digits.
        message = "HOTLINE_HOME_REGION 应为六位行政区划代码，例如 110102。"
        raise InvalidInputError(message)
    return Settings(
        var=var,
        database_url=values["HOTLINE_DATABASE_URL"] or f"sqlite:///{var / 'hotline.db'}",
        keys=Path(values["HOTLINE_KEYS"]).resolve() if values["HOTLINE_KEYS"] else var / "keys",
        cipher=_cipher(values["HOTLINE_CIPHER"]),
        follow=values["HOTLINE_FOLLOW"] == "1",
        open311=values["HOTLINE_OPEN311"] == "1",
        local_targets=values["HOTLINE_LOCAL_TARGETS"] == "1",
        seals=Path(values["HOTLINE_SEALS"]).resolve() if values["HOTLINE_SEALS"] else var / "seals.jsonl",
        host=values["HOTLINE_HOST"],
        port=_number("HOTLINE_PORT", values, 1, 65535),
        workers=_number("HOTLINE_WORKERS", values, 1, 64),
        home_region=region or None,
        model=Path(values["HOTLINE_MODEL"]).resolve() if values["HOTLINE_MODEL"] else None,
        secure_cookies=values["HOTLINE_SECURE_COOKIES"] == "1",
        sweep_seconds=_number("HOTLINE_SWEEP_SECONDS", values, 1, 3600),
        base_url=_base_url(values),
        digest_minutes=_number("HOTLINE_DIGEST_MINUTES", values, 1, 1440),
        keep_days=_number("HOTLINE_KEEP_DAYS", values, 30, 36500),
        smtp=_smtp(values),
        webhooks=values["HOTLINE_WEBHOOKS"] == "1",
        office_weekly=_weekly(values["HOTLINE_OFFICE_WEEKLY"]),
        inbox=Path(values["HOTLINE_INBOX"]).resolve() if values["HOTLINE_INBOX"] else None,
        pull=Path(values["HOTLINE_PULL"]).resolve() if values["HOTLINE_PULL"] else None,
        proxies=_number("HOTLINE_PROXIES", values, 0, 9),
        retention=values["HOTLINE_RETENTION"],
    )


def _weekly(text: str) -> tuple[int, time]:
    day, _, hour = text.partition(" ")
    try:
        at = time.fromisoformat(hour)
    except ValueError:
        at = None
    if at is None or at.tzinfo is not None or day not in tuple("1234567"):
        message = f"HOTLINE_OFFICE_WEEKLY 应为星期（1 到 7）和时刻，例如 5 17:00，现在是“{text}”。"
        raise InvalidInputError(message)
    return int(day), at


def _cipher(name: str) -> int:
    if name not in CIPHERS:
        message = f"HOTLINE_CIPHER 应为 {'、'.join(CIPHERS)} 之一，现在是“{name}”。"
        raise InvalidInputError(message)
    return CIPHERS[name]


def _base_url(values: Mapping[str, str]) -> str:
    url = values["HOTLINE_BASE_URL"].rstrip("/")
    if url and not url.startswith(("http://", "https://")):
        message = "HOTLINE_BASE_URL 应以 http:// 或 https:// 开头，例如 https://hotline.example.gov.cn。"
        raise InvalidInputError(message)
    if not url and (values["HOTLINE_SMTP_HOST"] or values["HOTLINE_WEBHOOKS"] == "1"):
        message = "启用了邮件或推送，还要设置 HOTLINE_BASE_URL，收件人才打得开链接。"
        raise InvalidInputError(message)
    return url


def _smtp(values: Mapping[str, str]) -> Smtp | None:
    if not values["HOTLINE_SMTP_HOST"]:
        return None
    if values["HOTLINE_SMTP_TLS"] not in TLS_MODES:
        message = f"HOTLINE_SMTP_TLS 应为 {'、'.join(TLS_MODES)} 之一。"
        raise InvalidInputError(message)
    sender = values["HOTLINE_SMTP_FROM"]
    if "@" not in sender or not sender.isascii() or not sender.isprintable():
        message = "启用邮件时，HOTLINE_SMTP_FROM 应为一个邮件地址。"
        raise InvalidInputError(message)
    password = values["HOTLINE_SMTP_PASSWORD_FILE"]
    return Smtp(
        host=values["HOTLINE_SMTP_HOST"],
        port=_number("HOTLINE_SMTP_PORT", values, 1, 65535),
        tls=values["HOTLINE_SMTP_TLS"],
        sender=sender,
        user=values["HOTLINE_SMTP_USER"],
        password_file=Path(password).resolve() if password else None,
    )


def _number(name: str, values: Mapping[str, str], low: int, high: int) -> int:
    text = values[name]
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        message = f"{name} 应为 {low} 到 {high} 的整数，现在是“{text}”。"
        raise InvalidInputError(message)
    return int(text)
