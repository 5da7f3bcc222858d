package dev.sallyport.proxy.browser.api;

import dev.sallyport.model.Secret;

/// A link of an invitation or a reset. Its token is the only proof, so it travels in bodies.
///
/// @param kind `invite` or `reset`, as the page's address says
public record LinkRef(String kind, Secret token) {}
