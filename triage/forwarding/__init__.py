"""Cases of chosen services go to outside Open311 endpoints too, and what is told there comes back."""
