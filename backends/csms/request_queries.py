"""The statements of the desk, built once. How many events to read, it adds itself."""

from sqlalchemy import bindparam, select

from backends.csms.request_tables import event, request, request_file

KNOWN = select(request.c.request_no).where(
    request.c.request_no == bindparam("request_no", type_=request.c.request_no.type)
)

EVENTS = (
    select(event)
    .where(event.c.event_id > bindparam("after", type_=event.c.event_id.type))
    .order_by(event.c.event_id)
)

PROBES = (
    select(request).where(request.c.request_no == ""),
    select(request_file).where(request_file.c.request_no == ""),
    select(event).where(event.c.event_id < 0),
)
"""Each names every column of the contract and finds no row."""
