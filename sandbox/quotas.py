"""Daily call limits of a new certified account; they start anew at Beijing's midnight. Minutely
ones are not published: whoever asks says how many."""

_PER_DAY = {
    "/cgi-bin/token": 2_000,
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/menu/create": 1_000,
    "/cgi-bin/menu/get": 10_000,
    "/cgi-bin/menu/delete": 1_000,
    "/cgi-bin/media/upload": 100_000,
    "/cgi-bin/media/get": 200_000,
    "/cgi-bin/message/custom/send": 500_000,
    "/cgi-bin/user/info": 5_000_000,
}
_CLEARS_PER_MONTH = 10


class Quotas:
    def __init__(self) -> None:
        self._day = ""
        self._used: dict[str, int] = {}
        self._minute = -1
        self._used_in_minute: dict[str, int] = {}
        self._month = ""
        self._clears = 0

    def take(self, path: str, day: str, per_day: int | None = None) -> bool:
        """False when today's calls of this path are used up; `per_day` in place of the usual."""
        if day != self._day:
            self._day, self._used = day, {}
        used = self._used.get(path, 0)
        if used >= (_PER_DAY.get(path, used + 1) if per_day is None else per_day):
            return False
        self._used[path] = used + 1
        return True

    def take_in_minute(self, path: str, minute: int, per_minute: int) -> bool:
        """False when this minute's calls of this path are used up."""
        if minute != self._minute:
            self._minute, self._used_in_minute = minute, {}
        used = self._used_in_minute.get(path, 0)
        if used >= per_minute:
            return False
        self._used_in_minute[path] = used + 1
        return True

    def clear(self, day: str) -> bool:
        """False when the month's ten clearings are used up."""
        if day[:7] != self._month:
            self._month, self._clears = day[:7], 0
        if self._clears >= _CLEARS_PER_MONTH:
            return False
        self._clears += 1
        self._used = {}
        return True
