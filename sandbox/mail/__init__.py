"""An SMTP server that keeps what it gets, and its mailbox."""
