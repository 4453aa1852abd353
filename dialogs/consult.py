"""在线咨询: a question for the hotline's staff; before it goes there, what answers it already.

Nothing need be bound.
"""

from backends.ports import SubmissionKind
from dialogs.engine.definition import Dialog, Exit, Go, Opening, Step, Turn
from dialogs.engine.readers import choice_from, confirm
from dialogs.enquiries import own_answers
from dialogs.enquiries.own_answers import Question
from dialogs.submissions import submit


def opening(turn: Turn, _: None) -> Go:
    if not turn.policy.takes_faults:
        return Go("closed", show={"hotline": turn.policy.hotline})
    return Go("asked")


def question(_: Turn, answer: Question) -> Go:
    keep = {"words": answer.words, "offered": [list(one) for one in answer.offered]}
    return Go("offered" if answer.offered else "summed_up", keep=keep)


def answers(turn: Turn, answer: str) -> Go:
    if answer == own_answers.ASK:
        return Go("summed_up")
    title = dict(turn.data["offered"])[answer]
    return Go("answered", show={"title": title}, then=answer)


def confirmation(turn: Turn, answer: str) -> Go:
    if answer == "change_words":
        return Go("change_words")
    made = submit(turn, SubmissionKind.CONSULT, {"text": turn.data["words"]})
    show = {"number": made.submission.number, "hotline": turn.policy.hotline}
    return Go("submitted", show=show, effects=(made,))


CONSULT = Dialog(
    name="consult",
    revision=1,
    opens=Opening(opening, {"closed": "closed", "asked": "question"}),
    steps={
        "question": Step(
            reads=own_answers.question(),
            decide=question,
            leads_to={"offered": "answers", "summed_up": "confirm"},
        ),
        "answers": Step(
            reads=choice_from(own_answers.choices),
            decide=answers,
            leads_to={"answered": "answered", "summed_up": "confirm"},
        ),
        "confirm": Step(
            reads=confirm("submit", "change_words"),
            decide=confirmation,
            leads_to={"submitted": "submitted", "change_words": "question"},
        ),
    },
    ends={"submitted": Exit.COMPLETED, "answered": Exit.COMPLETED, "closed": Exit.FAILED},
)
