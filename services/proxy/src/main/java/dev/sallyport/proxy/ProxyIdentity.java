package dev.sallyport.proxy;

import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.TrustBundle;
import java.util.function.Supplier;

/// Who a Proxy Service is, and whom it trusts.
///
/// @param hostId its host id
/// @param certificate its certificate in the role Proxy; asked for again at use, since it is
///   renewed
/// @param trust the cluster's authorities at the start
public record ProxyIdentity(
    String hostId, Supplier<TlsIdentity> certificate, Supplier<TrustBundle> trust) {}
