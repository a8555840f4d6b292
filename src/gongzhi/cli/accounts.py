"""The command account: the first people of a fresh installation, who then register the others."""

from __future__ import annotations

import argparse
import secrets
from typing import Any

from gongzhi.cli import ready


def add_to(commands: Any) -> None:
    """Add `account open`."""
    text = "登记最初的人员 / register the first people"
    account = commands.add_parser("account", help=text, description=text)
    inner = account.add_subparsers(metavar="open", required=True)
    opening = inner.add_parser(
        "open", help="登记一人并安排岗位，给出一次性密码 / open an account in a post"
    )
    opening.add_argument("username")
    opening.add_argument("--name", required=True, help="履职姓名 / name on duty")
    opening.add_argument(
        "--role",
        default="security_admin",
        help="角色，如 security_admin、system_admin、auditor / a role of roles.yaml",
    )
    opening.add_argument("--area", help="区划代码，默认本区 / area code, the district by default")
    opening.set_defaults(command=open_account)


def open_account(chosen: argparse.Namespace) -> int:
    """Open one account in one post, both or neither, and print its password for one sign-in."""
    ready.set_up()
    ready.require_current_tables()
    password = secrets.token_urlsafe(12)
    _open(chosen, password)
    print(f"{chosen.username}  {password}")
    ready.say(
        "首次登录时须改密码并设置动态口令。系统管理员登记人员，安全管理员安排岗位，"
        "审计员查看日志，三者不得由一人兼任。\n"
        "At the first sign-in the password is changed and a one-time code set up. "
        "The system administrator registers people, the security administrator gives out posts, "
        "the auditor reads the log: three different persons."
    )
    return 0


def _open(chosen: argparse.Namespace, password: str) -> None:
    from gongzhi.areas import queries as areas
    from gongzhi.kernel.actor import SYSTEM
    from gongzhi.organisations import actions as organisations
    from gongzhi.people import actions as people

    served = areas.districts()
    if not served:
        raise ready.NotReady(
            "还没有载入区县：请先运行 gongzhi district load 文件夹\n"
            "no district is loaded yet: run gongzhi district load FOLDER first"
        )
    area = chosen.area or served[0].code
    new = people.NewAccount(
        username=chosen.username,
        area=area,
        display_name=chosen.name,
        is_staff_member=True,
        password=password,
        must_change_password=True,
    )
    organisations.open_staffed_account(actor=SYSTEM, new=new, role=chosen.role, area=area)
