"""`hotline users office`: the offices of a deployment."""

from __future__ import annotations

import re
from dataclasses import replace

import click

from hotline.commands.installation import offices_of, open_database
from hotline.commands.recording import record
from hotline.commands.streams import emit
from hotline.environment import read_settings
from hotline.errors import ConflictError, InvalidInputError
from hotline.intake.regions import find_region
from hotline.moments import utc_now
from hotline.records import Office
from hotline.routing.plans import find_plan, load_plans
from hotline.store.engine import write_transaction
from hotline.store.offices import office, save_office


@click.command("office")
@click.argument("office_id", metavar="ID")
@click.option("--name", required=True, help="办公室全称。")
@click.option("--region", required=True, help="所在行政区划代码（六位）。")
@click.option("--plan", "plan_id", required=True, metavar="ID", help="所用方案（见 hotline plans list）。")
@click.option("--prefix", required=True, help="工单编号前缀，一到两位数字，各办公室不同，以后不能改。")
def office_command(*, office_id: str, name: str, region: str, plan_id: str, prefix: str) -> None:
    """建立办公室；已有的按新内容更新（编号前缀不变）。新部署先建办公室，再建账号。"""
    _check_office(office_id, prefix)
    place = find_region(region)
    if place is None:
        message = f"没有找到行政区划“{region}”。请写六位代码，例如 110102。"
        raise InvalidInputError(message)
    plan = find_plan(load_plans(), plan_id)
    with open_database(read_settings()) as (engine, keyring):
        known = {each.id: each for each in offices_of(engine)}
        taken = [each.id for each in known.values() if int(each.number_prefix) == int(prefix) and each.id != office_id]
        if taken:
            message = f"编号前缀“{prefix}”已由办公室 {taken[0]} 使用，请另取一个。"
            raise ConflictError(message)
        fresh = Office(id=office_id, name=name, region=place.adcode, plan_id=plan.id, number_prefix=prefix)
        changed = replace(known.get(office_id, fresh), name=name.strip(), region=place.adcode, plan_id=plan.id)
        with write_transaction(engine) as session:
            save_office(session, changed, utc_now())
            record(session, keyring, f"office:{office_id}", office_id, "saved")
            kept = office(session, office_id)
    emit({"id": kept.id, "name": kept.name, "region": kept.region, "plan": kept.plan_id, "prefix": kept.number_prefix})


def _check_office(office_id: str, prefix: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,31}", office_id):
        message = "办公室代码应为小写字母开头的 2 至 32 个小写字母、数字或 -，例如 xicheng。"
        raise InvalidInputError(message)
    if not re.fullmatch(r"[0-9]{1,2}", prefix):
        message = "编号前缀应为一到两位数字。"
        raise InvalidInputError(message)
