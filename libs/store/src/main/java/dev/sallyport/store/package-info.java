/// The state of the cluster: keys, JSON values, revisions, expiry and the feed of changes.
///
/// [dev.sallyport.store.StateStore] is the contract; the engines live in packages below it and pass
/// one conformance suite. Nothing here knows what a value means.
@NullMarked
package dev.sallyport.store;

import org.jspecify.annotations.NullMarked;
