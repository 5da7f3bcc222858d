/// What the agent does with a user's connection: ends the inner TLS, proves who it is, judges, and
/// then, request by request, judges again, records, signs, sends, streams the answer back and
/// records. The order of these steps is in [dev.sallyport.agent.session.RequestRun].
@NullMarked
package dev.sallyport.agent.session;

import org.jspecify.annotations.NullMarked;
