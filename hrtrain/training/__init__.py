"""Courses, training sessions, enrolment, attendance, completions."""
