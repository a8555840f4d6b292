"""Closed lists of the portal: the desk's menu, cookies, states and their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LARGE_PRINT_COOKIE: Final = "large_print"
LONGEST_NAME: Final = 40  # characters of a form field's name
LONGEST_SEARCH: Final = 80
NEWS_LOOKED_AT: Final = 60
NEWS_SHOWN: Final = 5
DONE_KINDS: Final = ("solved", "partly", "explained")
COOKIE_AGE: Final = 365 * 24 * 3600  # seconds


DESK: Final = "/desk/"


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of the desk's menu: shown when a URL name exists and the reader has a power."""

    url_names: tuple[str, ...]
    label: StrOrPromise
    icon: str
    powers: tuple[str, ...]
    primary: bool = False
    counted: bool = False


MENU: Final = (
    MenuEntry(("matters:inbox",), _("待办"), "inbox", (), True, True),
    MenuEntry(("matters:list",), _("事项"), "messages", ("matters.see",), True),
    MenuEntry(("matters:patrol",), _("随手报"), "camera", ("matters.report",)),
    MenuEntry(("portal:map",), _("地图"), "map", ("matters.see",), True),
    MenuEntry(("visits:list",), _("走访"), "home", ("visits.see",)),
    MenuEntry(("mediation:disputes",), _("矛盾纠纷"), "message-circle", ("disputes.see",)),
    MenuEntry(("mediation:consultations",), _("心理疏导"), "shield-lock", ("counselling.see",)),
    MenuEntry(("procedures:supervised",), _("督办"), "flag", ("matters.see",)),
    MenuEntry(("indicators:figures",), _("数据"), "chart-bar", ("figures.see",), True),
    MenuEntry(("organisations:list",), _("组织"), "building-community", ("organisations.see",)),
    MenuEntry(("people:list",), _("人员"), "users", ("people.see",)),
    MenuEntry(("organisations:posts",), _("岗位"), "id-badge-2", ("posts.manage",)),
    MenuEntry(("areas:list",), _("区域"), "hierarchy-2", ("areas.see",)),
    MenuEntry(("procedures:list",), _("规程"), "route", ("procedures.see",)),
    MenuEntry(("organisations:audit",), _("审计"), "eye", ("facts.audit",)),
    MenuEntry(("portal:settings",), _("设置"), "settings", ()),
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be managed, with one line that explains it."""

    url_name: str
    label: StrOrPromise
    note: StrOrPromise
    icon: str
    powers: tuple[str, ...]


SETTINGS: Final = (
    (
        _("人与组织"),
        (
            Setting(
                "people:list",
                _("人员"),
                _("开账号、停用、重置密码"),
                "users",
                ("people.manage", "security.manage"),
            ),
            Setting(
                "organisations:posts",
                _("岗位"),
                _("谁在哪里任什么职、代理和交接"),
                "id-badge-2",
                ("posts.manage",),
            ),
            Setting(
                "organisations:list",
                _("组织"),
                _("党组织、部门和单位"),
                "building-community",
                ("organisations.manage",),
            ),
        ),
    ),
    (
        _("区域与规则"),
        (
            Setting(
                "areas:list",
                _("区域"),
                _("区划、网格，拆分、合并和改名"),
                "hierarchy-2",
                ("areas.manage",),
            ),
            Setting(
                "procedures:list",
                _("规程"),
                _("每类事怎么办、谁办、多久办完"),
                "route",
                ("procedures.publish", "system.manage"),
            ),
            Setting(
                "portal:categories",
                _("事项分类"),
                _("现行的分类表"),
                "messages",
                ("system.manage",),
            ),
            Setting(
                "matters:duties",
                _("职责清单"),
                _("社区、街道做什么、配合什么、什么不能派给它"),
                "list-check",
                ("matters.dispatch",),
            ),
            Setting(
                "portal:calendar",
                _("工作日历"),
                _("哪些天放假、哪些周末上班"),
                "calendar",
                ("system.manage",),
            ),
        ),
    ),
    (
        _("系统"),
        (
            Setting(
                "messages:letters",
                _("发送失败的信"),
                _("没有送到的邮件，没有办成的后续，送达率"),
                "mail",
                ("system.manage",),
            ),
            Setting(
                "organisations:audit", _("审计"), _("谁在什么时候做了什么"), "eye", ("facts.audit",)
            ),
            Setting(
                "interchange:endpoints",
                _("事件推送"),
                _("事项有进展时通知其他系统"),
                "arrow-right",
                ("system.manage",),
            ),
            Setting(
                "portal:components",
                _("界面组件"),
                _("每个组件的各种样子"),
                "photo",
                ("system.manage",),
            ),
        ),
    ),
    (
        _("我自己"),
        (
            Setting(
                "people:own", _("我的账号"), _("密码、动态口令、语言、字号、我的信息"), "user", ()
            ),
        ),
    ),
)

DEEPEST_AREA: Final = 15  # digits of a grid's code: matters go no deeper when reported


@dataclass(frozen=True, slots=True)
class HomeEntry:
    """One door of the residents' home, with one line that explains it."""

    url_name: str
    label: StrOrPromise
    note: StrOrPromise


HOME: Final = (
    HomeEntry("matters:follow", _("查进度"), _("用编号，不用登录")),
    HomeEntry("areas:my_grid", _("我的网格"), _("谁负责、怎么找到他")),
    HomeEntry("indicators:public", _("办得怎么样"), _("这个月收到多少、办结多少")),
    HomeEntry("matters:ask", _("我帮你"), _("街坊之间的小忙，说一声")),
    HomeEntry("matters:done", _("办了什么"), _("哪些事办结了、用了几天")),
    HomeEntry("portal:help", _("帮助"), _("怎么反映、怎么评价")),
    HomeEntry("portal:privacy", _("您的信息怎么用"), _("谁看得到、保存多久")),
)

ACCOUNT_MENU: Final = (
    MenuEntry(("people:own",), _("我的账号"), "user", ()),
    MenuEntry(("portal:help",), _("帮助"), "help", ()),
)


@dataclass(frozen=True, slots=True)
class State:
    """A state that is always shown by word, icon and colour together."""

    tone: str
    icon: str
    word: StrOrPromise


STATES: Final = {
    "solved": State("solved", "circle-check", _("已解决")),
    "partly": State("solved", "circle-half", _("部分解决")),
    "explained": State("waiting", "message-circle", _("已说明")),
    "declined": State("waiting", "circle-minus", _("不予受理")),
    "excluded": State("waiting", "circle-minus", _("不在范围")),
    "cancelled": State("waiting", "circle-x", _("已撤销")),
    "closed": State("solved", "circle-check", _("已办结")),
    "supervised": State("late", "eye", _("督办中")),
    "open": State("blue", "progress", _("办理中")),
    "soon": State("soon", "clock-exclamation", _("临近期限")),
    "yellow": State("soon", "clock-exclamation", _("临近期限")),
    "late": State("late", "alert-triangle", _("已超期")),
    "red": State("late", "alert-triangle", _("已超期")),
    "overdue": State("late", "alert-triangle", _("已超期")),
    "waiting": State("waiting", "hourglass", _("等待中")),
    "paused": State("waiting", "player-pause", _("已暂停计时")),
    "green": State("blue", "progress", _("办理中")),
}
