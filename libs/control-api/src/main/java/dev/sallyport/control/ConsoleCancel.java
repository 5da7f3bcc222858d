package dev.sallyport.control;

import dev.sallyport.model.Secret;

/// The tool does not wait any more.
public record ConsoleCancel(Secret secret) {}
