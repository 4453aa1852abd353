"""The billing system (CSMS 营业收费系统), read through its exchange database 前置库."""
