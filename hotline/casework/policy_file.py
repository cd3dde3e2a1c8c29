"""Reads `policies.toml` and refuses what no clock could follow."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from hotline.casework.policy_row import built, check_row
from hotline.casework.policy_versions import check_versions
from hotline.errors import PolicyError

if TYPE_CHECKING:
    from hotline.casework.policy import Policy
    from hotline.casework.row_values import Row

DATA = Path(__file__).with_name("policies.toml")


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """The policies of one file and its version."""

    version: str
    policies: tuple[Policy, ...]


def load_policies(path: Path = DATA) -> tuple[Policy, ...]:
    """The policies that ship with the program, in the order of the file.

    Raises:
        PolicyError: The file cannot be read or a row may not be used; the message names the row.
    """
    return load_policy_file(path).policies


def load_policy_file(path: Path = DATA) -> PolicyFile:
    """Like `load_policies`, with the version."""
    try:
        return parse_policies(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"时限策略文件 {path.name} 读不出来：{error}。请恢复随程序发布的文件。"
        raise PolicyError(message) from error


def parse_policies(text: str) -> PolicyFile:
    """The policies of a TOML text.

    Raises:
        PolicyError: It is no TOML, a row may not be used, or two rows of one id claim the same case.
    """
    try:
        document = tomllib.loads(text)
        version = str(document["version"])
        rows = cast("list[Row]", document["policy"])
    except (ValueError, KeyError, AttributeError) as error:
        message = f"时限策略文件格式不对：{error}。请改正后重试。"
        raise PolicyError(message) from error
    policies = tuple(_policy(number, row) for number, row in enumerate(rows, start=1))
    check_versions(policies)
    return PolicyFile(version, policies)


def _policy(number: int, row: Row) -> Policy:
    name = str(row.get("id", f"第 {number} 条"))
    try:
        check_row(name, row)
        return built(row)
    except KeyError as error:
        message = f"时限策略 {name} 缺少 {error}。请补上。"
        raise PolicyError(message) from error
    except (ValueError, TypeError) as error:
        message = f"时限策略 {name} 有不能识别的值：{error}。请改正。"
        raise PolicyError(message) from error
