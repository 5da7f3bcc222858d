package dev.sallyport.agent.http;

/// What [RequestReader] hands on: a whole request, or why there will be none on this connection.
public sealed interface Inbound permits HeldRequest, RequestFault {}
