"""What can go wrong with cases, their items, pauses and objections."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from gongzhi.kernel.errors import (
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    StaleVersion,
    TooManyRequests,
)


class CaseUnknown(NotFound):
    """There is no such case, or it is out of the actor's sight."""

    code = "case-unknown"
    title = _("没有找到这件事项")


class ProcedureUnknown(NotFound):
    """No version of this procedure is published for the area."""

    code = "procedure-unknown"
    title = _("这里没有启用这个规程")


class CaseClosed(Conflict):
    """The case has come to its end."""

    code = "case-closed"
    title = _("事项已经办结，不能再流转")


class CaseMoved(StaleVersion):
    """Somebody else moved the case first."""

    code = "case-moved"
    title = _("这件事项刚刚被他人流转过，请刷新后再试")

    def __init__(self, message: Any = "", *, field: str | None = None, mend: Any = "") -> None:
        super().__init__(message, field=field, mend=mend or _("请按最新情况重新办理"))


class NoSuchMove(Conflict):
    """The stage has no such move."""

    code = "no-such-move"
    title = _("当前环节没有这一步")


class GuardRefuses(Conflict):
    """A condition of the procedure does not hold yet."""

    code = "guard-refuses"
    title = _("还不满足这一步的条件")


class NotYours(NotAllowed):
    """The stage is somebody else's."""

    code = "not-yours"
    title = _("这一环节不由您办理")


class ItemTaken(Conflict):
    """Somebody else claimed the item first, or it is done."""

    code = "item-taken"
    title = _("已被他人认领或已经办完")


class NoHolder(Conflict):
    """Nobody up the tree holds the role that must own the next stage."""

    code = "no-holder"
    title = _("下一环节没有人任职，无法流转")


class PauseRefused(Conflict):
    """The stage cannot be paused, or not again."""

    code = "pause-refused"
    title = _("当前环节不能再申请暂停")


class ObjectionRefused(Conflict):
    """There is no objection here, or the one allowed has been used."""

    code = "objection-refused"
    title = _("当前环节不能再提出异议")


class AnswersInvalid(InvalidInput):
    """The form of a move was not filled in rightly."""

    code = "answers-invalid"


class SupervisionRefused(Conflict):
    """The case cannot be put under supervision, or is under none."""

    code = "supervision-refused"
    title = _("这件事项现在不能这样督办")


class DueInPast(InvalidInput):
    """A due time named in a form is over already."""

    code = "due-in-past"
    title = _("期限已经过去")


class ReopenRefused(Conflict):
    """The case cannot be reopened, or no longer."""

    code = "reopen-refused"
    title = _("这件事项不能重新打开")


class RecusalUnknown(NotFound):
    """There is no such recusal in this case."""

    code = "recusal-unknown"
    title = _("没有这次回避")


class RecusalRefused(Conflict):
    """Somebody cannot be recused as things stand."""

    code = "recusal-refused"
    title = _("现在不能这样回避")


class QuestionRefused(Conflict):
    """A question cannot be asked, kept open or taken back as things stand."""

    code = "question-refused"
    title = _("现在不能这样提问")


class LinkDead(NotFound):
    """A link opens nothing: never given out, used, over, or taken back. Which is not told."""

    code = "link-dead"
    title = _("这个链接不能用了")


class TooManyLinks(TooManyRequests):
    """Somebody opens one link after the other."""

    code = "too-many-links"
    title = _("打开得太频繁了")
