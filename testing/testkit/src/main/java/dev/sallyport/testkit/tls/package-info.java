/**
 * Certificates of authorities outside the cluster, as an operator would buy or make them: for a
 * Proxy's public name, for an endpoint beside AWS. Never used for the cluster's own identities.
 */
@NullMarked
package dev.sallyport.testkit.tls;

import org.jspecify.annotations.NullMarked;
