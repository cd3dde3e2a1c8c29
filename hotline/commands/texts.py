"""`hotline triage` and `hotline normalise`: JSON Lines in, JSON Lines out, in the same order, without a database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from hotline.commands.streams import REFUSED, emit, input_lines, parse_object
from hotline.environment import read_settings
from hotline.errors import HotlineError, InvalidInputError
from hotline.moments import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from hotline.records import Normalised

    Answer = Callable[[dict[str, Any]], Mapping[str, Any]]

BEYOND = "这一行的内容超出可处理的范围（时间过早过晚，或嵌套过深）"


@click.command("triage")
@click.option("--plan", "plan_id", metavar="ID", help="指定方案，不按地点和日期选择（见 hotline plans list）。")
@click.argument("file", required=False)
def triage_command(plan_id: str | None, file: str | None) -> None:
    """逐行分类并按职责分工定牵头单位；每行一个 JSON 对象，须有 text。不需要数据库。"""
    from hotline.routing.classifier import load_classifier  # noqa: PLC0415 - as above.
    from hotline.routing.directory_file import load_directory  # noqa: PLC0415 - read only when asked: `--help` answers at once.
    from hotline.routing.plans import find_plan, load_plans  # noqa: PLC0415 - as above.
    from hotline.routing.taxonomy import load_taxonomy  # noqa: PLC0415 - as above.
    from hotline.routing.triage import triage_line  # noqa: PLC0415 - as above.

    settings = read_settings()
    plans = load_plans()
    if plan_id is not None:
        find_plan(plans, plan_id)
    classify = load_classifier(settings.model).classify
    directory, taxonomy = load_directory(), load_taxonomy()

    def answer(record: dict[str, Any]) -> Mapping[str, Any]:
        return triage_line(
            record,
            classify=classify,
            plans=plans,
            directory=directory,
            taxonomy=taxonomy,
            plan_id=plan_id,
            now=utc_now(),
            home_region=settings.home_region,
        )

    answer_lines(file, answer)


@click.command("normalise")
@click.argument("file", required=False)
def normalise_command(file: str | None) -> None:
    """逐行清洗文本，取出电话、证件号、金额、日期、网址和地点；每行一个 JSON 对象，须有 text。不需要数据库。

    原文有乱码并已修复的，答 repaired 为 true，请人工核对 text。
    """
    home_region = read_settings().home_region
    answer_lines(file, lambda record: normalised_object(record, home_region))


def answer_lines(file: str | None, answer: Answer) -> None:
    """Answer each line in its place; a line that cannot be used gives `{"line", "error"}` and exit code 1."""
    refused = False
    for number, line in input_lines(file):
        try:
            emit(answer(parse_object(line)))
        except HotlineError as error:
            refused = True
            emit({"line": number, "error": error.message})
        except (OverflowError, RecursionError):
            refused = True
            emit({"line": number, "error": BEYOND})
    if refused:
        raise click.exceptions.Exit(REFUSED)


def normalised_object(record: Mapping[str, Any], home_region: str | None) -> dict[str, Any]:
    """One line of `hotline normalise` (design §6).

    Raises:
        InvalidInputError: `received_at` cannot be read, or `location_hint` is no text.
    """
    from hotline.intake.moments import parse_moment  # noqa: PLC0415 - read only when asked: `--help` answers at once.
    from hotline.intake.normalise import normalise  # noqa: PLC0415 - as above.

    received = _optional_text(record, "received_at")
    found = normalise(
        record["text"],
        received_at=parse_moment(received) if received else utc_now(),
        location_hint=_optional_text(record, "location_hint"),
        home_region=home_region,
    )
    return {"id": record.get("id"), **_as_json(found)}


def _as_json(found: Normalised) -> dict[str, Any]:
    region = found.region
    return {
        "text": found.text,
        "phones": list(found.phones),
        "id_numbers": list(found.id_numbers),
        "amounts_yuan": [{"value": _number(sum_.value), "approx": sum_.approx} for sum_ in found.amounts_yuan],
        "dates": [day.isoformat() for day in found.dates],
        "urls": list(found.urls),
        "region": {"adcode": region.adcode, "name": region.name, "level": region.level} if region else None,
        "masked_text": found.masked_text,
        "repaired": found.repaired,
    }


def _number(value: Decimal) -> int | float:
    """A JSON number: whole yuan without a point."""
    return int(value) if value == value.to_integral_value() else float(value)


def _optional_text(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        message = f"{name} 应为文字，请改正后重试"
        raise InvalidInputError(message)
    return value.strip()
