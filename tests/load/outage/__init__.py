"""The outage: citizens submit all kinds of requests while CSMS and the hotline cannot be reached,
workers are killed, then the desks come back. Who talks is here, what is broken, and the judge.
`tests/load/test_outage.py` is the small run, `python -m bench.outage` the whole one."""
