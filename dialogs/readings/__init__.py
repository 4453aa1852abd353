"""What self readings and visits share: meters, cycles, judgement, slots. Pure."""
