"""What a login check costs, beside bare Playwright scripts that only log in and out."""
