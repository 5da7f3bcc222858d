package dev.sallyport.control;

import dev.sallyport.model.Secret;

/// Which databases a host is to choose that somebody sets up with a join token, as the Proxy asks
/// it.
///
/// @param clientAddress where the question came from, as the Proxy saw it
public record TokenQuestion(Secret token, String clientAddress) {}
