"""How scripts and people bend the sandbox: its clock, its faults, its payers."""
