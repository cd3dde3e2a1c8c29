"""All settings: one table of environment variables, read once into a frozen record; nothing else reads them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING

from hotline.errors import InvalidInputError
from hotline.store.ciphers import CIPHERS

if TYPE_CHECKING:
    from collections.abc import Mapping

TLS_MODES = ("starttls", "tls", "none")


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable with its default and what it is for."""

    name: str
    default: str
    help: str


SETTINGS = (
    Setting("HOTLINE_VAR", "var", "数据目录：SQLite 数据库、密钥、封存文件、演示账号"),
    Setting("HOTLINE_DATABASE_URL", "", "数据库地址；空则用数据目录下的 SQLite，PostgreSQL 写 postgresql://…"),
    Setting("HOTLINE_KEYS", "", "密钥目录；空则为数据目录下的 keys/（生产环境应放在别处）"),
    Setting(
        "HOTLINE_CIPHER",
        "aes-256-gcm",
        "加密算法：aes-256-gcm 或 sm4-gcm（国密）；改后旧数据照常可读，并在后台改用新算法",
    ),
    Setting(
        "HOTLINE_FOLLOW",
        "0",
        "1 表示对外开放“查进度”页（/follow）：来电人凭工单编号和查询码看进展、补充情况，不显示身份",
    ),
    Setting(
        "HOTLINE_OPEN311",
        "0",
        "1 表示开放 Open311 公众接口（/open311/v2）：只列督办员逐件公开的投诉的类别、地区、状态和日期",
    ),
    Setting("HOTLINE_SEALS", "", "封存文件；空则为数据目录下的 seals.jsonl（生产环境应放在另一块盘）"),
    Setting("HOTLINE_HOST", "127.0.0.1", "监听地址；有演示账号时只允许本机地址"),
    Setting("HOTLINE_PORT", "8000", "监听端口"),
    Setting("HOTLINE_WORKERS", "2", "Web 进程数"),
    Setting("HOTLINE_HOME_REGION", "", "本部署所在行政区划代码（六位），用于分辨重名地区；空则各办公室用自己的"),
    Setting("HOTLINE_MODEL", "", "模型目录；空则用随程序发布的模型"),
    Setting(
        "HOTLINE_PROXIES",
        "0",
        "前面有几层自己的反向代理；0 表示不信任 X-Forwarded-For。设了代理而为 0，全体用户会共用一个登录限次",
    ),
    Setting(
        "HOTLINE_RETENTION",
        "",
        "到期删除：空则只由 `hotline retention --delete` 删；1 表示调度进程按随程序的期限删，也可写期限文件的路径",
    ),
    Setting("HOTLINE_SECURE_COOKIES", "0", "1 表示只在 HTTPS 下发送登录 Cookie"),
    Setting("HOTLINE_SWEEP_SECONDS", "5", "调度进程巡查时限的间隔（秒）"),
    Setting(
        "HOTLINE_BASE_URL",
        "",
        "邮件、推送和 Word 报表里链接的开头，例如 https://hotline.example.gov.cn；启用邮件或推送时必填",
    ),
    Setting("HOTLINE_DIGEST_MINUTES", "60", "同一收件人两封提醒之间至少隔多久（分钟）；特急件不等"),
    Setting("HOTLINE_KEEP_DAYS", "400", "已送出的邮件、推送和已读的时限提醒保留多少天；等待和放弃的不清理"),
    Setting("HOTLINE_SMTP_HOST", "", "邮件服务器；空则不发邮件"),
    Setting("HOTLINE_SMTP_PORT", "25", "邮件服务器端口"),
    Setting("HOTLINE_SMTP_TLS", "starttls", "starttls、tls 或 none（仅限内网）；要求加密而服务器不支持时不发"),
    Setting("HOTLINE_SMTP_FROM", "", "发件地址；启用邮件时必填"),
    Setting("HOTLINE_SMTP_USER", "", "邮件服务器的用户名；空则不登录"),
    Setting("HOTLINE_SMTP_PASSWORD_FILE", "", "存放邮件口令的文件（0600），每次发送时读取"),
    Setting("HOTLINE_WEBHOOKS", "0", "1 表示向系统管理员登记的接收地址推送"),
    Setting(
        "HOTLINE_OFFICE_WEEKLY",
        "5 17:00",
        "办公室自己的周报每周何时报出：星期（1 为周一）和时刻；方案写明的以方案为准，遇休息日顺延到下一个工作日",
    ),
    Setting(
        "HOTLINE_INBOX",
        "",
        "收件目录；空则不收。每个渠道一个子目录（渠道代码，或“渠道代码@办公室编号”），收完移到 done/ 或 refused/",
    ),
    Setting(
        "HOTLINE_LOCAL_TARGETS",
        "0",
        "1 表示推送和拉取的地址可以指向本机（127.0.0.1、::1、localhost）；链路本地、云主机元数据、组播地址总是不行",
    ),
    Setting("HOTLINE_PULL", "", "拉取配置文件（TOML）；空则不拉取。每个渠道写 url、token_file、interval"),
)


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
