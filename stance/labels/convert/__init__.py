"""Labels of other tools: doccano, Label Studio, Prodigy, brat, DNA, flat tables and annotation sheets.

`formats` is the way in; the other modules know one family of formats each, or what all of them share.
"""
