"""Import of whole files: read, judged, prepared and registered in batches, on one core or on all of them."""
