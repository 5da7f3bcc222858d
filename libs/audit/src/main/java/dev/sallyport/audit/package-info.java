/// Audit events, the journal that keeps them until delivery, the shipper and the search. An event
/// is written on every exit of a session, good or bad. Who decides and what happened is told by the
/// callers; here it only must not get lost.
@NullMarked
package dev.sallyport.audit;

import org.jspecify.annotations.NullMarked;
