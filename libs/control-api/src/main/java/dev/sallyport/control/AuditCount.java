package dev.sallyport.control;

/// Requests of one user, on one table or of one operation.
public record AuditCount(String name, long requests, long denied, long failed) {}
