"""Personal data: what is held of a person, who looked, requests, retention, anonymising."""
