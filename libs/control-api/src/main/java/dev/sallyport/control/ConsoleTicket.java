package dev.sallyport.control;

import dev.sallyport.model.Secret;
import java.time.Instant;

/// Somebody has proven who they are to this page, and may now approve.
///
/// @param ticket to be sent with the approval; good for this request alone
public record ConsoleTicket(Secret ticket, String user, Instant expires) {}
