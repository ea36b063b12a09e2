"""MOCK authority and chips: nothing here is issued by anybody. For tests and the demo.

The country's signing certificate (CSCA), a document signer, and the files a phone would read from the
card of a person in the MOCK registry, each marked SPECIMEN.
"""
