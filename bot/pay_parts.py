"""The parts that payments are made of, made from the settings, as in bot/parts.py."""
