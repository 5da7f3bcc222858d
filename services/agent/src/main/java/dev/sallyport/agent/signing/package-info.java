/// The only place where a request to AWS comes to be. A [SignedRequest] is made from a permit that
/// has not ended, the exact body that was held and judged, and credentials of the permit's role;
/// where it goes is computed from the database's configuration alone.
@NullMarked
package dev.sallyport.agent.signing;

import org.jspecify.annotations.NullMarked;
