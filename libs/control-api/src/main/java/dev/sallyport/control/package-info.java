/// The contract between the authority and everyone who asks it: requests, results, routes, and the
/// client. Both sides compile against these types, so they cannot drift apart. It carries no
/// decision of its own.
@NullMarked
package dev.sallyport.control;

import org.jspecify.annotations.NullMarked;
