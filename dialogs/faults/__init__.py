"""What fault reports need beside their dialog: the kinds of faults, and places. Pure."""
