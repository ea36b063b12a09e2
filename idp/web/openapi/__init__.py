"""The provider's protocol endpoints as one OpenAPI 3.1 document, computed from what is registered."""
