/// The authority of a cluster: users, roles, join tokens, logins, certificate issuing and locks. It
/// owns the state store and the private keys of the certificate authorities. It listens for nobody
/// but the proxy and local administrators.
@NullMarked
package dev.sallyport.auth;

import org.jspecify.annotations.NullMarked;
