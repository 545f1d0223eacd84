"""Users, sign-in, roles and their unit scope, the audit log."""
