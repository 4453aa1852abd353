"""What 进度 needs beside its dialog: numbers in texts, and a submission in words. Pure."""
