"""Which notifications may go out by SMS: a provider sends only texts that it approved, each with named gaps."""

from collections.abc import Mapping

from app.config import SmsTemplate
from app.domain.templates.declared import DECLARED
from app.errors import ConfigurationError


def checked(templates: Mapping[str, SmsTemplate]) -> Mapping[str, SmsTemplate]:
    """ConfigurationError for a notification or a fact that does not exist."""
    for name, template in templates.items():
        if name not in DECLARED:
            raise ConfigurationError(f"短信模板对照文件中的“{name}”不是系统的消息，名称见“通知模板”页的地址。")
        for fact in template.fields.values():
            if fact not in DECLARED[name].facts:
                known = "、".join(DECLARED[name].facts) or "没有"
                raise ConfigurationError(f"短信模板对照文件中“{name}”的项目“{fact}”不存在，可用的有：{known}。")
    return templates
