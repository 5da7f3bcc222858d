package dev.sallyport.control;

import dev.sallyport.model.Secret;

/// Where the browser goes now: the tool's port on this machine, `http://127.0.0.1:…/callback?…`.
/// After an approval it carries the sealed answer; after a rejection `error=rejected`.
public record ConsoleAnswer(Secret redirect) {}
