"""The dialects of BPMN 2.0 that are read: their namespaces, and the settings in them that mean nothing here."""

from app.engine.xml import SPIFF, Element

FAMILY = {  # engines that grew out of Activiti: the same words under three namespaces
    "http://camunda.org/schema/1.0/bpmn": "Camunda 7",
    "http://flowable.org/bpmn": "Flowable",
    "http://activiti.org/bpmn": "Activiti",
}
SIGNAVIO = "http://www.signavio.com"
DISPLAY = frozenset({
    "http://bpmn.io/schema/bpmn/biocolor/1.0", "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
    "http://camunda.org/schema/modeler/1.0", "http://flowable.org/modeler", "http://activiti.com/modeler",
    "http://www.w3.org/2001/XMLSchema-instance", "http://www.w3.org/XML/1998/namespace",
})  # fmt: skip

# how a Java engine stores, versions and schedules: nothing that a diagram of ours says
TECHNICAL = frozenset({
    "async", "asyncBefore", "asyncAfter", "asyncLeave", "exclusive", "jobPriority", "taskPriority", "triggerable",
    "historyTimeToLive", "versionTag", "isStartableInTasklist", "candidateStarterUsers", "candidateStarterGroups",
    "modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon", "calledElementBinding",
    "calledElementVersion", "calledElementVersionTag", "calledElementTenantId", "calledElementType",
    "decisionRefBinding", "decisionRefVersion", "decisionRefVersionTag", "decisionRefTenantId", "formRefBinding",
    "formRefVersion", "sameDeployment", "fallbackToDefaultTenant", "completeAsync", "inheritBusinessKey",
    "inheritVariables", "autoStoreVariables", "formFieldValidation", "idVariableName", "eagerExecutionFetching",
    "useLocalScopeForResultVariable", "failedJobRetryTimeCycle", "localization", "sameScope",
    "storeResultVariableAsTransient",
})  # fmt: skip


def dialect(root: Element) -> str:
    """The name of the dialect, as its users know it."""
    used = {node.tag[1:].partition("}")[0] for node in root.iter("{*}*")}
    used |= {name[1:].partition("}")[0] for node in root.iter("{*}*") for name in node.attrib if name[0] == "{"}
    for namespace, name in FAMILY.items():
        if namespace in used:
            return name
    if SIGNAVIO in used or "signavio" in (root.get("exporter") or "").lower():
        return "Signavio"
    if SPIFF in used:
        return "职评"
    return "BPMN 2.0"


def split(name: str) -> tuple[str, str]:
    """(namespace, local name) of a tag or attribute as lxml has it; no namespace is empty."""
    namespace, brace, rest = name.rpartition("}")
    return (namespace[1:], rest) if brace else ("", name)
