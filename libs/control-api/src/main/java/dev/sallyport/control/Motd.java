package dev.sallyport.control;

import com.fasterxml.jackson.annotation.JsonProperty;

/// `GET /webapi/motd`: what everybody shall read before they sign in.
///
/// @param text empty = nothing
public record Motd(@JsonProperty("Text") String text) {}
