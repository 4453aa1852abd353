"""Planned notices to citizens: claimed from the ledger, sent, settled.

The way of one: `dispatch` sees that it is due and says the word through `tasks`; `listening` hears
it, in this process or another, and `draining` begins. `sender` claims a batch, `writing` makes
letters of it after `rules` have judged what still concerns whom, `sending` tries one channel after
the other through `posting`; what an error means stands in `channels`, and `breaker` remembers it.
What no channel takes `mailing` keeps for the citizen's next message. `making` builds all of it.
"""
