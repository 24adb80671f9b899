"""待办、已办、抄送我的、我发起的: what is in them, under which filters, in which order."""
