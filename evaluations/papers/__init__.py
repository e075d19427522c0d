"""The printed documents of reference section 14: what stands in each. `services.papers` makes them.

Documents are official Indonesian whatever language the reader uses; callers set it.
"""
