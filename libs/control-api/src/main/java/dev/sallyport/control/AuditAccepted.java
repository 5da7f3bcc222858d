package dev.sallyport.control;

/// How many events of a batch are safe now, known ones included.
public record AuditAccepted(int accepted) {}
