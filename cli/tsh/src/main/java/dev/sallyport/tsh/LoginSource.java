package dev.sallyport.tsh;

import dev.sallyport.console.ProxyAddress;
import dev.sallyport.pki.IdentityFile;
import java.util.function.Supplier;

/// A login that may be replaced while a command runs, since the user can sign in again in another
/// terminal.
///
/// @param current reads it anew; throws `CommandFailure` when there is none
/// @param remedy what the user does when it has ended
public record LoginSource(ProxyAddress proxy, Supplier<IdentityFile> current, String remedy) {}
