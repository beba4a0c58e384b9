"""What other systems read of the catalogue: HSDS 3.1, Open311 Inquiry, and a public page of each entry."""
