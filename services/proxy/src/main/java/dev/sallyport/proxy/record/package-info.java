/// What the Proxy puts on record at the Auth Service: those whom it turned away. It sees no request
/// and has nothing else to report.
@NullMarked
package dev.sallyport.proxy.record;

import org.jspecify.annotations.NullMarked;
