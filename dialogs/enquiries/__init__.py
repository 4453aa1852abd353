"""What complaints 投诉 and enquiries 咨询 share: the citizen's own words, what answers them."""
