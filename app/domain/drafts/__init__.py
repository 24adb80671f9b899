"""Notices in the making: a draft is a notice's folder kept as rows, read by the reader that every folder is read by."""
