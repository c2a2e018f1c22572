"""The workspace's pages of payments. Importing ``payments`` and ``alerts`` puts them on the site."""
