"""Pages of the people room: login, own account, accounts, installation, home."""
