"""One module per report: asks queries, gives a sheet, a page or a document."""
