"""What can go wrong with notices and addresses."""

from django.utils.translation import gettext_lazy as _

from gongzhi.kernel.errors import Conflict, GongzhiError, InvalidInput, NotFound


class NoticeUnknown(NotFound):
    """There is no such notice for this reader."""

    code = "notice-unknown"
    title = _("没有这条通知")


class LetterUnknown(NotFound):
    """There is no such dead letter, or somebody has settled it."""

    code = "letter-unknown"
    title = _("没有这封信，或已有人处理")


class StillFailing(Conflict):
    """What failed before failed again."""

    code = "still-failing"
    title = _("再试一次仍然失败")


class AddressInvalid(InvalidInput):
    """This is no e-mail address."""

    code = "address-invalid"
    title = _("邮箱地址不对")


class StopLinkWrong(NotFound):
    """The link that stops e-mails opens nothing (any more)."""

    code = "stop-link-wrong"
    title = _("链接无效，或这个邮箱已经删除")


class ConfirmLinkWrong(NotFound):
    """The link that confirms an address opens nothing (any more)."""

    code = "confirm-link-wrong"
    title = _("链接无效，或确认的期限已过")


class RulesBroken(GongzhiError):
    """The file of notices cannot be used; the text names the file and the place."""

    code = "notice-rules-broken"
    status = 500
    title = _("通知规则文件有误")
