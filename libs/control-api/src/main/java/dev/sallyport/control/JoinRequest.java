package dev.sallyport.control;

import dev.sallyport.model.Secret;
import java.util.Optional;

/// A host asks to become a part of the cluster, as the Proxy passes it on.
///
/// @param role wire name of the system role
/// @param publicKey PEM of the key made on the host
/// @param hostId of a host that joins again
public record JoinRequest(
    Secret token,
    String role,
    String publicKey,
    Optional<String> hostId,
    String nodeName,
    String clientAddress) {}
