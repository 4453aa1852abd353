"""The platform's own database: citizens, consents, bindings 绑定, failed proofs of ownership."""
