"""Units merged, split, renamed, retyped, moved and dissolved: one recorded act, undone as one."""
