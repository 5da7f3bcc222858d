package dev.sallyport.control;

import dev.sallyport.model.Secret;

/// The cluster's key for hashes in audit records.
///
/// @param key 32 bytes in hexadecimal digits
public record AuditKeyAnswer(Secret key) {}
