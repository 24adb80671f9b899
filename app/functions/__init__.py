"""What a diagram may call: thin functions over the domain, handed to the engine by name."""

from importlib import import_module
from pkgutil import iter_modules

from app.functions.registry import bind, manual, registered, registered_for_designers

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = ["bind", "manual", "registered", "registered_for_designers"]
