/// How hosts in AWS show who they are: by a signature that STS explains, or by the identity
/// document of their instance. What comes from the host is parts, never a request or an address.
@NullMarked
package dev.sallyport.auth.join.aws;

import org.jspecify.annotations.NullMarked;
