"""Web authorisation 网页授权: who holds the phone, told to a page that asks for it."""
