"""Questions about personal data: what is held, who looked, which requests are due."""
