package dev.sallyport.control;

import dev.sallyport.model.Secret;
import java.time.Instant;

/// The browser is awaited.
///
/// @param id names the request in the page's URL
/// @param secret known to the tool alone: needed to open the answer, and to call the request off
/// @param page path of the page at the Proxy, such as `/web/login?console=<id>`
/// @param expires from when on it can't be approved: 3 minutes
public record ConsoleStarted(String id, Secret secret, String page, Instant expires) {}
