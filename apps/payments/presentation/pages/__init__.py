"""Pages for clients who come by a signed link: paying, and how it went."""
