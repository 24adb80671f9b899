"""Zhiping 职评: professional-title declaration and review, driven by BPMN diagrams."""

__version__ = "0.1.0"
