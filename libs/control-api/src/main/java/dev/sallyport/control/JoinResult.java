package dev.sallyport.control;

/// A host is a part of the cluster.
///
/// @param certificate PEM, in the role that was asked for
public record JoinResult(String hostId, String certificate, Trust trust) {}
