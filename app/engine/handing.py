"""The words of the designer's property `hand_on`: what the holder of a step may ask of others, for linter and verbs."""

from app.engine.joint import REFUSALS
from app.engine.returns import RETURNS, TAKE_BACK, Drawn

TRANSFER, BENEATH, DELEGATE, SIGN, COPY, NONE = "transfer", "beneath", "delegate", "sign", "copy", "none"
HAND_ON = (TRANSFER, BENEATH, DELEGATE, SIGN, COPY, NONE)
# property → the words it may hold
WORDS = {"returns": RETURNS, "take_back": TAKE_BACK, "hand_on": HAND_ON, "refusal": REFUSALS}
USUAL = frozenset({TRANSFER, DELEGATE, SIGN, COPY})  # within the body whose step it is: the procedure stays the same


def handed_on(element: Drawn) -> frozenset[str]:
    """What the step allows: the usual where it says nothing; `beneath` also transfers to bodies under its own."""
    said = element.properties.get("hand_on", "").split()
    return (frozenset(said) - {NONE}) if said else USUAL
