"""Bills as conversations explain them: tariffs, tiers, late fees, comparisons. Pure arithmetic."""
