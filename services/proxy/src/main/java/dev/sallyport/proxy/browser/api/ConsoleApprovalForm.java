package dev.sallyport.proxy.browser.api;

import dev.sallyport.model.Secret;

/// The user pressed "approve".
///
/// @param ticket what the proof before gave
public record ConsoleApprovalForm(String id, Secret ticket) {}
