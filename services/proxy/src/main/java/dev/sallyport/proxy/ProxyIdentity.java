package dev.sallyport.proxy;

import dev.sallyport.pki.TlsIdentity;
import java.util.function.Supplier;

/// Who a Proxy Service is.
///
/// @param hostId its host id
/// @param certificate its certificate in the role Proxy; asked for again at use, since it is
///   renewed
public record ProxyIdentity(String hostId, Supplier<TlsIdentity> certificate) {}
