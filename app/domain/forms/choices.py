"""The options of a form's fields, for whoever has to tell a value in words without the form being shown."""

import json
from collections.abc import Iterator

from app.domain.forms.schema import every_component


def form_choices(content: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """Key and options (value → words) of each field to choose from; of what is no form, nothing."""
    try:
        for component, _ in every_component(json.loads(content)["components"]):
            options = component.get("values")
            if component.get("key") and options:
                yield component["key"], {option["value"]: option["label"] for option in options}
    except (ValueError, KeyError, TypeError, AttributeError):
        return
