"""Daily reconciliation 对账: WeChat Pay's trade bill, our orders, CSMS (docs/reconciliation.md).

Enters: a day's bill. Leaves: a list of differences, the utility's file, what is certain mended.
"""
