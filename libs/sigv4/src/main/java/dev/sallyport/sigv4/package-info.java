/// AWS Signature Version 4: canonical request, signing and verification, as pure functions. Knows
/// bytes, headers and time stamps handed in, and nothing of permits, databases or sockets. The AWS
/// SDK's signer is the test oracle, not a dependency.
@NullMarked
package dev.sallyport.sigv4;

import org.jspecify.annotations.NullMarked;
