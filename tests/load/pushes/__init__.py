"""Pushes under load: real workers that are killed, a broker that is, a platform that counts."""
