"""The demo: real plans and units, and people who do not exist, the same at every load.

Everything is built as a data package from a fixed seed; what a package cannot say (users, a
series, certificates with their documents) is done by the product's own actions afterwards.
"""
