"""Card photo -> rectified card -> QR, MRZ, print -> fused fields and checks."""
