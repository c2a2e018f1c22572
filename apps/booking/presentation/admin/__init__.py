"""The workspace's pages of booking. Importing ``register`` puts them on the site."""
