package dev.sallyport.control;

import dev.sallyport.model.Secret;

/// The user pressed "approve".
///
/// @param ticket from [ConsoleTicket]
/// @param clientAddress where the browser is, as the Proxy saw it
public record ConsoleApproval(Secret ticket, String clientAddress) {}
