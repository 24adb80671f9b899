"""Last resort: does the engine's own parser accept what we found nothing wrong with?"""

from collections.abc import Iterator
from copy import deepcopy

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser

from app.engine.lint.findings import Finding
from app.engine.lint.model import Project
from app.engine.xml import is_element


def check(project: Project) -> Iterator[Finding]:
    parser = SpiffBpmnParser()
    remedy = "按提示改正该元素；看不明白时删去它在设计器里重新画。"
    try:
        for file, root in project.tables.items():
            parser.add_dmn_xml(deepcopy(root), file)
        for diagram in project.diagrams:
            parser.add_bpmn_xml(deepcopy(diagram.root), diagram.file)
        for process_id in parser.get_process_ids():
            parser.get_spec(process_id)
    except ValidationException as error:
        file, line = _place(project, error.id)
        message = f"流程引擎不接受这张图（{str(error).strip('. ')}）。"
        yield Finding(file, "library", error.id or None, line, message, remedy)
    except Exception as error:  # the library raises whatever it stumbles over
        file = project.diagrams[0].file if project.diagrams else next(iter(project.tables))
        message = f"流程引擎读不了这些图（{type(error).__name__}: {error}）。"
        yield Finding(file, "library", None, None, message, remedy)


def _place(project: Project, element: str) -> tuple[str, int | None]:
    for diagram in project.diagrams:
        for node in diagram.root.iter():
            if is_element(node) and element and node.get("id") == element:
                return diagram.file, node.sourceline
    return project.diagrams[0].file, None
