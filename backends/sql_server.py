"""What SQL Server through ODBC, and FreeTDS above all, needs beyond SQLAlchemy's own dialect.

Called by `backends.sql` when it opens an engine.
"""

import math
import re
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import URL, ExceptionContext

_DEAD_TDS = re.compile(r"\((2000[2-9]|2001\d|20020|20047)\)")
"""FreeTDS numbers for a connection that is gone; the driver reports them as a general error."""


def whole_seconds(limit_s: float) -> int:
    """ODBC counts in seconds, and takes 0 for no limit at all."""
    return max(1, math.ceil(limit_s))


def set_up(engine: Engine, limit_s: int) -> None:
    driver: Any = engine.dialect.loaded_dbapi
    driver.pooling = False  # ODBC's own pool would hand out connections that ours gave up

    @event.listens_for(engine, "connect")
    def limit_statements(connection: Any, _record: object) -> None:
        connection.timeout = limit_s

    event.listen(engine, "do_setinputsizes", let_driver_size_long_strings)
    event.listen(engine, "handle_error", notice_dead_connection)


def port_as_freetds_reads_it(url: URL) -> URL:
    """`host:1433` becomes `SERVER=host,1433`, a form that FreeTDS 1.3 takes for a host name."""
    if url.port is None or "tds" not in str(url.query.get("driver", "")).lower():
        return url
    query = {**url.query, "port": str(url.port)}
    return URL.create(
        url.drivername, url.username, url.password, url.host, None, url.database, query
    )


def let_driver_size_long_strings(inputsizes: dict[Any, Any], *_: object) -> None:
    """FreeTDS refuses (HY090) strings over 2,000 characters that were announced without a size."""
    for parameter, size in inputsizes.items():
        if isinstance(size, tuple):
            inputsizes[parameter] = None


def notice_dead_connection(context: ExceptionContext) -> None:
    if _DEAD_TDS.search(str(context.original_exception)):
        context.is_disconnect = True
