"""What the lists of duties say: shown as they stand, and asked before work is sent down.

A community is never given what is not on its list, nor the lead in what it only assists
(北京市接诉即办工作条例第十七条 is the example; the lists themselves are each district's data).
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongzhi.kernel.languages import in_language, said
from gongzhi.kernel.policy import ALLOWED, Decision, refuse
from gongzhi.matters.duties import ASSIST, KINDS, OWN, Duty, duties, duty_of, has_list
from gongzhi.matters.models import Matter
from gongzhi.matters.queries.categories import category_book
from gongzhi.procedures.choices import Situation, guard


@guard("within_duties")
def within_duties(situation: Situation) -> Decision:
    """Refuse to send a matter to a level whose list does not let it lead there."""
    if not has_list(situation.level):
        return ALLOWED
    found = Matter.objects.filter(case_id=situation.case).values_list("category", flat=True)
    if not found:
        return ALLOWED  # the engine's own trials carry no matter
    if not found[0]:
        return refuse(_("还没有分类，不能判断是否在职责清单之内；请先选分类"))
    duty = duty_of(situation.level, category_book().lineage(found[0]))
    name = category_book().name(found[0])
    if duty is None:
        return refuse(_("“%(name)s”不在它的职责清单之内，不能派给它") % {"name": name})
    if duty.kind == OWN:
        return ALLOWED
    if duty.kind == ASSIST:
        return refuse(_("“%(duty)s”它只配合，不能作为主责派给它") % {"duty": duty_name(duty)})
    return refuse(_("“%(duty)s”已由上级收回，不能派给它") % {"duty": duty_name(duty)})


def duty_name(duty: Duty) -> str:
    """Return the duty's name in the reader's language."""
    return in_language({"zh": duty.name, "en": duty.name_en})


def duties_of(level: str) -> dict[str, list[dict[str, str]]]:
    """Return the list of one level by its three values, with the names of the categories."""
    book, comma = category_book(), _("、")
    return {
        kind: [
            {
                "name": duty_name(one),
                "categories": comma.join(book.name(code) for code in one.categories),
                "basis": said(one.basis),
            }
            for one in duties()
            if (one.level, one.kind) == (level, kind)
        ]
        for kind in KINDS
    }


def levels_with_lists() -> list[str]:
    """Return the levels that have a list, in the order of the file."""
    return list(dict.fromkeys(one.level for one in duties()))
