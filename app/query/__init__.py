"""What may be asked of the library: queries and their filters, and the language in which people type them."""
