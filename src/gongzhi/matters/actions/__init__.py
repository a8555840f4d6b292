"""Every write to matters: report, move, locate, classify, photos, verdict, reveal, categories."""

from gongzhi.matters.actions.accusing import name_accused
from gongzhi.matters.actions.categories import Loaded, load_categories
from gongzhi.matters.actions.following import (
    count_follow_try,
    forget_follow_tries,
)
from gongzhi.matters.actions.joining import Contact, Joined, follow_matter
from gongzhi.matters.actions.merging import merge_matters, split_off
from gongzhi.matters.actions.moving import classify_matter, locate_matter, move_matter
from gongzhi.matters.actions.notifying import leave_mail
from gongzhi.matters.actions.parting import NewPart, divide_matter
from gongzhi.matters.actions.photos import attach_photo
from gongzhi.matters.actions.reporters import (
    erase_expired_reporters,
    reveal_reporter,
    set_reporter_terms,
)
from gongzhi.matters.actions.reporting import NewMatter, Reported, report_matter
from gongzhi.matters.actions.saving import drop_list, save_list
from gongzhi.matters.actions.sheets import (
    check_sheet,
    drop_sheet,
    end_sheet,
    forget_sheets,
    mend_row,
    refuse_row,
    start_sheet,
    stop_sheet,
    take_row,
)
from gongzhi.matters.actions.together import (
    MOST_TOGETHER,
    Fate,
    assign_together,
    move_together,
    take_together,
)
from gongzhi.matters.actions.training import Trained, train_suggestions
from gongzhi.matters.actions.verdicts import give_verdict

__all__ = [
    "MOST_TOGETHER",
    "Contact",
    "Fate",
    "Joined",
    "Loaded",
    "NewMatter",
    "NewPart",
    "Reported",
    "Trained",
    "assign_together",
    "attach_photo",
    "check_sheet",
    "classify_matter",
    "count_follow_try",
    "divide_matter",
    "drop_list",
    "drop_sheet",
    "end_sheet",
    "erase_expired_reporters",
    "follow_matter",
    "forget_follow_tries",
    "forget_sheets",
    "give_verdict",
    "leave_mail",
    "load_categories",
    "locate_matter",
    "mend_row",
    "merge_matters",
    "move_matter",
    "move_together",
    "name_accused",
    "refuse_row",
    "report_matter",
    "reveal_reporter",
    "save_list",
    "set_reporter_terms",
    "split_off",
    "start_sheet",
    "stop_sheet",
    "take_row",
    "take_together",
    "train_suggestions",
]
