"""Decision tables as records: what may be asked, how they are kept, published and checked."""
