"""批量操作: one action on many running processes, each item in a transaction of its own with an outcome of its own.

A batch action is planned from ticked rows or from a whole filter, whose result is frozen then (`planning`). Its author
sees the list with its count, what is left out and why, and starts it. From then on the tick performs it (`performing`),
whoever looks, and after a crash goes on with what is pending. What an action is, `actions` says; which there are,
`register`.
"""
