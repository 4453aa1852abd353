"""Who a citizen is: names, identity numbers, papers, and the meter that is handed over. Pure."""
