"""Pushes under load: real workers that are killed, a broker that is, phones that show what came."""
