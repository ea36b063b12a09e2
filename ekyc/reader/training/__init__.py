"""Trains the networks in ``ekyc/models`` from drawn pictures. Nothing here runs in the service.

``python -m ekyc.reader.training --help`` lists the steps. It needs more than the project installs:
PyTorch, fontTools, and Debian's fonts (``apt-get install fonts-noto-core fonts-open-sans fonts-dejavu
fonts-lato fonts-inter fonts-crosextra-carlito fonts-roboto-unhinted fonts-croscore fonts-ocr-b``).
"""
