"""Rich authorization requests (RFC 9396): ``authorization_details`` of types that the operator defined."""
