/// Keys, certificate authorities, certificates, and the identity that a certificate carries. Only
/// this package turns a checked chain into a verified identity. BouncyCastle encodes; keys and
/// signatures come from the JDK's own providers.
@NullMarked
package dev.sallyport.pki;

import org.jspecify.annotations.NullMarked;
