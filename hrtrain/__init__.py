"""hrtrain: who has been trained, who has not, and can we prove it."""
