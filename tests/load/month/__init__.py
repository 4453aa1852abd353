"""A month of payments with everything that goes wrong in one, and an audit of the three books."""
