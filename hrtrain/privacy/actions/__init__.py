"""What is done about personal data: requests, notice and rules, anonymising, retention."""
