"""Ten Suggestions, Tested: the models behind the book.

Results flow one way: evidence, population, models, inference, risk, policy, report, publish.
"""
