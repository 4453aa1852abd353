"""Paying through WeChat: from an order that was placed in the chat to money that CSMS has posted.

A page (web/pay.py) asks `Cashier.prepare`; what WeChat Pay tells (web/pay_notify.py, the worker's
looks) goes through `Cashier.took`; docs/payment.md draws the states.
"""
