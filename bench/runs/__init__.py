"""What a provisioning run costs with all its proofs, beside a bare Playwright script that does the same clicks."""
