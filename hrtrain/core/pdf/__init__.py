"""PDFs made, merged and read, each by a process of its own: the site never loads the libraries."""
