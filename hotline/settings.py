"""All settings: one table of environment variables, read once into a frozen record; nothing else reads them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hotline.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    Setting("HOTLINE_SEALS", "", "封存文件；空则为数据目录下的 seals.jsonl（生产环境应放在另一块盘）"),
    Setting("HOTLINE_HOST", "127.0.0.1", "监听地址；有演示账号时只允许本机地址"),
    Setting("HOTLINE_PORT", "8000", "监听端口"),
    Setting("HOTLINE_WORKERS", "2", "Web 进程数"),
    Setting("HOTLINE_HOME_REGION", "", "本部署所在行政区划代码（六位），用于分辨重名地区；空则各办公室用自己的"),
    Setting("HOTLINE_MODEL", "", "模型目录；空则用随程序发布的模型"),
    Setting("HOTLINE_SECURE_COOKIES", "0", "1 表示只在 HTTPS 下发送登录 Cookie"),
    Setting("HOTLINE_SWEEP_SECONDS", "5", "调度进程巡查时限的间隔（秒）"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The deployment's settings, parsed and checked."""

    var: Path
    database_url: str
    keys: Path
    seals: Path
    host: str
    port: int
    workers: int
    home_region: str | None
    model: Path | None
    secure_cookies: bool
    sweep_seconds: int

    @property
    def sqlite_path(self) -> Path | None:
        """The database file where SQLite is used, else None."""
        prefix = "sqlite:///"
        return Path(self.database_url.removeprefix(prefix)) if self.database_url.startswith(prefix) else None

    @property
    def calendar_years(self) -> Path:
        """The folder of the years that `hotline workdays import` has stored; it need not exist."""
        return self.var / "calendar"


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
        seals=Path(values["HOTLINE_SEALS"]).resolve() if values["HOTLINE_SEALS"] else var / "seals.jsonl",
        host=values["HOTLINE_HOST"],
        port=_number("HOTLINE_PORT", values, 1, 65535),
        workers=_number("HOTLINE_WORKERS", values, 1, 64),
        home_region=region or None,
        model=Path(values["HOTLINE_MODEL"]).resolve() if values["HOTLINE_MODEL"] else None,
        secure_cookies=values["HOTLINE_SECURE_COOKIES"] == "1",
        sweep_seconds=_number("HOTLINE_SWEEP_SECONDS", values, 1, 3600),
    )


def _number(name: str, values: Mapping[str, str], low: int, high: int) -> int:
    text = values[name]
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        message = f"{name} 应为 {low} 到 {high} 的整数，现在是“{text}”。"
        raise InvalidInputError(message)
    return int(text)
