package dev.sallyport.auth;

import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.TrustBundle;
import java.util.function.Supplier;

/// What another part of the cluster needs to run in the Auth Service's own process: an identity in
/// its own system role, as a join would give it.
///
/// @param identity its key and certificates
/// @param hostId the id of this host, the same for all its parts
/// @param trust what it is to trust; asked anew each time
public record LocalHost(TlsIdentity identity, String hostId, Supplier<TrustBundle> trust) {}
